import { Button } from '@mantine/core';
import { Link } from 'wouter';

import { Failure } from '@/components/Failure';
import { Loaded } from '@/components/Loaded';
import { Empty } from '@/components/Loading';
import { Notice } from '@/components/Notice';
import { PageHeader } from '@/components/PageHeader';
import { PauseButton } from '@/components/PauseButton';
import { PauseWords } from '@/components/PauseWords';
import { RunRow, RunTable } from '@/components/RunTable';
import { routes } from '@/lib/address';
import { ProblemError } from '@/lib/api/problem';
import { useBlocked } from '@/lib/blocked';
import { may } from '@/lib/config';
import type { Run } from '@/lib/run';
import { text } from '@/lib/text';
import { useTrigger } from '@/lib/trigger';

import { useTask } from './api/use-task';
import { useTaskRuns } from './api/use-task-runs';
import { DefinitionPanel, SchedulePanel } from './components/DefinitionPanel';
import { DurationsPanel } from './components/DurationsPanel';
import { OccurrencesPanel } from './components/OccurrencesPanel';
import type { Definition } from './model';
import styles from './task.module.css';

const words = text.page.task;

export function TaskPage({ name }: { name: string }) {
  const query = useTask(name);
  if (query.error instanceof ProblemError && query.error.status === 404)
    return (
      <div className="stack">
        <PageHeader title={words.unknown} />
        <Failure error={query.error} />
      </div>
    );
  return <Loaded query={query}>{(task) => <TaskView task={task} />}</Loaded>;
}

function TaskView({ task }: { task: Definition }) {
  const runs = useTaskRuns(task.name);
  return (
    <div className="stack">
      <PageHeader
        title={task.title}
        below={<p className="dim">{task.description}</p>}
        actions={
          <>
            {task.schedules.some(({ fires }) => fires) && <PauseButton task={task} />}
            <RunNow task={task} />
          </>
        }
      />
      {task.pause && (
        <Notice tone="neutral">
          <PauseWords pause={task.pause} />
        </Notice>
      )}
      <div className={styles.layout}>
        <div className="stack">
          <Loaded query={runs}>{(items) => <History runs={items} task={task} />}</Loaded>
        </div>
        <div className="stack">
          <SchedulePanel task={task} />
          <OccurrencesPanel task={task} />
          <DefinitionPanel task={task} />
        </div>
      </div>
    </div>
  );
}

function RunNow({ task }: { task: Definition }) {
  const trigger = useTrigger();
  const blocked = useBlocked(task.name);
  if (!may('trigger_run')) return <span className="dim small">{text.blocked.noPermission}</span>;
  return (
    <Button size="xs" onClick={() => trigger({ taskName: task.name, title: task.title })}>
      {blocked ? text.actions.queue : text.actions.run} …
    </Button>
  );
}

function History({ runs, task }: { runs: Run[]; task: Definition }) {
  return (
    <>
      <DurationsPanel runs={runs} />
      <section className={`panel ${styles.table}`} aria-label={words.runs}>
        <h2 className="row spread">
          {words.latest}
          <Link href={routes.runsOf(task.name)} className="small">
            {words.all}
          </Link>
        </h2>
        {runs.length === 0 ? (
          <Empty>{text.never}</Empty>
        ) : (
          <RunTable caption={words.latestOf(task.title)} showTask={false}>
            <tbody>
              {runs.slice(0, 25).map((run) => (
                <RunRow key={run.id} run={run} showTask={false} />
              ))}
            </tbody>
          </RunTable>
        )}
      </section>
    </>
  );
}
