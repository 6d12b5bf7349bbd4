import type { Wire } from '@/lib/api/client';

export function aTaskStatus(changes: Partial<Wire['TaskStatusOut']> = {}): Wire['TaskStatusOut'] {
  return {
    ...aTask(changes.name === undefined ? {} : { name: changes.name }),
    verdict: 'healthy',
    last_run: null,
    outcomes: [],
    statistics: { counted_at: '2026-11-23T12:00:00Z', finished: 0, states: {}, success_rate: null },
    period_seconds: 3600,
    backlog: null,
    waiting: 0,
    running: 0,
    oldest_waiting_at: null,
    accepted: 0,
    oldest_accepted_at: null,
    registered: true,
    queue_consumed: true,
    ...changes,
  };
}

export function aTask(changes: Partial<Wire['TaskOut']> = {}): Wire['TaskOut'] {
  const name = changes.name ?? 'clean_up';
  return {
    name,
    hyphenated_name: name.replaceAll('_', '-'),
    celery_name: `app.tasks.${name}`,
    title: 'Clean-up',
    category: 'System',
    description: 'Delete what is old.',
    queue: 'celery',
    source: 'declared',
    overlap: 'skip',
    rehearsal: true,
    permission: '',
    expires_seconds: 3600,
    catch_up_seconds: 0,
    schedules: [],
    next_due_at: null,
    paused: false,
    pause: null,
    counts_backlog: false,
    params_schema: { title: 'params', type: 'object', additionalProperties: false, properties: {} },
    links: { self: `/tasks/${name}/`, runs: `/runs/?task=${name}` },
    ...changes,
  };
}

export function aStatus(changes: Partial<Wire['StatusOut']> = {}): Wire['StatusOut'] {
  return {
    verdict: 'healthy',
    sentence: 'All 1 tasks healthy',
    at: '2026-11-23T12:00:00Z',
    site_time_zone: 'Europe/Berlin',
    counts: {
      tasks: 1,
      healthy: 1,
      warning: 0,
      critical: 0,
      workers: 1,
      slots: 2,
      waiting: 0,
      running: 0,
      paused: 0,
    },
    findings: [],
    tasks: [aTaskStatus()],
    ...changes,
  };
}

export function aPause(changes: Partial<Wire['PauseOut']> = {}): Wire['PauseOut'] {
  return {
    scope: 'task',
    target: 'clean_up',
    reason: 'Disk is replaced',
    actor: 'user:quality',
    actor_name: 'Quality Manager',
    since: '2026-11-23T12:00:00Z',
    until: null,
    ...changes,
  };
}

export function aSchedule(changes: Partial<Wire['ScheduleOut']> = {}): Wire['ScheduleOut'] {
  return {
    name: 'clean_up',
    kind: 'cron',
    expression: '0 * * * *',
    words: 'Every hour',
    time_zone: 'UTC',
    fires: true,
    next_due_at: '2026-11-23T13:00:00Z',
    last_due_at: null,
    ...changes,
  };
}
