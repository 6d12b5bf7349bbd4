import { Loaded } from '@/components/Loaded';
import { Notice } from '@/components/Notice';
import { PageHeader } from '@/components/PageHeader';

import { useQueues } from './api/use-queues';
import { useWorkers } from './api/use-workers';
import { QueueTable } from './components/QueueTable';
import { WorkerCard } from './components/WorkerCard';
import styles from './workers.module.css';

export function WorkersPage() {
  const workers = useWorkers();
  const queues = useQueues();
  return (
    <div className="stack">
      <PageHeader title="Workers and queues" />
      <Loaded query={workers} rows={4}>
        {(items) =>
          items.length === 0 ? (
            <Notice tone="bad">No worker is alive: nothing that is asked for can start.</Notice>
          ) : (
            <div className={styles.cards}>
              {items.map((worker) => (
                <WorkerCard key={worker.instance} worker={worker} />
              ))}
            </div>
          )
        }
      </Loaded>
      <section className={`panel ${styles.table}`} aria-label="Queues">
        <h2>Queues</h2>
        <Loaded query={queues} rows={3}>
          {(items) => <QueueTable queues={items} />}
        </Loaded>
      </section>
    </div>
  );
}
