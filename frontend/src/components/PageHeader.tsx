import { type ReactNode, useEffect, useRef } from 'react';

import { text } from '@/lib/text';

import styles from './components.module.css';

interface Props {
  title: string;
  /** What follows the title on its line: a state, a chip. */
  beside?: ReactNode;
  below?: ReactNode;
  actions?: ReactNode;
}

let firstPage = true;

/** The page's heading, which also names the document and takes the focus when somebody comes from another page. */
export function PageHeader({ title, beside, below, actions }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = text.title(title);
  }, [title]);
  useEffect(() => {
    // A fresh page begins where browsers begin; only a change of page moves the focus.
    if (!firstPage) heading.current?.focus({ preventScroll: true });
    firstPage = false;
  }, []);
  return (
    <header className={styles.header}>
      <div>
        <div className="row">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {beside}
        </div>
        {below}
      </div>
      {actions && <div className="row">{actions}</div>}
    </header>
  );
}
