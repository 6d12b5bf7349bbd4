import { Skeleton } from '@mantine/core';

import { text } from '@/lib/text';

import styles from './components.module.css';

export function Loading({ rows = 6 }: { rows?: number }) {
  return (
    <div className={styles.skeletons} role="status">
      <span className="visually-hidden">{text.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={28} aria-hidden />
      ))}
    </div>
  );
}

export function Empty({ children }: { children: string }) {
  return <p className={styles.empty}>{children}</p>;
}
