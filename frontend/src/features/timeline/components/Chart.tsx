import { Button } from '@mantine/core';
import { Link } from 'wouter';

import { routes } from '@/lib/address';
import { useNow, useSiteZone } from '@/lib/clock';
import { text } from '@/lib/text';
import { clock, day } from '@/lib/time';

import { type Lane, laneWords } from '../model';
import styles from '../timeline.module.css';
import { useWindow } from '../use-window';
import { labels, type Window } from '../window';
import { Legend } from './Legend';
import { left, MOST_TICKS, Track } from './Track';

const words = text.page.timeline;
/** Time goes on by this share of the picture: less could not be seen. */
const FINEST = 1000;

export function Chart({ lanes }: { lanes: Lane[] }) {
  const now = useNow();
  const { window, zoom, pan, drag, keys, isMoved, reset } = useWindow(now);
  const step = (window.to - window.from) / FINEST;
  const drawnNow = Math.floor(now / step) * step;
  const shift = isMoved ? 0 : drawnNow - now;
  const from = window.from + shift;
  const to = window.to + shift;
  const buttons: [string, () => void][] = [
    [words.earlier, () => pan(-0.3)],
    [words.later, () => pan(0.3)],
    [words.zoomIn, () => zoom(0.5)],
    [words.zoomOut, () => zoom(2)],
  ];
  return (
    <>
      <div className="row spread">
        <Legend />
        <div className="row" role="group" aria-label={words.zoomAndPan}>
          {buttons.map(([label, press]) => (
            <Button key={label} size="compact-xs" variant="default" onClick={press}>
              {label}
            </Button>
          ))}
          <Button size="compact-xs" variant="default" disabled={!isMoved} onClick={reset}>
            {words.now}
          </Button>
        </div>
      </div>
      {/* Arrow keys pan it and plus and minus zoom, which the buttons do as well. */}
      <div
        className={`panel ${styles.chart}`}
        role="group"
        aria-label={words.picture}
        aria-describedby="timeline-keys"
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        {...keys}
      >
        <span id="timeline-keys" className="visually-hidden">
          {words.keys}
        </span>
        <Axis from={from} to={to} />
        {lanes.map((lane) => (
          <LaneRow key={lane.name} lane={lane} from={from} to={to} now={drawnNow} drag={drag} />
        ))}
      </div>
    </>
  );
}

function Axis({ from, to }: Window) {
  const zone = useSiteZone();
  const window = { from, to };
  return (
    <div className={styles.axis} aria-hidden="true">
      <div className={`${styles.label} dim small`}>{zone}</div>
      <div className={styles.track}>
        {labels(window, MOST_TICKS, zone).map(({ at, minor }) => {
          const time = clock(new Date(at), zone).slice(0, 5);
          return (
            <span
              key={at}
              className={`${styles.tickLabel} ${minor ? styles.minor : ''}`}
              style={{ left: left(at, window) }}
            >
              {time === '00:00' ? <strong>{day(new Date(at), zone)}</strong> : time}
            </span>
          );
        })}
      </div>
    </div>
  );
}

interface LaneProps extends Window {
  lane: Lane;
  now: number;
  drag: ReturnType<typeof useWindow>['drag'];
}

function LaneRow({ lane, from, to, now, drag }: LaneProps) {
  return (
    <div className={styles.lane}>
      <div className={styles.label}>
        <Link href={routes.task(lane.name)} title={lane.title}>
          {lane.title}
        </Link>
      </div>
      <div className={styles.track} {...drag} role="img" aria-label={laneWords(lane)}>
        <Track lane={lane} from={from} to={to} now={now} />
      </div>
    </div>
  );
}
