import { Tooltip } from '@mantine/core';
import { useContext } from 'react';

import { ToneIcon } from '@/components/ToneIcon';
import { useConnection } from '@/lib/connection';
import { LiveConnection } from '@/lib/live';
import { text } from '@/lib/text';

import styles from './shell.module.css';

/** Whether the page itself is connected: without that, nothing else on it means anything. */
export function ConnectionSign() {
  const { mode, downSince } = useConnection(useContext(LiveConnection));
  const label = downSince ? text.connection.down : text.connection[mode];
  return (
    <Tooltip label={label}>
      <span className={downSince ? styles.down : styles.live} role="img" aria-label={label}>
        <ToneIcon tone={downSince ? 'bad' : 'good'} size={12} />
        <span aria-hidden="true">{downSince ? text.connection.offline : text.connection.live}</span>
      </span>
    </Tooltip>
  );
}
