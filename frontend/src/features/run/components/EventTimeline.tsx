import { Loaded } from '@/components/Loaded';
import { ToneIcon } from '@/components/ToneIcon';
import { useSiteZone } from '@/lib/clock';
import { asState, eventLabel, toneOf } from '@/lib/states';
import { text } from '@/lib/text';
import { clock, duration, inBothZones } from '@/lib/time';

import { useEvents } from '../api/use-events';
import type { RunEvent } from '../model';
import styles from '../run.module.css';

export function EventTimeline({ runId, finished }: { runId: string; finished: boolean }) {
  const query = useEvents(runId, finished);
  return (
    <Loaded query={query} rows={4}>
      {(events) => (
        <ol className={styles.events}>
          {events.map((event) => (
            <Event key={event.id} event={event} />
          ))}
        </ol>
      )}
    </Loaded>
  );
}

function Event({ event }: { event: RunEvent }) {
  const zone = useSiteZone();
  const tone = toneOf(asState(event.kind));
  return (
    <li className={styles.event}>
      <span className={styles.since}>
        {event.sincePrevious !== null && (
          <>
            <span className="visually-hidden">{text.page.run.timeline.after} </span>+
            {duration(event.sincePrevious)}
          </>
        )}
      </span>
      <span className={`${styles.dot} ${styles[tone]}`}>
        <ToneIcon tone={tone} />
      </span>
      <span>
        <strong>{eventLabel(event.kind)}</strong>{' '}
        <time
          dateTime={event.at.toISOString()}
          className="dim small"
          title={inBothZones(event.at, zone).join('\n')}
        >
          {clock(event.at, zone)}
        </time>
        <div className="dim small">{[event.worker, event.detail].filter(Boolean).join(' · ')}</div>
      </span>
    </li>
  );
}
