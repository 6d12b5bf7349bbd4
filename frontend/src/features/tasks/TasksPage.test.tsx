import { screen, within } from '@testing-library/react';

import { setConfig } from '@/lib/config';
import { answers } from '@/test/server';
import { show } from '@/test/show';
import { aPause, aStatus, aTaskStatus } from '@/test/wire';

import { TasksPage } from './TasksPage';

const serve = (changes = {}) => answers<'StatusOut'>('/monitoring/status/', aStatus(changes));
const row = async (title: string) => {
  const table = within(await screen.findByRole('table'));
  return within(table.getByRole('link', { name: title }).closest('tr') as HTMLElement);
};

test('says first whether all is well', async () => {
  serve();
  show(<TasksPage />);
  expect(await screen.findByText('All 1 tasks healthy')).toBeVisible();
  expect(document.title).toBe('Tasks · Runbell');
});

test('a finding stands in the row of the task that it is about', async () => {
  const finding = {
    rule: 'r',
    severity: 'critical',
    sentence: 'Clean-up: it is late',
    evidence: 'e',
    mend: 'm',
  };
  serve({ verdict: 'critical', findings: [{ ...finding, tasks: ['clean_up'] }] });
  show(<TasksPage />);
  expect((await row('Clean-up')).getByText('It is late')).toBeVisible();
});

test('the filters of the address are applied, and can be cleared', async () => {
  serve({ tasks: [aTaskStatus(), aTaskStatus({ name: 'reviews', title: 'Reviews' })] });
  const { user } = show(<TasksPage />, '/?search=rev');
  expect(await screen.findByRole('link', { name: 'Reviews' })).toBeVisible();
  expect(screen.queryByRole('link', { name: 'Clean-up' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Clear filters' }));
  expect(screen.getByRole('link', { name: 'Clean-up' })).toBeVisible();
  expect(window.location.search).toBe('');
});

test('what is written into the search is kept in the address', async () => {
  serve();
  const { user } = show(<TasksPage />);
  await user.type(await screen.findByRole('searchbox', { name: 'Search' }), 'zzz');
  expect(window.location.search).toBe('?search=zzz');
  expect(screen.getByText('No task matches these filters.')).toBeVisible();
});

test('the button asks to run its task', async () => {
  serve();
  const trigger = vi.fn();
  const { user } = show(<TasksPage />, '/', trigger);
  await user.click((await row('Clean-up')).getByRole('button', { name: 'Run now: Clean-up' }));
  expect(trigger).toHaveBeenCalledWith({ taskName: 'clean_up', title: 'Clean-up' });
});

test('where nobody would start it, the button says that it only queues', async () => {
  serve({ tasks: [aTaskStatus({ queue_consumed: false })] });
  show(<TasksPage />);
  expect((await row('Clean-up')).getByRole('button', { name: 'Queue a run: Clean-up' })).toBeEnabled();
});

test('who may not trigger reads why instead of meeting a dead button', async () => {
  setConfig({ permissions: new Set(['view_run']) });
  serve();
  show(<TasksPage />);
  const cells = await row('Clean-up');
  expect(cells.getByText(/You may look, but not run tasks/)).toBeVisible();
  expect(cells.queryByRole('button')).toBeNull();
  setConfig({ permissions: null });
});

test('work that waits is counted, with the age of the oldest', async () => {
  const oldest_at = new Date(Date.now() - 2.5 * 86_400_000).toISOString();
  const backlog = { count: 3, oldest_at, measured_at: oldest_at, error: '' };
  serve({ tasks: [aTaskStatus({ backlog })] });
  show(<TasksPage />);
  const cells = await row('Clean-up');
  expect(cells.getByText('3 items')).toBeVisible();
  expect(cells.getByText('oldest 2 days')).toBeVisible();
});

test('a paused task says who paused it and why, and counts down to nothing', async () => {
  const next_due_at = new Date(Date.now() + 60_000).toISOString();
  serve({ tasks: [aTaskStatus({ paused: true, pause: aPause(), next_due_at })] });
  show(<TasksPage />);
  const cells = await row('Clean-up');
  expect(
    cells.getByText(/Paused by Quality Manager until somebody resumes it: Disk is replaced/),
  ).toBeVisible();
  expect(cells.getByRole('button', { name: 'Resume … Clean-up' })).toBeVisible();
  expect(cells.getByText('Paused')).toBeVisible();
});

test('each finding leads to what it is about', async () => {
  const finding = { rule: 'r', severity: 'critical', evidence: 'e', mend: 'm' };
  serve({
    verdict: 'critical',
    findings: [
      { ...finding, sentence: 'Clean-up failed the last time', tasks: ['clean_up'] },
      { ...finding, sentence: 'No worker is alive', tasks: ['clean_up', 'reviews'] },
    ],
  });
  show(<TasksPage />);
  expect(await screen.findByRole('link', { name: 'Open task: Clean-up' })).toHaveAttribute(
    'href',
    '/tasks/clean_up',
  );
  expect(screen.getByRole('link', { name: 'Workers and queues' })).toHaveAttribute('href', '/workers');
  expect((await row('Clean-up')).getByText('Failed the last time')).toBeVisible();
});
