import { lazy, Suspense, useMemo } from 'react';

import { Loading } from '@/components/Loading';
import type { Run } from '@/lib/run';
import { text } from '@/lib/text';
import { duration } from '@/lib/time';

import { durationsOf, typical } from '../model';
import styles from '../task.module.css';

const DurationPlot = lazy(() => import('./DurationPlot'));

const words = text.page.task;
/** One point is no line. */
const ENOUGH = 2;

/** How long the latest runs took: in words, and as a plot once there is something to compare. */
export function DurationsPanel({ runs }: { runs: Run[] }) {
  const durations = useMemo(() => durationsOf(runs), [runs]);
  const usual = typical(durations);
  if (usual === null) return null;
  const said = words.usually(duration(usual.median), duration(usual.slow));
  return (
    <section className="panel" aria-label={words.durations}>
      <h2>
        {words.durations} <span className="dim small">{said}</span>
      </h2>
      {durations.at.length >= ENOUGH && (
        <Suspense fallback={<Loading rows={4} />}>
          <DurationPlot durations={durations} label={words.durationsOf(durations.at.length, said)} />
        </Suspense>
      )}
      {durations.wrong.some((seconds) => seconds !== null) && (
        <p className={`dim small ${styles.legend}`}>
          <span className={styles.wrongMark} aria-hidden="true" /> {words.wrongLegend}
        </p>
      )}
    </section>
  );
}
