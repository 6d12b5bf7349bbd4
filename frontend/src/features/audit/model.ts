import type { Wire } from '@/lib/api/client';
import { parse } from '@/lib/time';

export interface Entry {
  id: number;
  at: Date;
  action: string;
  actor: string;
  actorName: string;
  runId: string;
  description: string;
  reason: string;
  changes: Record<string, unknown>;
  ipAddress: string;
  userAgent: string;
  sequence: number | null;
  hash: string;
}

export type WireEntry = Wire['AuditEntryOut'];

export function entryFromWire(wire: WireEntry): Entry {
  const { reason } = wire.field_changes as { reason?: unknown };
  return {
    id: wire.id,
    at: parse(wire.at),
    action: wire.action,
    actor: wire.actor,
    actorName: wire.actor_name,
    runId: wire.task_id,
    description: wire.description,
    reason: typeof reason === 'string' ? reason : '',
    changes: wire.field_changes,
    ipAddress: wire.ip_address,
    userAgent: wire.user_agent,
    sequence: wire.sequence,
    hash: wire.hash,
  };
}

/** TASK_EXECUTION_STARTED -> Task execution started. */
export function actionWords(action: string): string {
  const words = action.replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
