import { aStatus, aTaskStatus } from '@/test/wire';

import { byCategory, matching, readFilters } from './filters';
import { statusFromWire } from './model';

const lastRun = {
  id: 'r',
  requested_at: '2026-11-23T12:00:00Z',
  seconds_ran: 1,
  explanation: '',
  started_at: null,
};
const failed = { ...lastRun, state: 'FAILURE', finished_at: null, worker: '', processed: null, failed: null };

const { tasks } = statusFromWire(
  aStatus({
    tasks: [
      aTaskStatus({
        name: 'effective_dates',
        title: 'Effective dates',
        category: 'Documents',
        verdict: 'critical',
      }),
      aTaskStatus({ name: 'clean_up', title: 'Clean-up', running: 1, last_run: failed }),
      aTaskStatus({ name: 'reviews', title: 'Reviews', category: 'Documents' }),
    ],
  }),
);
const found = (address: string) =>
  matching(tasks, readFilters(new URLSearchParams(address))).map(({ name }) => name);

test.each([
  ['', ['effective_dates', 'clean_up', 'reviews']],
  ['search=effective-dates', ['effective_dates']],
  ['search=EFFECTIVE_dates', ['effective_dates']],
  ['search=dates effective', ['effective_dates']],
  ['category=Documents', ['effective_dates', 'reviews']],
  ['state=attention', ['effective_dates']],
  ['state=running', ['clean_up']],
  ['state=failed', ['clean_up']],
  ['state=never&category=Documents', ['effective_dates', 'reviews']],
  ['state=no-such-state', ['effective_dates', 'clean_up', 'reviews']],
  ['search=nothing', []],
])('"%s" finds %j', (address, names) => {
  expect(found(address)).toEqual(names);
});

test('tasks stand under their categories in the order of the server', () => {
  expect(byCategory(tasks).map(([category, members]) => [category, members.length])).toEqual([
    ['Documents', 2],
    ['System', 1],
  ]);
});
