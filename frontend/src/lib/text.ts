/** Every English text of the console that stands on more than one page, or is made from parts. */

const plural = (count: number, one: string, many = `${one}s`) =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

const numbers = new Intl.NumberFormat('en');

export function formatCount(count: number): string {
  return numbers.format(count);
}

export const text = {
  product: 'Runbell',
  skipToContent: 'Skip to content',
  title: (page: string) => `${page} · Runbell`,
  nav: {
    label: 'Main',
    tasks: 'Tasks',
    runs: 'Runs',
    timeline: 'Timeline',
    workers: 'Workers',
    audit: 'Audit',
    signOut: 'Sign out',
    theme: { auto: 'Theme: system', light: 'Theme: light', dark: 'Theme: dark' },
  },
  connection: {
    stream: 'Live',
    polling: 'Live, asking every few seconds',
    down: 'Not connected',
    lost: (since: string) => `The server cannot be reached since ${since}. What you see is from then.`,
    retryIn: (seconds: number) => (seconds > 0 ? `Next try in ${seconds} s` : 'Trying …'),
    retry: 'Try now',
  },
  states: {
    ACCEPTED: ['Accepted', 'In the ledger; the broker does not have it yet'],
    QUEUED: ['Queued', 'The broker has it; no worker has taken it yet'],
    RECEIVED: ['Received', 'A worker holds it until a slot is free'],
    STARTED: ['Running', 'A worker runs it now'],
    RETRY: ['Retrying', 'An attempt failed; another one is to come'],
    SUCCESS: ['Succeeded', 'Finished without a failed item'],
    PARTIAL: ['Partly failed', 'Finished, but some of its items failed'],
    FAILURE: ['Failed', 'It ended with an error'],
    REVOKED: ['Cancelled', 'Somebody stopped it'],
    EXPIRED: ['Expired', 'It waited too long and was never started'],
    LOST: ['Lost', 'The worker that ran it died'],
    MISSED: ['Missed', 'Nobody was there to start it when it was due'],
    SKIPPED: ['Skipped', 'Left out on purpose'],
  },
  events: {
    PUBLISH_FAILED: 'Could not be handed to the broker',
    CANCEL_REQUESTED: 'Cancellation asked for',
    DUPLICATE_REFUSED: 'Second delivery refused',
  },
  verdicts: { healthy: 'Healthy', warning: 'Needs a look', critical: 'Kept from its work' },
  triggers: { manual: 'by hand', schedule: 'by schedule', retry: 'as a retry', celery: 'by other code' },
  levels: { all: 'All levels' },
  actions: {
    run: 'Run now',
    queue: 'Queue a run',
    runAgain: 'Run again',
    retry: 'Retry',
    cancel: 'Cancel run',
    close: 'Close',
    download: 'Download',
    reload: 'Reload the page',
    clear: 'Clear filters',
  },
  blocked: {
    unregistered: 'No live worker knows this task. A run would wait.',
    unconsumed: (queue: string) => `No live worker consumes the queue “${queue}”. A run would wait.`,
    noPermission: 'You may look, but not run tasks. An administrator can grant “trigger run”.',
    noAudit: 'You may not read the audit trail. An administrator can grant “view audit entry”.',
    noCancel: 'You may not cancel runs. An administrator can grant “cancel run”.',
  },
  never: 'Never run',
  manualOnly: 'By hand only',
  dryRun: 'Dry run',
  loading: 'Loading …',
  items: (count: number) => plural(count, 'item'),
  runs: (count: number) => plural(count, 'run'),
  tasks: (count: number) => plural(count, 'task'),
  slots: (count: number) => plural(count, 'slot'),
  plural,
  failure: {
    title: 'This page could not be shown',
    notFound: 'There is no such page',
    notFoundHint: 'The address may be mistyped, or what it named was deleted.',
    unreachable: 'The server could not be reached.',
  },
} as const;
