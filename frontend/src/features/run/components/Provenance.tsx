import { Link } from 'wouter';

import { Facts } from '@/components/Facts';
import { Json } from '@/components/Json';
import { When } from '@/components/When';
import { routes } from '@/lib/address';
import { text } from '@/lib/text';
import { duration } from '@/lib/time';

import type { RunDetail } from '../model';

const words = text.page.run;
const { who, where } = words;

/** Who, when, from where and why; and with what. */
export function Provenance({ run }: { run: RunDetail }) {
  const params = Object.keys(run.params).length > 0;
  return (
    <>
      <section className="panel" aria-label={words.parameters}>
        <h2>{words.parameters}</h2>
        {params ? (
          <Json value={run.params} label={words.parameters} />
        ) : (
          <span className="dim">{words.noParameters}</span>
        )}
      </section>
      <section className="panel" aria-label={who.title}>
        <h2>{who.title}</h2>
        <Facts
          items={[
            [who.by, run.actorEmail ? `${run.actorName} (${run.actorEmail})` : run.actorName],
            [who.how, text.triggers[run.trigger as keyof typeof text.triggers] ?? run.trigger],
            [who.why, run.reason],
            [who.when, <When key="at" at={run.requestedAt} />],
            [who.from, run.ipAddress],
            [who.with, run.userAgent],
            [who.schedule, run.scheduleName],
            [who.due, run.dueAt && <When at={run.dueAt} />],
            [who.retryOf, run.retryOf && <RunLink id={run.retryOf} />],
            [who.retriedAs, run.retries.length > 0 && run.retries.map((id) => <RunLink key={id} id={id} />)],
          ]}
        />
      </section>
      <section className="panel" aria-label={where.title}>
        <h2>{where.title}</h2>
        <Facts
          items={[
            [
              where.task,
              <span key="task" className="mono">
                {run.celeryName}
              </span>,
            ],
            [where.queue, run.queue],
            [where.worker, run.worker],
            [where.waited, duration(run.secondsWaited)],
            [where.attempts, run.attempt > 0 && String(run.attempt)],
            [where.sent, run.publishAttempts > 1 && where.times(run.publishAttempts)],
            [where.expires, run.startedAt === null && run.expiresAt && <When at={run.expiresAt} />],
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
