import { Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';

import { Chip } from '@/components/Chip';
import { Notice } from '@/components/Notice';
import { PageHeader } from '@/components/PageHeader';
import { StateBadge } from '@/components/StateBadge';
import { When } from '@/components/When';
import { routes } from '@/lib/address';
import { useNow } from '@/lib/clock';
import { isFinished, labelOf, meaningOf, toneOf } from '@/lib/states';
import { formatCount, text } from '@/lib/text';
import { duration } from '@/lib/time';

import type { RunDetail } from '../model';
import { paceOf } from '../progress';

const words = text.page.run;

export function RunHeading({ run, actions }: { run: RunDetail; actions: ReactNode }) {
  return (
    <PageHeader
      title={run.taskTitle}
      beside={
        <>
          <StateBadge state={run.state} />
          {run.dryRun && <Chip>{text.dryRun}</Chip>}
          {run.attempt > 1 && <Chip>{words.attempt(run.attempt)}</Chip>}
          {/* Spoken when it changes, for nobody sees a badge with their ears. */}
          <span className="visually-hidden" role="status">
            {labelOf(run.state)}
          </span>
        </>
      }
      below={
        <div className="dim small row">
          <Link href={routes.task(run.taskName)} className="mono">
            {run.taskName}
          </Link>
          <span className="mono">{run.id}</span>
          <span>
            {words.askedFor} <When at={run.requestedAt} /> {triggerWords(run)}
          </span>
        </div>
      }
      actions={actions}
    />
  );
}

function triggerWords(run: RunDetail): string {
  const how = text.triggers[run.trigger as keyof typeof text.triggers] ?? run.trigger;
  return run.trigger === 'schedule' ? how : words.by(how, run.actorName);
}

/** One sentence on where it stands: what it waits for, how far it is, or how it ended. */
export function Standing({ run }: { run: RunDetail }) {
  const meaning = isFinished(run.state) ? '' : meaningOf(run.state);
  const plain = run.waitingFor || run.error || run.explanation || meaning;
  const said = run.dryRun && run.rehearsal ? words.rehearsed(plain) : plain;
  return (
    <>
      {/* Spoken when it changes: what it waits for is why somebody looks at it. */}
      <div role="status">{said && <Notice tone={toneOf(run.state)}>{said}</Notice>}</div>
      {run.cancelRequestedAt && !isFinished(run.state) && (
        <Notice tone="waiting">
          {words.stopAsked(run.cancelRequestedBy)} <When at={run.cancelRequestedAt} />.
        </Notice>
      )}
      {run.state === 'STARTED' && <ProgressLine run={run} />}
    </>
  );
}

/** How far it is, as far as it says; how long it runs is known of every run. */
function ProgressLine({ run }: { run: RunDetail }) {
  const now = useNow();
  const { percent } = paceOf(run, now);
  return (
    <div className="panel">
      {percent !== null && (
        <Progress value={percent} aria-label={words.progress.label} mb={6} transitionDuration={300} />
      )}
      <div className="small">{progressWords(run, now).filter(Boolean).join(' · ')}</div>
    </div>
  );
}

function progressWords(run: RunDetail, now: number): (string | false | null | undefined)[] {
  const { rate, secondsLeft } = paceOf(run, now);
  const { done, total, message } = run.progress ?? { done: 0, total: null, message: '' };
  return [
    run.progress && (total ? words.progress.of(formatCount(done), formatCount(total)) : formatCount(done)),
    rate !== null && words.progress.rate(rate < 10 ? rate.toFixed(1) : formatCount(Math.round(rate))),
    secondsLeft !== null && words.progress.left(duration(secondsLeft)),
    message,
    run.startedAt && words.progress.running(duration(Math.max(0, (now - run.startedAt.getTime()) / 1000))),
  ];
}
