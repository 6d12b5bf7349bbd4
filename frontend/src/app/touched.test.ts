import type { Query } from '@tanstack/react-query';

import { isTouched } from './touched';

const query = (queryKey: unknown[], data: unknown = {}) =>
  ({ queryKey, state: { data } }) as unknown as Query;
const news = { runs: new Set(['run-1']) };

test.each([
  [['status'], true],
  [['runs', { state: ['LOST'] }], true],
  [['run', 'run-1'], true],
  [['events', 'run-1', false], true],
  [['run', 'run-2'], false],
  [['task', 'clean_up'], false],
])('after news of run-1, %j is asked for again: %s', (key, touched) => {
  expect(isTouched(query(key), news)).toBe(touched);
});

test('after a gap, everything is', () => {
  expect(isTouched(query(['task', 'clean_up']), 'anything')).toBe(true);
});

test('but not history that somebody has scrolled into', () => {
  expect(isTouched(query(['runs', {}], { pages: [1, 2] }), 'anything')).toBe(false);
});
