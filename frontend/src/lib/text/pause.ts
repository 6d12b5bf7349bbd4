export const pause = {
  pause: 'Pause …',
  resume: 'Resume …',
  pauseOf: (title: string) => `Pause: ${title}`,
  resumeOf: (title: string) => `Resume: ${title}`,
  paused: 'Paused',
  /** What is paused, as the start of a sentence. */
  scopes: {
    task: 'Paused',
    category: 'Its category is paused',
    all: 'All tasks are paused',
  },
  by: (scope: string, who: string) => `${scope} by ${who}`,
  until: 'until',
  open: 'until somebody resumes it',
  explain:
    'Its schedules stop firing. Runs that wait or run already are left alone, and it can still be run by hand.',
  what: 'What to pause',
  targets: {
    task: 'This task',
    category: (name: string) => `All tasks of “${name}”`,
    all: 'All tasks',
  },
  reasonHint: 'Shown beside the task, and kept in the audit trail',
  reasonNeeded: 'Say why: others will wonder',
  untilLabel: 'Until',
  untilHint: 'In your time zone. Left empty, somebody must resume it',
  untilPast: 'Must be in the future',
  start: 'Pause',
  end: 'Resume',
  ends: {
    task: 'The task’s schedules fire again.',
    category: (name: string) => `All tasks of “${name}” are paused together: all of them go on.`,
    all: 'All tasks are paused together: all of them go on.',
  },
  missed: 'What fell due meanwhile',
  missedChoices: {
    skip: 'Skip it: each moment is recorded as skipped, with the reason of the pause',
    catch_up: 'Catch up as far as the task’s catch-up window reaches, and skip the rest',
  },
} as const;
