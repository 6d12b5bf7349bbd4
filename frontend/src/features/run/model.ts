import type { Wire } from '@/lib/api/client';
import { type Run, runFromWire } from '@/lib/run';
import { sentence } from '@/lib/text';
import { parse } from '@/lib/time';

export interface Changes {
  model: string;
  created: Keys;
  updated: Keys;
  deleted: Keys;
}

export interface Keys {
  count: number;
  keys: string[];
  cut: boolean;
}

/** What a dry run would have done. */
export interface Rehearsal {
  changes: Changes[];
  mails: { count: number; listed: { to: string[]; subject: string }[] };
  tasks: { count: number; listed: { task: string }[] };
  hooks_after_commit: number;
}

export interface RunDetail extends Run {
  celeryName: string;
  params: Record<string, unknown>;
  reason: string;
  actorEmail: string;
  ipAddress: string | null;
  userAgent: string | null;
  scheduleName: string;
  retryOf: string | null;
  /** What it waits for, in one sentence; null where it does not wait. */
  waitingFor: string | null;
  retries: string[];
  expiresAt: Date | null;
  publishAttempts: number;
  cancelRequestedAt: Date | null;
  cancelRequestedBy: string;
  result: unknown;
  traceback: string;
  rehearsal: Rehearsal | null;
  logLinesCut: number;
  canCancel: boolean;
  canRetry: boolean;
}

export function detailFromWire(wire: Wire['RunDetailOut']): RunDetail {
  return {
    ...runFromWire(wire),
    celeryName: wire.celery_name,
    params: (wire.params ?? {}) as Record<string, unknown>,
    reason: wire.reason,
    actorEmail: wire.actor_email,
    ipAddress: wire.ip_address,
    userAgent: wire.user_agent,
    scheduleName: wire.schedule_name,
    retryOf: wire.retry_of,
    waitingFor: wire.waiting_for && sentence(wire.waiting_for),
    retries: wire.retries,
    expiresAt: parse(wire.expires_at),
    publishAttempts: wire.publish_attempts,
    cancelRequestedAt: parse(wire.cancel_requested_at),
    cancelRequestedBy: wire.cancel_requested_by,
    result: wire.result,
    traceback: wire.traceback,
    rehearsal: wire.rehearsal as Rehearsal | null,
    logLinesCut: wire.log_lines_cut,
    canCancel: wire.links.cancellation !== null,
    canRetry: wire.links.retry !== null,
  };
}

export interface RunEvent {
  id: number;
  kind: string;
  at: Date;
  sincePrevious: number | null;
  attempt: number;
  worker: string;
  detail: string;
}

export function eventsFromWire(wires: Wire['EventOut'][]): RunEvent[] {
  return wires.map(eventFromWire);
}

function eventFromWire(wire: Wire['EventOut']): RunEvent {
  return {
    id: wire.id,
    kind: wire.kind,
    at: parse(wire.at),
    sincePrevious: wire.seconds_since_previous,
    attempt: wire.attempt,
    worker: wire.worker,
    detail: wire.detail,
  };
}

export type LogLine = Wire['LogLineOut'];
