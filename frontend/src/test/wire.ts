import type { Wire } from '@/lib/api/client';

/** Documents as the server sends them; a test names only what it is about. */
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

export function aRun(changes: Partial<Wire['RunDetailOut']> = {}): Wire['RunDetailOut'] {
  return {
    id: 'run-1',
    task_name: 'clean_up',
    task_title: 'Clean-up',
    state: 'SUCCESS',
    explanation: '',
    trigger: 'manual',
    actor: 'user:quality',
    actor_name: 'Quality Manager',
    dry_run: false,
    queue: 'celery',
    worker: 'celery@host',
    attempt: 1,
    requested_at: '2026-11-23T12:00:00Z',
    due_at: null,
    started_at: '2026-11-23T12:00:01Z',
    finished_at: '2026-11-23T12:00:03Z',
    seconds_waited: 1,
    seconds_ran: 2,
    progress_done: null,
    progress_total: null,
    progress_message: '',
    processed: 3,
    failed: 0,
    error: '',
    links: { self: '', task: '', events: '', log: '', cancellation: null, retry: '/retry/', retry_of: null },
    celery_name: 'app.tasks.clean_up',
    params: {},
    reason: '',
    actor_email: '',
    ip_address: null,
    user_agent: null,
    schedule_name: '',
    retry_of: null,
    retries: [],
    expires_at: null,
    publish_attempts: 1,
    cancel_requested_at: null,
    cancel_requested_by: '',
    result: null,
    traceback: '',
    rehearsal: null,
    log_lines_cut: 0,
    waiting_for: null,
    ...changes,
  };
}

export function triggered(id: string): Wire['TriggerOut'] {
  return {
    success: true,
    task_name: 'clean_up',
    task_display_name: 'Clean-up',
    task_id: id,
    execution_time: '2026-11-23T12:00:00Z',
    status: 'queued',
    message: 'Task queued successfully.',
    executed_by: 'Quality Manager',
    dry_run: false,
    links: { run: `/runs/${id}/` },
  };
}
