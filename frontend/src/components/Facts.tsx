import type { ReactNode } from 'react';

import styles from './components.module.css';

/** Names and values; what has no value is left out. */
export function Facts({ items }: { items: [string, ReactNode][] }) {
  return (
    <dl className={styles.facts}>
      {items.map(([name, value]) =>
        value === null || value === '' || value === undefined || value === false ? null : (
          <div key={name} style={{ display: 'contents' }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
