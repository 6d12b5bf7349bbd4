import { screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';

import type { Wire } from '@/lib/api/client';
import { answers, problem, server, url } from '@/test/server';
import { show } from '@/test/show';
import { aRun, triggered } from '@/test/wire';

import { RunPage } from './RunPage';

const event = (id: number, kind: string, since: number | null): Wire['EventOut'] => ({
  id,
  kind,
  at: '2026-11-23T12:00:00Z',
  seconds_since_previous: since,
  attempt: 0,
  worker: '',
  detail: '',
});
const line = (number: number, level: string, message: string): Wire['LogLineOut'] => ({
  attempt: 1,
  number,
  at: '2026-11-23T12:00:00Z',
  level,
  logger: 'app',
  message,
});

function serve(changes: Partial<Wire['RunDetailOut']> = {}, lines: Wire['LogLineOut'][] = []) {
  answers<'RunDetailOut'>('/runs/{run_id}/', aRun(changes));
  const items = [event(1, 'ACCEPTED', null), event(2, 'STARTED', 0.25), event(3, 'SUCCESS', 12)];
  answers<'EventList'>('/runs/{run_id}/events/', { items, next: null });
  answers<'LogOut'>('/runs/{run_id}/log/', { items: lines, cursor: 'c', more: false, cut: 0 });
}
const open = () => show(<RunPage id="run-1" />);

test('shows what happened, with the time between', async () => {
  serve();
  open();
  const timeline = within(await screen.findByRole('region', { name: 'Timeline' }));
  const steps = await timeline.findAllByRole('listitem');
  expect(steps.map(({ textContent }) => textContent)).toEqual([
    'Accepted 13:00:00',
    'after +0.25 sRunning 13:00:00',
    'after +12.0 sSucceeded 13:00:00',
  ]);
});

test('while it waits, one sentence says for what', async () => {
  serve({ state: 'QUEUED', explanation: 'No live worker consumes the queue celery', finished_at: null });
  open();
  expect(await screen.findByText('No live worker consumes the queue celery')).toBeVisible();
});

test('what it waits for is asked anew while it waits, and gone once it runs', async () => {
  serve({ state: 'QUEUED', waiting_for: 'Waits for a slot: both are busy', finished_at: null });
  open();
  expect(await screen.findByText('Waits for a slot: both are busy')).toBeVisible();
  serve({ state: 'STARTED', waiting_for: null, finished_at: null });
  expect(await screen.findByText('A worker runs it now', {}, { timeout: 3000 })).toBeVisible();
  expect(screen.queryByText(/Waits for a slot/)).toBeNull();
});

test('progress says how far it is, how fast, and how long it takes yet', async () => {
  const started_at = new Date(Date.now() - 10_000).toISOString();
  const progress = { progress_done: 20, progress_total: 60, progress_message: 'Reading' };
  serve({ state: 'STARTED', started_at, finished_at: null, ...progress });
  open();
  expect(
    await screen.findByText(
      /^20 of 60 · [12]\.\d a second · \d\d\.\d s left · Reading · running for 1\d\.\d s$/,
    ),
  ).toBeVisible();
  expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '33');
});

test('a failed run says why, and folds where', async () => {
  serve({
    state: 'FAILURE',
    error: 'ValueError: no such file',
    traceback: 'Traceback (most recent call last)',
  });
  open();
  expect(await screen.findByText('ValueError: no such file')).toBeVisible();
  expect(screen.getByText('Traceback (most recent call last)')).not.toBeVisible();
});

test('a dry run shows what it would have changed', async () => {
  const none = { count: 0, keys: [], cut: false };
  const change = {
    model: 'docs.Document',
    created: none,
    updated: { count: 2, keys: ['7', '8'], cut: false },
    deleted: none,
  };
  const nothing = { count: 0, listed: [] };
  serve({
    dry_run: true,
    rehearsal: { changes: [change], mails: nothing, tasks: nothing, hooks_after_commit: 0 },
  });
  open();
  const table = within(await screen.findByRole('region', { name: 'What it would have changed' }));
  expect(table.getAllByRole('cell').map(({ textContent }) => textContent)).toEqual([
    'docs.Document',
    'Change',
    '2',
    '7, 8',
  ]);
});

test('the log can be searched, and cut to what is bad', async () => {
  serve({}, [line(1, 'INFO', 'Began'), line(2, 'ERROR', 'It broke')]);
  const { user } = open();
  const log = within(await screen.findByRole('log'));
  expect(log.getByText('Began')).toBeVisible();
  await user.selectOptions(screen.getByRole('combobox', { name: 'Least level' }), 'WARNING');
  expect(log.queryByText('Began')).toBeNull();
  await user.type(screen.getByRole('searchbox', { name: 'Search the log' }), 'zzz');
  expect(await screen.findByText('No line matches.')).toBeVisible();
});

test('a retry carries its reason, and leads to the new run', async () => {
  serve();
  let reason = '';
  server.use(
    http.post(url('/runs/{run_id}/retry/'), async ({ request }) => {
      reason = ((await request.json()) as Wire['Reason']).reason ?? '';
      return HttpResponse.json(triggered('run-2'), { status: 202 });
    }),
  );
  const { user } = open();
  await user.click(await screen.findByRole('button', { name: 'Retry' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Retry' }));
  await user.type(dialog.getByRole('textbox', { name: 'Reason' }), 'Disk was full');
  await user.click(dialog.getByRole('button', { name: 'Retry' }));
  await waitFor(() => expect(window.location.pathname).toBe('/runs/run-2'));
  expect(reason).toBe('Disk was full');
});

test('"run again" starts from the same parameters', async () => {
  serve({ params: { days: 3 } });
  const trigger = vi.fn();
  const { user } = show(<RunPage id="run-1" />, '/', trigger);
  await user.click(await screen.findByRole('button', { name: /Run again/ }));
  expect(trigger).toHaveBeenCalledWith(
    expect.objectContaining({ taskName: 'clean_up', params: { days: 3 } }),
  );
});

test('a refused cancellation is explained, and the dialog stays', async () => {
  serve({
    state: 'STARTED',
    finished_at: null,
    links: { ...aRun().links, cancellation: '/x/', retry: null },
  });
  server.use(http.post(url('/runs/{run_id}/cancellation/'), () => problem(409, 'not-possible')));
  const { user } = open();
  await user.click(await screen.findByRole('button', { name: 'Cancel run' }));
  const dialog = within(await screen.findByRole('dialog', { name: 'Cancel run' }));
  await user.click(dialog.getByRole('button', { name: 'Cancel run' }));
  expect(await dialog.findByText('It was refused: not-possible')).toBeVisible();
});

test('a run that nobody knows says so', async () => {
  server.use(http.get(url('/runs/{run_id}/'), () => problem(404, 'unknown-run')));
  open();
  expect(await screen.findByRole('heading', { name: 'Unknown run' })).toBeVisible();
});
