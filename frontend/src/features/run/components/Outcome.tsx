import { Json } from '@/components/Json';
import { isFinished } from '@/lib/states';
import { formatCount, text } from '@/lib/text';
import { duration } from '@/lib/time';

import type { RunDetail } from '../model';
import styles from '../run.module.css';

const words = text.page.run.outcome;

/** What came of it: counts first, evidence below, and where it failed at the end. */
export function Outcome({ run }: { run: RunDetail }) {
  const numbers = numbersOf(run);
  const evidence = run.result !== null && run.result !== undefined && !isEmpty(run.result);
  if (numbers.length === 0 && !evidence && !run.traceback) return null;
  return (
    <section className="panel" aria-label={words.title}>
      <h2>{words.title}</h2>
      {numbers.length > 0 && (
        <dl className={styles.numbers}>
          {numbers.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {evidence && <Json value={run.result} label={words.evidence} />}
      {run.traceback && (
        <details>
          <summary>{words.traceback}</summary>
          <Json value={run.traceback} label={words.traceback} />
        </details>
      )}
    </section>
  );
}

function numbersOf(run: RunDetail): [string, string][] {
  const numbers: [string, string | null][] = [
    [words.processed, run.processed === null ? null : formatCount(run.processed)],
    [words.failed, run.failed === null ? null : formatCount(run.failed)],
    [words.ranFor, run.secondsRan === null || !isFinished(run.state) ? null : duration(run.secondsRan)],
  ];
  return numbers.filter((pair): pair is [string, string] => pair[1] !== null);
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
