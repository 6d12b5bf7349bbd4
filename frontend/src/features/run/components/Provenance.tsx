import { Link } from 'wouter';

import { Facts } from '@/components/Facts';
import { Json } from '@/components/Json';
import { When } from '@/components/When';
import { routes } from '@/lib/address';
import { text } from '@/lib/text';
import { duration } from '@/lib/time';

import type { RunDetail } from '../model';

/** Who, when, from where and why; and with what. */
export function Provenance({ run }: { run: RunDetail }) {
  const params = Object.keys(run.params).length > 0;
  return (
    <>
      <section className="panel" aria-label="Parameters">
        <h2>Parameters</h2>
        {params ? <Json value={run.params} label="Parameters" /> : <span className="dim">None</span>}
      </section>
      <section className="panel" aria-label="Who asked">
        <h2>Who asked</h2>
        <Facts
          items={[
            ['By', run.actorEmail ? `${run.actorName} (${run.actorEmail})` : run.actorName],
            ['How', text.triggers[run.trigger as keyof typeof text.triggers] ?? run.trigger],
            ['Why', run.reason],
            ['When', <When key="at" at={run.requestedAt} />],
            ['From', run.ipAddress],
            ['With', run.userAgent],
            ['Schedule', run.scheduleName],
            ['Due', run.dueAt && <When at={run.dueAt} />],
            ['Retry of', run.retryOf && <RunLink id={run.retryOf} />],
            ['Retried as', run.retries.length > 0 && run.retries.map((id) => <RunLink key={id} id={id} />)],
          ]}
        />
      </section>
      <section className="panel" aria-label="Where it ran">
        <h2>Where it ran</h2>
        <Facts
          items={[
            [
              'Task',
              <span key="task" className="mono">
                {run.celeryName}
              </span>,
            ],
            ['Queue', run.queue],
            ['Worker', run.worker],
            ['Waited', duration(run.secondsWaited)],
            ['Attempts', run.attempt > 0 && String(run.attempt)],
            ['Sent', run.publishAttempts > 1 && `${run.publishAttempts} times`],
            ['Expires', run.startedAt === null && run.expiresAt && <When at={run.expiresAt} />],
          ]}
        />
      </section>
    </>
  );
}

function RunLink({ id }: { id: string }) {
  return (
    <Link href={routes.run(id)} className="mono">
      {id}
    </Link>
  );
}
