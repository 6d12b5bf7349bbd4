import type { Wire } from '@/lib/api/client';

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
    waits_for: null,
    paused: false,
    links: { run: `/runs/${id}/` },
  };
}

export function aLane(changes: Partial<Wire['LaneOut']> = {}): Wire['LaneOut'] {
  return {
    name: 'clean_up',
    title: 'Clean-up',
    category: 'System',
    runs: [],
    complete_since: null,
    planned: [],
    planned_all: true,
    usual_seconds: null,
    ...changes,
  };
}
