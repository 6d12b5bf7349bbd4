import { useLocation } from 'wouter';

import { useNow } from '@/lib/clock';
import { routes } from '@/lib/address';
import { labelOf, type State, toneOf } from '@/lib/states';
import { text } from '@/lib/text';
import { relative } from '@/lib/time';

import styles from './components.module.css';

export interface Outcome {
  id: string;
  state: State;
  requestedAt: Date;
}

const SLOTS = 20;
const STEP = 6;
const HEIGHT = 20;
/** Tall is well; short stands out before its colour does. */
const HEIGHTS = { good: 20, partial: 13, bad: 8, active: 20, waiting: 13, neutral: 5 };

/** The latest outcomes, oldest first, so that time runs to the right. */
export function OutcomeBars({ outcomes }: { outcomes: Outcome[] }) {
  const [, navigate] = useLocation();
  const now = useNow();
  const shown = outcomes.slice(0, SLOTS).reverse();
  return (
    <svg
      className={styles.bars}
      width={SLOTS * STEP}
      height={HEIGHT + 1}
      role="img"
      aria-label={summary(outcomes)}
    >
      {Array.from({ length: SLOTS - shown.length }, (_, slot) => (
        <rect key={slot} className={styles.slot} x={slot * STEP} y={HEIGHT - 2} width={4} height={2} />
      ))}
      {shown.map((outcome, place) => {
        const tone = toneOf(outcome.state);
        const height = HEIGHTS[tone];
        return (
          // A shortcut for the mouse; by keyboard the same runs are behind the task's link.
          <g key={outcome.id} onClick={() => navigate(routes.run(outcome.id))} style={{ cursor: 'pointer' }}>
            <title>{`${labelOf(outcome.state)}, ${relative(outcome.requestedAt, now)}`}</title>
            <rect
              x={(SLOTS - shown.length + place) * STEP - 1}
              y={0}
              width={STEP}
              height={HEIGHT}
              fill="transparent"
            />
            <rect
              className={styles[`bar-${tone}`]}
              x={(SLOTS - shown.length + place) * STEP}
              y={HEIGHT - height + 0.5}
              width={4}
              height={height}
            />
          </g>
        );
      })}
    </svg>
  );
}

/** "Last 20 runs: 18 succeeded, 2 failed." */
export function summary(outcomes: Outcome[]): string {
  if (outcomes.length === 0) return text.outcomes.none;
  const counts = new Map<State, number>();
  for (const { state } of outcomes) counts.set(state, (counts.get(state) ?? 0) + 1);
  const parts = [...counts].map(([state, count]) => `${count} ${labelOf(state).toLowerCase()}`);
  return text.outcomes.summary(outcomes.length, parts.join(', '));
}
