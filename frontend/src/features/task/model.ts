import type { Wire } from '@/lib/api/client';
import { type Pause, pauseFromWire } from '@/lib/pause';
import type { Run } from '@/lib/run';
import { type Tone, toneOf } from '@/lib/states';
import { parse } from '@/lib/time';

export interface Definition {
  name: string;
  celeryName: string;
  title: string;
  category: string;
  description: string;
  queue: string;
  declared: boolean;
  overlap: string;
  rehearsal: boolean;
  permission: string;
  expiresSeconds: number | null;
  catchUpSeconds: number;
  pause: Pause | null;
  schedules: {
    name: string;
    expression: string;
    words: string;
    zone: string;
    fires: boolean;
    nextDueAt: Date;
  }[];
}

export function definitionFromWire(wire: Wire['TaskOut']): Definition {
  return {
    name: wire.name,
    celeryName: wire.celery_name,
    title: wire.title,
    category: wire.category,
    description: wire.description,
    queue: wire.queue,
    declared: wire.source === 'declared',
    overlap: wire.overlap,
    rehearsal: wire.rehearsal,
    permission: wire.permission,
    expiresSeconds: wire.expires_seconds,
    catchUpSeconds: wire.catch_up_seconds,
    pause: pauseFromWire(wire.pause),
    schedules: wire.schedules.map((schedule) => ({
      name: schedule.name,
      expression: schedule.expression,
      words: schedule.words,
      zone: schedule.time_zone,
      fires: schedule.fires,
      nextDueAt: parse(schedule.next_due_at),
    })),
  };
}

export interface Durations {
  /** Seconds since 1970, ascending. */
  at: number[];
  seconds: number[];
  /** The same where the run went wrong, else null. */
  wrong: (number | null)[];
}

const WRONG: Tone[] = ['bad', 'partial'];

/** How long each run took, oldest first; runs that never started took no time at all and are left out. */
export function durationsOf(runs: Run[]): Durations {
  const measured = runs
    .filter(({ secondsRan, finishedAt }) => secondsRan !== null && finishedAt !== null)
    .reverse();
  return {
    at: measured.map(({ startedAt, requestedAt }) => (startedAt ?? requestedAt).getTime() / 1000),
    seconds: measured.map(({ secondsRan }) => secondsRan ?? 0),
    wrong: measured.map(({ secondsRan, state }) => (WRONG.includes(toneOf(state)) ? secondsRan : null)),
  };
}

/** The middle and the slow end of what was measured. */
export function typical({ seconds }: Durations): { median: number; slow: number } | null {
  if (seconds.length === 0) return null;
  const sorted = [...seconds].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { median: at(0.5), slow: at(0.95) };
}
