import type { Wire } from '@/lib/api/client';
import { text } from '@/lib/text';
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

/** What an action is called; one that this page does not know: TASK_FORGOTTEN -> Task forgotten. */
export function actionWords(action: string): string {
  const known: Record<string, string> = text.page.audit.actions;
  const words = action.replaceAll('_', ' ').toLowerCase();
  return known[action] ?? words.charAt(0).toUpperCase() + words.slice(1);
}
