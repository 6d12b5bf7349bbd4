import { Link } from 'wouter';

import { Facts } from '@/components/Facts';
import { When } from '@/components/When';
import { routes } from '@/lib/address';
import { useNow } from '@/lib/clock';
import { text } from '@/lib/text';
import { duration } from '@/lib/time';

import type { WorkerInfo } from '../api/use-workers';
import styles from '../workers.module.css';

const words = text.page.workers;

/** Clocks that differ by more make times of different machines hard to compare. */
const NOTABLE_OFFSET = 250;

export function WorkerCard({ worker }: { worker: WorkerInfo }) {
  return (
    <section className="panel" aria-label={worker.name}>
      <h2>{worker.name}</h2>
      <div className="dim small">
        {words.busy(worker.active.length, worker.slots)} · {words.heard} <When at={worker.heartbeatAt} />
      </div>
      <Slots worker={worker} />
      <Facts
        items={[
          [words.queues, worker.queues.join(', ')],
          [words.reserved, worker.reserved.length > 0 && text.runs(worker.reserved.length)],
          [words.pool, words.poolWords(worker.pool, worker.pid)],
          [words.started, <When key="started" at={worker.startedAt} />],
          [words.clock, Math.abs(worker.clockOffset) > NOTABLE_OFFSET && words.clockOff(worker.clockOffset)],
          [words.versions, worker.versions.map(([name, version]) => `${name} ${version}`).join(', ')],
        ]}
      />
      <details>
        <summary>{words.registered(worker.tasks.length)}</summary>
        {worker.tasks.map((task) => (
          <div key={task} className="mono">
            {task}
          </div>
        ))}
      </details>
    </section>
  );
}

function Slots({ worker }: { worker: WorkerInfo }) {
  const free = Math.max(0, worker.slots - worker.active.length);
  return (
    <ul className={styles.slots} aria-label={words.slots}>
      {worker.active.map((run) => (
        <li key={run.id} className={`${styles.slot} ${styles.busy}`}>
          <Link href={routes.run(run.id)}>{run.title}</Link>
          {run.startedAt && <Since at={run.startedAt} />}
        </li>
      ))}
      {Array.from({ length: free }, (_, slot) => (
        <li key={slot} className={styles.slot}>
          {words.free}
        </li>
      ))}
    </ul>
  );
}

function Since({ at }: { at: Date }) {
  const now = useNow();
  return <span className="small nowrap">{duration(Math.max(0, (now - at.getTime()) / 1000))}</span>;
}
