import { Button } from '@mantine/core';
import { useContext } from 'react';

import { Notice } from '@/components/Notice';
import { useNow } from '@/lib/clock';
import { useConnection } from '@/lib/connection';
import { LiveConnection } from '@/lib/live';
import { text } from '@/lib/text';
import { clock, relative } from '@/lib/time';

import styles from './shell.module.css';

/** Says how old the page is while the server is away; what was loaded last stays below it. */
export function ConnectionBanner() {
  const connection = useContext(LiveConnection);
  const { downSince, retryAt } = useConnection(connection);
  if (downSince === null) return null;
  return (
    <div className={styles.banner}>
      <Notice tone="bad" role="alert">
        <div className="row spread">
          <span>{text.connection.lost(clock(downSince))}</span>
          <span className="row">
            <Countdown downSince={downSince} retryAt={retryAt} />
            <Button size="compact-xs" variant="default" onClick={connection.retry}>
              {text.connection.retry}
            </Button>
          </span>
        </div>
      </Notice>
    </div>
  );
}

/** Hidden from screen readers: an alert that counts would never stop talking. */
function Countdown({ downSince, retryAt }: { downSince: Date; retryAt: Date | null }) {
  const now = useNow();
  const seconds = retryAt === null ? 0 : Math.max(0, Math.ceil((retryAt.getTime() - now) / 1000));
  return (
    <span className="dim small" aria-hidden="true">
      {relative(downSince, now)} · {text.connection.retryIn(seconds)}
    </span>
  );
}
