import type { Wire } from '@/lib/api/client';

export function aWorker(changes: Partial<Wire['WorkerOut']> = {}): Wire['WorkerOut'] {
  return {
    instance: 'i-1',
    name: 'celery@host',
    pid: 42,
    pool: 'prefork',
    slots: 2,
    queues: ['celery'],
    tasks: ['app.tasks.clean_up'],
    active: [],
    reserved: [],
    versions: { celery: '5.7' },
    clock_offset_ms: 3,
    started_at: '2026-11-23T11:00:00Z',
    heartbeat_at: '2026-11-23T12:00:00Z',
    seconds_since_heartbeat: 1,
    ...changes,
  };
}

export function aQueue(changes: Partial<Wire['QueueOut']> = {}): Wire['QueueOut'] {
  return {
    name: 'celery',
    depth: 0,
    depth_error: '',
    waiting: 0,
    running: 0,
    oldest_waiting_at: null,
    seconds_oldest_waits: null,
    consumers: ['celery@host'],
    tasks: ['clean_up'],
    ...changes,
  };
}

export function anEntry(changes: Partial<Wire['AuditEntryOut']> = {}): Wire['AuditEntryOut'] {
  return {
    id: 1,
    at: '2026-11-23T12:00:00Z',
    action: 'TASK_EXECUTION_STARTED',
    actor: 'user:quality',
    actor_name: 'Quality Manager',
    task_id: 'run-1',
    description: 'Clean-up',
    field_changes: { reason: 'Disk is full' },
    ip_address: '192.0.2.7',
    user_agent: 'Firefox',
    sequence: 1,
    previous_hash: '',
    hash: 'abc',
    ...changes,
  };
}
