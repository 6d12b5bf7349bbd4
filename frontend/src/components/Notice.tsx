import type { ReactNode } from 'react';

import type { Tone } from '@/lib/states';

import styles from './components.module.css';
import { ToneIcon } from './ToneIcon';

interface Props {
  tone: Tone;
  children: ReactNode;
  /** `alert` interrupts a screen reader, `status` waits for a pause. */
  role?: 'alert' | 'status';
}

export function Notice({ tone, children, role }: Props) {
  return (
    <div className={`${styles.notice} ${styles[`tone-${tone}`]}`} role={role}>
      <ToneIcon tone={tone} size={16} />
      <div>{children}</div>
    </div>
  );
}
