import type { ReactNode } from 'react';
import { Link } from 'wouter';

import { routes } from '@/lib/address';
import type { Run } from '@/lib/run';
import { formatCount, text } from '@/lib/text';
import { duration } from '@/lib/time';

import { Chip } from './Chip';
import styles from './components.module.css';
import { StateBadge } from './StateBadge';
import { When } from './When';

const words = text.runTable;

/** The frame of a table of runs; its bodies are given. */
export function RunTable({
  caption,
  showTask = true,
  children,
}: {
  caption: string;
  showTask?: boolean;
  children: ReactNode;
}) {
  return (
    <table className={`grid cards ${showTask ? styles.withTask : ''}`}>
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{words.state}</th>
          {showTask && <th scope="col">{words.task}</th>}
          <th scope="col">{words.requested}</th>
          <th scope="col">{words.by}</th>
          <th scope="col" className="number">
            {words.waited}
          </th>
          <th scope="col" className="number">
            {words.ran}
          </th>
          <th scope="col" className="number">
            {words.items}
          </th>
          <th scope="col">{words.what}</th>
        </tr>
      </thead>
      {children}
    </table>
  );
}

export function RunRow({ run, showTask = true }: { run: Run; showTask?: boolean }) {
  return (
    <tr>
      <td>
        <Link href={routes.run(run.id)}>
          <StateBadge state={run.state} />
          <span className="visually-hidden">{words.open}</span>
        </Link>{' '}
        {run.dryRun && <Chip>{text.dryRun}</Chip>}
      </td>
      {showTask && (
        <td>
          <Link href={routes.task(run.taskName)}>{run.taskTitle}</Link>
        </td>
      )}
      <td data-label={words.requested}>
        <When at={run.requestedAt} />
      </td>
      <td data-label={words.by}>{run.trigger === 'schedule' ? words.bySchedule : run.actorName}</td>
      <td data-label={words.waited} className="number nowrap">
        {duration(run.secondsWaited)}
      </td>
      <td data-label={words.ran} className="number nowrap">
        {run.secondsRan === null ? text.nothing : duration(run.secondsRan)}
      </td>
      <td data-label={words.items} className="number nowrap">
        <Items run={run} />
      </td>
      <td className="wide dim">{run.error || run.explanation}</td>
    </tr>
  );
}

function Items({ run: { processed, failed } }: { run: Run }) {
  if (processed === null) return text.nothing;
  return failed ? words.failed(formatCount(processed), formatCount(failed)) : formatCount(processed);
}
