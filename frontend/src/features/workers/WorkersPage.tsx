import { Loaded } from '@/components/Loaded';
import { Notice } from '@/components/Notice';
import { PageHeader } from '@/components/PageHeader';

import { text } from '@/lib/text';

import { useQueues } from './api/use-queues';
import { useWorkers } from './api/use-workers';
import { QueueTable } from './components/QueueTable';
import { WorkerCard } from './components/WorkerCard';
import styles from './workers.module.css';

const words = text.page.workers;

export function WorkersPage() {
  const workers = useWorkers();
  const queues = useQueues();
  return (
    <div className="stack">
      <PageHeader title={words.title} />
      <Loaded query={workers} rows={4}>
        {(items) =>
          items.length === 0 ? (
            <Notice tone="bad">{words.nobody}</Notice>
          ) : (
            <div className={styles.cards}>
              {items.map((worker) => (
                <WorkerCard key={worker.instance} worker={worker} />
              ))}
            </div>
          )
        }
      </Loaded>
      <section className={`panel ${styles.table}`} aria-label={words.queues}>
        <h2>{words.queues}</h2>
        <Loaded query={queues} rows={3}>
          {(items) => <QueueTable queues={items} />}
        </Loaded>
      </section>
    </div>
  );
}
