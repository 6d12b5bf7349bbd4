import { Link } from 'wouter';

import { OutcomeBars } from '@/components/OutcomeBars';
import { PauseButton } from '@/components/PauseButton';
import { PauseWords } from '@/components/PauseWords';
import { StateBadge } from '@/components/StateBadge';
import { ToneIcon } from '@/components/ToneIcon';
import { When } from '@/components/When';
import { routes } from '@/lib/address';
import { text } from '@/lib/text';
import { duration } from '@/lib/time';

import type { Task } from '../model';
import styles from '../tasks.module.css';
import { RunButton } from './RunButton';
import { WorkWaiting } from './WorkWaiting';

const COLUMNS = text.page.tasks.columns;

export function TaskRow({ task }: { task: Task }) {
  return (
    <tr data-task={task.name}>
      <td className={`wide ${styles.task}`}>
        <Link href={routes.task(task.name)} className={styles.title}>
          {task.title}
        </Link>
        <div className="mono dim">{task.name}</div>
        <Problems task={task} />
        {task.pause && (
          <div className={styles.paused}>
            <ToneIcon tone="paused" size={12} />
            <span>
              <PauseWords pause={task.pause} />
            </span>
          </div>
        )}
      </td>
      <td data-label={COLUMNS[1]} className={styles.schedule}>
        <Schedules task={task} />
      </td>
      <td data-label={COLUMNS[2]}>
        <LastOutcome task={task} />
      </td>
      <td data-label={COLUMNS[3]}>
        <OutcomeBars outcomes={task.outcomes} />
      </td>
      <td data-label={COLUMNS[4]} className="number">
        <NextDue task={task} />
      </td>
      <td data-label={COLUMNS[5]}>
        <WorkWaiting task={task} />
      </td>
      <td className={styles.action}>
        <RunButton task={task} />
        {task.pause && <PauseButton task={task} size="compact-xs" />}
      </td>
    </tr>
  );
}

/** What is wrong stands in the row of the task that it keeps from its work. */
function Problems({ task }: { task: Task }) {
  const sentences = task.findings.map(({ sentence, severity }) => ({
    sentence: short(sentence, task),
    severity,
  }));
  return sentences.map(({ sentence, severity }) => (
    <div key={sentence} className={`${styles.problem} ${severity === 'critical' ? '' : styles.mild}`}>
      <ToneIcon tone={severity === 'critical' ? 'bad' : 'partial'} size={12} />
      <span>{sentence}</span>
    </div>
  ));
}

/** The row already says which task it is about. */
function short(sentence: string, task: Task): string {
  const rest = sentence.startsWith(task.title) ? sentence.slice(task.title.length).replace(/^:? /, '') : '';
  return rest ? rest.charAt(0).toUpperCase() + rest.slice(1) : sentence;
}

function Schedules({ task }: { task: Task }) {
  if (task.schedules.length === 0) return <span className="dim">{text.manualOnly}</span>;
  return task.schedules.map(({ words, zone }) => (
    <div key={words}>
      {words} <span className="dim small nowrap">{zone}</span>
    </div>
  ));
}

function NextDue({ task }: { task: Task }) {
  if (task.pause) return <span className="dim">{text.page.pause.paused}</span>;
  return task.nextDueAt ? <When at={task.nextDueAt} as="countdown" /> : text.nothing;
}

function LastOutcome({ task: { last } }: { task: Task }) {
  if (last === null) return <span className="dim">{text.never}</span>;
  return (
    <>
      <Link href={routes.run(last.id)}>
        <StateBadge state={last.state} />
      </Link>
      <div className="dim small">
        <When at={last.at} />
        {last.seconds !== null && <span className="nowrap"> · {duration(last.seconds)}</span>}
      </div>
    </>
  );
}
