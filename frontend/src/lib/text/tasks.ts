import { plural } from './words';

export const tasks = {
  columns: ['Task', 'Schedule', 'Last outcome', 'Last 20', 'Next due', 'Work waiting'],
  runColumn: 'Run',
  caption: 'Tasks by category',
  verdict: 'Verdict',
  standing: (workers: number, slots: number, running: number, waiting: number) =>
    `${plural(workers, 'worker')} with ${plural(slots, 'slot')} · ${running} running · ${waiting} waiting`,
  asOf: 'as of',
  whatToDo: 'What to do:',
  shown: (count: number) => `${plural(count, 'task')} shown`,
  noMatch: 'No task matches these filters.',
  search: 'Search',
  searchHint: 'Name or words',
  category: 'Category',
  allCategories: 'All categories',
  state: 'State',
  allStates: 'All states',
  states: {
    attention: 'Needs attention',
    healthy: 'Healthy',
    running: 'Running now',
    waiting: 'Waiting to start',
    failed: 'Last run failed',
    never: 'Never run',
  },
  goingOn: (count: number) => `${plural(count, 'run')} going on`,
  waiting: (count: number) => `${plural(count, 'run')} waiting`,
  notCounted: 'Could not be counted',
  noWork: 'Nothing',
  oldest: (span: string) => `oldest ${span}`,
  firedByBeat: 'fired by celery beat',
} as const;
