import { Loaded } from '@/components/Loaded';
import { PageHeader } from '@/components/PageHeader';
import { Failure } from '@/components/Failure';
import { ProblemError } from '@/lib/api/problem';
import { isFinished } from '@/lib/states';

import { text } from '@/lib/text';

import { useRun } from './api/use-run';
import { ActionButtons } from './components/ActionButtons';
import { EventTimeline } from './components/EventTimeline';
import { LogPanel } from './components/LogPanel';
import { Outcome } from './components/Outcome';
import { Provenance } from './components/Provenance';
import { RehearsalPanel } from './components/RehearsalPanel';
import { RunHeading, Standing } from './components/RunHeading';
import type { RunDetail } from './model';
import styles from './run.module.css';

export function RunPage({ id }: { id: string }) {
  const query = useRun(id);
  if (query.error instanceof ProblemError && query.error.status === 404)
    return (
      <div className="stack">
        <PageHeader title={text.page.run.unknown} />
        <Failure error={query.error} />
      </div>
    );
  return <Loaded query={query}>{(run) => <RunView run={run} />}</Loaded>;
}

function RunView({ run }: { run: RunDetail }) {
  const finished = isFinished(run.state);
  return (
    <div className="stack">
      <RunHeading run={run} actions={<ActionButtons run={run} />} />
      <Standing run={run} />
      <div className={styles.layout}>
        <div className="stack">
          <Outcome run={run} />
          {run.rehearsal && <RehearsalPanel rehearsal={run.rehearsal} />}
          <LogPanel run={run} finished={finished} />
        </div>
        <div className="stack">
          <section className="panel" aria-label={text.page.run.timeline.title}>
            <h2>{text.page.run.timeline.title}</h2>
            <EventTimeline runId={run.id} finished={finished} />
          </section>
          <Provenance run={run} />
        </div>
      </div>
    </div>
  );
}
