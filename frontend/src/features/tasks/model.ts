import type { Outcome } from '@/components/OutcomeBars';
import type { Wire } from '@/lib/api/client';
import { blockedBecause } from '@/lib/blocked';
import { type Pause, pauseFromWire } from '@/lib/pause';
import { asState, type State } from '@/lib/states';
import { parse } from '@/lib/time';

export type Verdict = 'healthy' | 'warning' | 'critical';

export interface Finding {
  rule: string;
  severity: Verdict;
  sentence: string;
  evidence: string;
  mend: string;
  tasks: string[];
}

export interface Task {
  name: string;
  title: string;
  category: string;
  description: string;
  verdict: Verdict;
  schedules: { words: string; zone: string; fires: boolean }[];
  nextDueAt: Date | null;
  last: { id: string; state: State; at: Date; seconds: number | null; explanation: string } | null;
  outcomes: Outcome[];
  backlog: { count: number; oldestAt: Date | null; error: string } | null;
  waiting: number;
  running: number;
  /** What holds its schedules back. */
  pause: Pause | null;
  /** Why a run would not start now; null if one would. */
  blocked: string | null;
  /** The findings that name it. */
  findings: Finding[];
}

export interface Status {
  verdict: Verdict;
  sentence: string;
  at: Date;
  zone: string;
  counts: { tasks: number; workers: number; slots: number; waiting: number; running: number; paused: number };
  findings: Finding[];
  tasks: Task[];
}

export function statusFromWire(wire: Wire['StatusOut']): Status {
  const findings = wire.findings.map((finding) => ({ ...finding, severity: finding.severity as Verdict }));
  return {
    verdict: wire.verdict as Verdict,
    sentence: wire.sentence,
    at: parse(wire.at),
    zone: wire.site_time_zone,
    counts: wire.counts,
    findings,
    tasks: wire.tasks.map((task) => taskFromWire(task, findings)),
  };
}

function taskFromWire(wire: Wire['TaskStatusOut'], findings: Finding[]): Task {
  return {
    name: wire.name,
    title: wire.title,
    category: wire.category,
    description: wire.description,
    verdict: wire.verdict as Verdict,
    schedules: wire.schedules.map(({ words, time_zone: zone, fires }) => ({ words, zone, fires })),
    nextDueAt: parse(wire.next_due_at),
    last: wire.last_run && lastFromWire(wire.last_run),
    outcomes: wire.outcomes.map(({ id, state, requested_at: at }) => ({
      id,
      state: asState(state),
      requestedAt: parse(at),
    })),
    backlog: wire.backlog && {
      count: wire.backlog.count,
      oldestAt: parse(wire.backlog.oldest_at),
      error: wire.backlog.error,
    },
    waiting: wire.waiting,
    running: wire.running,
    pause: pauseFromWire(wire.pause),
    blocked: blockedBecause(wire),
    findings: findings.filter(({ tasks }) => tasks.includes(wire.name)),
  };
}

function lastFromWire(wire: Wire['LastRunOut']): Task['last'] {
  return {
    id: wire.id,
    state: asState(wire.state),
    at: parse(wire.finished_at ?? wire.started_at ?? wire.requested_at),
    seconds: wire.seconds_ran,
    explanation: wire.explanation,
  };
}
