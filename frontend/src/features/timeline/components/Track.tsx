import { memo } from 'react';
import { useLocation } from 'wouter';

import { routes } from '@/lib/address';
import { useSiteZone } from '@/lib/clock';
import { labelOf, type State, toneOf } from '@/lib/states';
import { text } from '@/lib/text';
import { clock, duration, inBothZones } from '@/lib/time';

import type { Bar, Lane } from '../model';
import styles from '../timeline.module.css';
import { place, ticks, type Window } from '../window';

/** The window as two numbers, so that it can be told whether it moved. */
interface Props extends Window {
  lane: Lane;
  now: number;
}

const words = text.page.timeline;
export const MOST_TICKS = 10;
const percent = (share: number) => `${(100 * share).toFixed(3)}%`;
export const left = (at: number, window: Window) => percent(place(at, window));
const width = (from: number, to: number, window: Window) =>
  percent((Math.min(to, window.to) - Math.max(from, window.from)) / (window.to - window.from));
const touches = (from: number, to: number, window: Window) => to >= window.from && from <= window.to;

/** What one task did and is about to do. Drawn anew only when something of it moved. */
export const Track = memo(function Track({ lane, from, to, now }: Props) {
  const zone = useSiteZone();
  const window = { from, to };
  const usual = (lane.usualSeconds ?? 0) * 1000;
  return (
    <>
      {ticks(window, MOST_TICKS, zone).map((at) => (
        <span key={at} className={styles.tick} style={{ left: left(at, window) }} />
      ))}
      <LeftOut lane={lane} window={window} />
      <span className={styles.now} style={{ left: left(now, window) }} />
      {lane.planned
        .filter((at) => at > now && touches(at, at + usual, window))
        .map((at) => (
          <Planned key={at} at={at} usual={usual} window={window} />
        ))}
      {lane.runs
        .filter(({ from, to }) => touches(from, to ?? now, window))
        .map((bar) => (
          <RunBar key={bar.id} bar={bar} title={lane.title} window={window} now={now} />
        ))}
    </>
  );
});

/** Where there is more than can be drawn, the track says so instead of looking empty. */
function LeftOut({ lane, window }: { lane: Lane; window: Window }) {
  const zone = useSiteZone();
  const last = lane.planned.at(-1);
  const since = lane.completeSince?.getTime();
  return (
    <>
      {since !== undefined && since > window.from && (
        <span
          className={styles.leftOut}
          style={{ left: 0, width: width(window.from, since, window) }}
          title={words.cut(clock(new Date(since), zone))}
        />
      )}
      {!lane.plannedAll && last !== undefined && last < window.to && (
        <span
          className={styles.leftOut}
          style={{ left: left(Math.max(last, window.from), window), right: 0 }}
          title={words.andSoOn(clock(new Date(last), zone))}
        />
      )}
    </>
  );
}

const LOOKS: Partial<Record<State, string | undefined>> = { MISSED: styles.missed };

function RunBar({ bar, title, window, now }: { bar: Bar; title: string; window: Window; now: number }) {
  const zone = useSiteZone();
  const [, navigate] = useLocation();
  const to = bar.to ?? now;
  const said = [
    words.bar(title, labelOf(bar.state), inBothZones(new Date(bar.from), zone)[0] ?? ''),
    to > bar.from && duration((to - bar.from) / 1000),
    bar.dryRun && words.dryRun,
  ];
  return (
    // For the mouse: bars lie too close for fingers. The lane says the same in words, its label leads to the runs.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events
    <span
      className={`${styles.run} ${LOOKS[bar.state] ?? styles[toneOf(bar.state)]}`}
      style={{
        left: left(Math.max(bar.from, window.from), window),
        width: width(bar.from, to, window),
        cursor: 'pointer',
      }}
      title={said.filter(Boolean).join(', ')}
      onClick={() => navigate(routes.run(bar.id))}
    />
  );
}

function Planned({ at, usual, window }: { at: number; usual: number; window: Window }) {
  const zone = useSiteZone();
  const said = [
    words.planned(inBothZones(new Date(at), zone)[0] ?? ''),
    usual > 0 && words.usually(duration(usual / 1000)),
  ];
  return (
    <span
      className={`${styles.run} ${styles.planned}`}
      style={{ left: left(at, window), width: width(at, at + usual, window) }}
      title={said.filter(Boolean).join(', ')}
    />
  );
}
