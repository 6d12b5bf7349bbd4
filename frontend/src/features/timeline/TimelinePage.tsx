import { Button } from '@mantine/core';
import { Link } from 'wouter';

import { Loaded } from '@/components/Loaded';
import { Notice } from '@/components/Notice';
import { PageHeader } from '@/components/PageHeader';
import { routes } from '@/lib/address';
import { useNow, useSiteZone } from '@/lib/clock';
import { text } from '@/lib/text';
import { clock } from '@/lib/time';

import { useLanes } from './api/use-lanes';
import { left, MOST_TICKS, Track } from './components/Track';
import { type Lane, laneWords, ticks } from './model';
import styles from './timeline.module.css';
import { useWindow } from './use-window';

export function TimelinePage() {
  const query = useLanes();
  return (
    <div className="stack">
      <PageHeader title={text.nav.timeline} />
      <Loaded query={query} rows={10}>
        {({ lanes, complete }) => (
          <>
            {!complete && (
              <Notice tone="neutral">There were too many runs to draw: only the latest are shown.</Notice>
            )}
            <Chart lanes={lanes} />
          </>
        )}
      </Loaded>
    </div>
  );
}

function Chart({ lanes }: { lanes: Lane[] }) {
  const now = useNow();
  const zone = useSiteZone();
  const { window, zoom, pan, drag, isMoved, reset } = useWindow(now);
  return (
    <>
      <div className="row spread">
        <Legend />
        <div className="row" role="group" aria-label="Zoom and pan">
          <Button size="compact-xs" variant="default" onClick={() => pan(-0.3)}>
            Earlier
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => pan(0.3)}>
            Later
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => zoom(0.5)}>
            Zoom in
          </Button>
          <Button size="compact-xs" variant="default" onClick={() => zoom(2)}>
            Zoom out
          </Button>
          <Button size="compact-xs" variant="default" disabled={!isMoved} onClick={reset}>
            Now
          </Button>
        </div>
      </div>
      <div className={`panel ${styles.chart}`}>
        <div className={styles.axis} aria-hidden="true">
          <div className={`${styles.label} dim small`}>{zone}</div>
          <div className={styles.track}>
            {ticks(window, MOST_TICKS).map((at) => (
              <span key={at} className={styles.tickLabel} style={{ left: left(at, window) }}>
                {clock(new Date(at), zone).slice(0, 5)}
              </span>
            ))}
          </div>
        </div>
        {lanes.map((lane) => (
          <div key={lane.name} className={styles.lane}>
            <div className={styles.label}>
              <Link href={routes.task(lane.name)} title={lane.title}>
                {lane.title}
              </Link>
            </div>
            <div className={styles.track} {...drag} role="img" aria-label={laneWords(lane)}>
              <Track lane={lane} window={window} now={now} />
            </div>
          </div>
        ))}
      </div>
    </>
  );
}

function Legend() {
  const entries = [
    [styles.good, 'Succeeded'],
    [styles.bad, 'Failed'],
    [styles.partial, 'Partly failed'],
    [styles.missed, 'Missed'],
    [styles.active, 'Running'],
    [styles.planned, 'Planned'],
  ];
  return (
    <div className={`${styles.legend} small`}>
      {entries.map(([look, words]) => (
        <span key={words}>
          <span className={`${styles.run} ${look}`} aria-hidden="true" />
          {words}
        </span>
      ))}
    </div>
  );
}
