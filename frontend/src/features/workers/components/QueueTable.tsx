import { ToneIcon } from '@/components/ToneIcon';
import { When } from '@/components/When';
import { formatCount } from '@/lib/text';

import type { QueueInfo } from '../api/use-queues';
import styles from '../workers.module.css';

export function QueueTable({ queues }: { queues: QueueInfo[] }) {
  return (
    <table className="grid cards">
      <caption className="visually-hidden">Queues</caption>
      <thead>
        <tr>
          <th scope="col">Queue</th>
          <th scope="col">Consumers</th>
          <th scope="col" className="number">
            In the broker
          </th>
          <th scope="col" className="number">
            Waiting
          </th>
          <th scope="col" className="number">
            Running
          </th>
          <th scope="col">Oldest waiting</th>
          <th scope="col">Tasks</th>
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <QueueRow key={queue.name} queue={queue} />
        ))}
      </tbody>
    </table>
  );
}

function QueueRow({ queue }: { queue: QueueInfo }) {
  return (
    <tr>
      <td className="wide">
        <strong>{queue.name}</strong>
      </td>
      <td data-label="Consumers">{queue.consumers.join(', ') || <Wrong words="Nobody consumes it" />}</td>
      <td data-label="In the broker" className="number">
        {queue.depth === null ? <Wrong words={queue.depthError || 'Not known'} /> : formatCount(queue.depth)}
      </td>
      <td data-label="Waiting" className="number">
        {formatCount(queue.waiting)}
      </td>
      <td data-label="Running" className="number">
        {formatCount(queue.running)}
      </td>
      <td data-label="Oldest waiting">
        {queue.oldestAt ? <When at={queue.oldestAt} /> : <span className="dim">–</span>}
      </td>
      <td data-label="Tasks" className="wide mono dim">
        {queue.tasks.join(', ')}
      </td>
    </tr>
  );
}

function Wrong({ words }: { words: string }) {
  return (
    <span className={styles.wrong}>
      <ToneIcon tone="bad" size={12} />
      {words}
    </span>
  );
}
