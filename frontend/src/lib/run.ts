import type { Wire } from './api/client';
import { asState, type State } from './states';
import { sentence } from './text';
import { parse } from './time';

/** One run as lists show it. */
export interface Run {
  id: string;
  taskName: string;
  taskTitle: string;
  state: State;
  explanation: string;
  error: string;
  trigger: string;
  actor: string;
  actorName: string;
  dryRun: boolean;
  queue: string;
  worker: string;
  attempt: number;
  requestedAt: Date;
  dueAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  secondsWaited: number;
  secondsRan: number | null;
  progress: { done: number; total: number | null; message: string } | null;
  processed: number | null;
  failed: number | null;
}

export function runFromWire(wire: Wire['RunOut'] | Wire['RunDetailOut']): Run {
  return {
    id: wire.id,
    taskName: wire.task_name,
    taskTitle: wire.task_title,
    state: asState(wire.state),
    explanation: sentence(wire.explanation),
    error: wire.error,
    trigger: wire.trigger,
    actor: wire.actor,
    actorName: wire.actor_name,
    dryRun: wire.dry_run,
    queue: wire.queue,
    worker: wire.worker,
    attempt: wire.attempt,
    requestedAt: parse(wire.requested_at),
    dueAt: parse(wire.due_at),
    startedAt: parse(wire.started_at),
    finishedAt: parse(wire.finished_at),
    secondsWaited: wire.seconds_waited,
    secondsRan: wire.seconds_ran,
    progress: progressFrom(wire),
    processed: wire.processed,
    failed: wire.failed,
  };
}

function progressFrom(wire: Wire['RunOut']): Run['progress'] {
  if (wire.progress_done === null && !wire.progress_message) return null;
  return { done: wire.progress_done ?? 0, total: wire.progress_total, message: wire.progress_message };
}
