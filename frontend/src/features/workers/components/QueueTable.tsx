import { ToneIcon } from '@/components/ToneIcon';
import { When } from '@/components/When';
import { formatCount, text } from '@/lib/text';

import type { QueueInfo } from '../api/use-queues';
import styles from '../workers.module.css';

const words = text.page.workers;
const { columns } = words;

export function QueueTable({ queues }: { queues: QueueInfo[] }) {
  return (
    <table className="grid cards">
      <caption className="visually-hidden">{words.queues}</caption>
      <thead>
        <tr>
          <th scope="col">{columns.queue}</th>
          <th scope="col">{columns.consumers}</th>
          <th scope="col" className="number">
            {columns.depth}
          </th>
          <th scope="col" className="number">
            {columns.waiting}
          </th>
          <th scope="col" className="number">
            {columns.running}
          </th>
          <th scope="col">{columns.oldest}</th>
          <th scope="col">{columns.tasks}</th>
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
      <td data-label={columns.consumers}>
        {queue.consumers.join(', ') || <Wrong words={words.noConsumer} />}
      </td>
      <td data-label={columns.depth} className="number">
        {queue.depth === null ? (
          <Wrong words={queue.depthError || words.notKnown} />
        ) : (
          formatCount(queue.depth)
        )}
      </td>
      <td data-label={columns.waiting} className="number">
        {formatCount(queue.waiting)}
      </td>
      <td data-label={columns.running} className="number">
        {formatCount(queue.running)}
      </td>
      <td data-label={columns.oldest}>
        {queue.oldestAt ? <When at={queue.oldestAt} /> : <span className="dim">{text.nothing}</span>}
      </td>
      <td data-label={columns.tasks} className="wide mono dim">
        {queue.tasks.join(', ')}
      </td>
    </tr>
  );
}

function Wrong({ words: why }: { words: string }) {
  return (
    <span className={styles.wrong}>
      <ToneIcon tone="bad" size={12} />
      {why}
    </span>
  );
}
