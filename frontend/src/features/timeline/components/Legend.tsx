import { text } from '@/lib/text';

import styles from '../timeline.module.css';

const KINDS = ['good', 'bad', 'partial', 'missed', 'active', 'waiting', 'neutral', 'planned'] as const;

export function Legend() {
  return (
    <div className={`${styles.legend} small`}>
      {KINDS.map((kind) => (
        <span key={kind}>
          <span className={`${styles.run} ${styles[kind]}`} aria-hidden="true" />
          {text.page.timeline.legend[kind]}
        </span>
      ))}
    </div>
  );
}
