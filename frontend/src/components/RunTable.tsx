import type { ReactNode } from 'react';
import { Link } from 'wouter';

import { routes } from '@/lib/address';
import type { Run } from '@/lib/run';
import { formatCount, text } from '@/lib/text';
import { duration } from '@/lib/time';

import { Chip } from './Chip';
import { StateBadge } from './StateBadge';
import { When } from './When';

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
    <table className="grid cards">
      <caption className="visually-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">State</th>
          {showTask && <th scope="col">Task</th>}
          <th scope="col">Asked for</th>
          <th scope="col">By</th>
          <th scope="col" className="number">
            Waited
          </th>
          <th scope="col" className="number">
            Ran
          </th>
          <th scope="col" className="number">
            Items
          </th>
          <th scope="col">What happened</th>
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
          <span className="visually-hidden">, open this run</span>
        </Link>{' '}
        {run.dryRun && <Chip>{text.dryRun}</Chip>}
      </td>
      {showTask && (
        <td>
          <Link href={routes.task(run.taskName)}>{run.taskTitle}</Link>
        </td>
      )}
      <td data-label="Asked for">
        <When at={run.requestedAt} />
      </td>
      <td data-label="By">{run.trigger === 'schedule' ? 'Schedule' : run.actorName}</td>
      <td data-label="Waited" className="number nowrap">
        {duration(run.secondsWaited)}
      </td>
      <td data-label="Ran" className="number nowrap">
        {run.secondsRan === null ? '–' : duration(run.secondsRan)}
      </td>
      <td data-label="Items" className="number nowrap">
        <Items run={run} />
      </td>
      <td className="wide dim">{run.error || run.explanation}</td>
    </tr>
  );
}

function Items({ run: { processed, failed } }: { run: Run }) {
  if (processed === null) return '–';
  return failed ? `${formatCount(processed)}, ${formatCount(failed)} failed` : formatCount(processed);
}
