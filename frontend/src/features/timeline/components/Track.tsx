import { useLocation } from 'wouter';

import { routes } from '@/lib/address';
import { useSiteZone } from '@/lib/clock';
import type { Run } from '@/lib/run';
import { labelOf, toneOf } from '@/lib/states';
import { duration, inBothZones } from '@/lib/time';

import { type Lane, place, ticks, type Window } from '../model';
import styles from '../timeline.module.css';

interface Props {
  lane: Lane;
  window: Window;
  now: number;
}

export const MOST_TICKS = 10;
const percent = (share: number) => `${(100 * share).toFixed(3)}%`;
export const left = (at: number, window: Window) => percent(place(at, window));

export function Track({ lane, window, now }: Props) {
  const seen = lane.runs.filter((run) => touches(startOf(run), endOf(run, now), window));
  const planned = lane.planned.filter(({ at, seconds }) =>
    touches(at.getTime(), at.getTime() + seconds * 1000, window),
  );
  return (
    <>
      {ticks(window, MOST_TICKS).map((at) => (
        <span key={at} className={styles.tick} style={{ left: left(at, window) }} />
      ))}
      <span className={styles.now} style={{ left: left(now, window) }} />
      {seen.map((run) => (
        <Bar key={run.id} run={run} window={window} now={now} />
      ))}
      {planned.map(({ at, seconds }) => (
        <Planned key={at.getTime()} at={at} seconds={seconds} window={window} />
      ))}
    </>
  );
}

const startOf = (run: Run) => (run.startedAt ?? run.dueAt ?? run.requestedAt).getTime();
const endOf = (run: Run, now: number) => (run.startedAt ? (run.finishedAt?.getTime() ?? now) : startOf(run));
const touches = (from: number, to: number, window: Window) => to >= window.from && from <= window.to;

function width(from: number, to: number, window: Window): string {
  return percent((to - from) / (window.to - window.from));
}

function Bar({ run, window, now }: { run: Run; window: Window; now: number }) {
  const zone = useSiteZone();
  const [, navigate] = useLocation();
  const [start, end] = [startOf(run), endOf(run, now)];
  const words = `${run.taskTitle}: ${labelOf(run.state)}, ${inBothZones(new Date(start), zone)[0]}, ${duration((end - start) / 1000)}`;
  const look = run.state === 'MISSED' ? styles.missed : styles[toneOf(run.state)];
  return (
    // For the mouse: bars lie too close for fingers. The lane says the same in words, its label leads to the runs.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events
    <span
      className={`${styles.run} ${look}`}
      style={{ left: left(start, window), width: width(start, end, window), cursor: 'pointer' }}
      title={words}
      onClick={() => navigate(routes.run(run.id))}
    />
  );
}

function Planned({ at, seconds, window }: { at: Date; seconds: number; window: Window }) {
  const zone = useSiteZone();
  const start = at.getTime();
  const words = `Planned: ${inBothZones(at, zone)[0]}${seconds > 0 ? `, usually ${duration(seconds)}` : ''}`;
  return (
    <span
      className={`${styles.run} ${styles.planned}`}
      style={{ left: left(start, window), width: width(start, start + seconds * 1000, window) }}
      title={words}
    />
  );
}
