import { Tooltip } from '@mantine/core';

import { labelOf, meaningOf, type State, toneOf } from '@/lib/states';

import styles from './components.module.css';
import { ToneIcon } from './ToneIcon';

export function StateBadge({ state }: { state: State }) {
  const tone = toneOf(state);
  return (
    <Tooltip label={meaningOf(state)} openDelay={400} events={{ hover: true, focus: false, touch: true }}>
      <span className={`${styles.badge} ${styles[`tone-${tone}`]}`} data-state={state}>
        <ToneIcon tone={tone} />
        {labelOf(state)}
      </span>
    </Tooltip>
  );
}
