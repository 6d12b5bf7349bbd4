import { screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';

import { answers, problem, server, url } from '@/test/server';
import { show } from '@/test/show';
import { aRun } from '@/test/wire';

import { RunsPage } from './RunsPage';

/** Remembers what was asked for, and answers with one run a page until `pages` are given. */
function serve(pages = 1) {
  const asked: URLSearchParams[] = [];
  server.use(
    http.get(url('/runs/'), ({ request }) => {
      const { searchParams } = new URL(request.url);
      asked.push(searchParams);
      const page = Number(searchParams.get('cursor') ?? 1);
      const next = page < pages ? `/api/v1/scheduler/runs/?cursor=${page + 1}` : null;
      return HttpResponse.json({ items: [aRun({ id: `run-${page}`, task_title: `Task ${page}` })], next });
    }),
  );
  return asked;
}
const titles = () => screen.queryAllByRole('link', { name: /^Task/ }).map(({ textContent }) => textContent);

beforeEach(() => answers<'TaskList'>('/tasks/', { site_time_zone: 'UTC', items: [] }));

test('what failed says why in its row', async () => {
  const wrong = aRun({ state: 'FAILURE', error: 'ValueError: no such file', processed: 5, failed: 2 });
  answers<'RunList'>('/runs/', { items: [wrong], next: null });
  show(<RunsPage />);
  const row = within((await screen.findByText('ValueError: no such file')).closest('tr') as HTMLElement);
  expect(row.getByText('Failed')).toBeVisible();
  expect(row.getByText('5, 2 failed')).toBeVisible();
});

test('the next page is asked for by its cursor, and stands below the first', async () => {
  const asked = serve(3);
  const { user } = show(<RunsPage />, '/runs?state=FAILURE');
  await user.click(await screen.findByRole('button', { name: 'Show more' }));
  await waitFor(() => expect(titles()).toEqual(['Task 1', 'Task 2']));
  expect([asked[1]?.get('cursor'), asked[1]?.getAll('state')]).toEqual(['2', ['FAILURE']]);
  await user.click(screen.getByRole('button', { name: 'Show more' }));
  await waitFor(() => expect(titles()).toHaveLength(3));
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
});

test('the address is the filter: chips name it, and taking one off changes it', async () => {
  const asked = serve();
  const { user } = show(<RunsPage />, '/runs?state=FAILURE&state=LOST&from=2026-11-20');
  const chips = within(await screen.findByRole('list', { name: 'Filters that are on' }));
  expect(chips.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
    'Failed',
    'Lost',
    'from 2026-11-20',
    'Clear filters',
  ]);
  await user.click(chips.getByRole('button', { name: 'Remove the filter Failed' }));
  expect(window.location.search).toBe('?from=2026-11-20&state=LOST');
  await waitFor(() => expect(asked.at(-1)?.getAll('state')).toEqual(['LOST']));
});

test('a state is added as one more chip', async () => {
  serve();
  const { user } = show(<RunsPage />, '/runs?state=LOST');
  await user.selectOptions(await screen.findByRole('combobox', { name: 'Add a state' }), 'MISSED');
  expect(window.location.search).toBe('?state=LOST&state=MISSED');
});

test('who asked is a filter once the name is entered', async () => {
  serve();
  const { user } = show(<RunsPage />, '/runs');
  await user.type(await screen.findByRole('textbox', { name: 'By' }), 'user:anna{Enter}');
  expect(window.location.search).toBe('?actor=user%3Aanna');
});

test('nothing found says so, and a refused filter says why', async () => {
  answers<'RunList'>('/runs/', { items: [], next: null });
  const { unmount } = show(<RunsPage />);
  expect(await screen.findByText('No run matches these filters.')).toBeVisible();
  unmount();
  server.use(http.get(url('/runs/'), () => problem(422, 'invalid-filter')));
  show(<RunsPage />, '/runs?actor=x');
  expect(await screen.findByText('It was refused: invalid-filter')).toBeVisible();
});
