import { screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';

import type { Wire } from '@/lib/api/client';
import { answers, problem, server, url } from '@/test/server';
import { show } from '@/test/show';
import { aRun, aStatus, aTask, aTaskStatus, triggered } from '@/test/wire';

import { TriggerDialog } from './TriggerDialog';

const params_schema = {
  type: 'object',
  additionalProperties: false,
  properties: { days_to_keep: { type: 'integer', minimum: 1, default: 7, title: 'Days To Keep' } },
};

interface Sent {
  key: string | null;
  body: Wire['TriggerIn'];
}

function open(
  answer: () => Response | Promise<Response> = () => HttpResponse.json(triggered('run-9'), { status: 202 }),
) {
  const sent: Sent[] = [];
  answers<'TaskOut'>('/tasks/{name}/', aTask({ params_schema }));
  server.use(
    http.post(url('/monitoring/manual-trigger/'), async ({ request }) => {
      sent.push({
        key: request.headers.get('Idempotency-Key'),
        body: (await request.json()) as Wire['TriggerIn'],
      });
      return answer();
    }),
  );
  const [onClose, onTriggered] = [vi.fn(), vi.fn()];
  const request = { taskName: 'clean_up', title: 'Clean-up' };
  const shown = show(<TriggerDialog request={request} onClose={onClose} onTriggered={onTriggered} />);
  return { ...shown, sent, onClose, onTriggered };
}

beforeEach(() => {
  answers<'RunList'>('/runs/', { items: [], next: null });
  answers<'StatusOut'>('/monitoring/status/', aStatus());
});

const field = () => screen.findByRole('spinbutton', { name: 'Days to keep' });
const press = (name = 'Run now') => screen.getByRole('button', { name });

test('sends what was entered, and leads to the run', async () => {
  const { user, sent, onTriggered } = open();
  const days = await field();
  expect(days).toHaveValue(7);
  await user.clear(days);
  await user.type(days, '30');
  await user.click(screen.getByRole('checkbox', { name: 'Dry run' }));
  await user.type(screen.getByRole('textbox', { name: 'Reason' }), 'Disk is full');
  await user.click(press('Start dry run'));
  await waitFor(() => expect(onTriggered).toHaveBeenCalledWith('run-9'));
  const params = { days_to_keep: 30 };
  expect(sent[0]?.body).toEqual({ task_name: 'clean_up', params, dry_run: true, reason: 'Disk is full' });
});

test('a double click makes one request', async () => {
  const { user, sent, onTriggered } = open();
  await field();
  await user.dblClick(press());
  await waitFor(() => expect(onTriggered).toHaveBeenCalledTimes(1));
  expect(sent).toHaveLength(1);
});

test('pressing again after an outage sends the same key: it stays one run', async () => {
  let calls = 0;
  const { user, sent, onTriggered } = open(() =>
    ++calls === 1 ? HttpResponse.error() : HttpResponse.json(triggered('run-9'), { status: 202 }),
  );
  await field();
  await user.click(press());
  expect(await screen.findByText(/it stays one run/)).toBeVisible();
  await user.click(press());
  await waitFor(() => expect(onTriggered).toHaveBeenCalledTimes(1));
  expect(sent[0]?.key).toMatch(/^console-[0-9a-f]{32}$/);
  expect(sent[1]?.key).toBe(sent[0]?.key);
});

test('what the server refuses is said beside its field', async () => {
  const errors = [{ field: 'days_to_keep', message: 'Too many for this disk' }];
  const { user, onTriggered } = open(() => problem(422, 'invalid-params', { errors }));
  const days = await field();
  await user.click(press());
  await waitFor(() =>
    expect(days).toHaveAccessibleDescription(expect.stringContaining('Too many for this disk')),
  );
  expect(days).toBeInvalid();
  expect(onTriggered).not.toHaveBeenCalled();
});

test('a limit is checked before anything is sent', async () => {
  const { user, sent } = open();
  const days = await field();
  await user.clear(days);
  await user.type(days, '0');
  await user.click(press());
  expect(screen.getByText('Must be at least 1')).toBeVisible();
  expect(sent).toHaveLength(0);
});

test('a run in the way is named, and linked', async () => {
  const { user } = open(() => problem(409, 'overlap', { conflicting_run: 'run-5' }));
  await field();
  await user.click(press());
  const link = await screen.findByRole('link', { name: 'Open the run in the way' });
  expect(link).toHaveAttribute('href', '/runs/run-5');
});

test.each([
  ['queue', /yours waits in line/],
  ['cancel_running', /yours cancels what waits or runs/],
])('says what "%s" would do to a second run', async (overlap, words) => {
  answers<'RunList'>('/runs/', { items: [aRun({ state: 'STARTED' })], next: null });
  open();
  answers<'TaskOut'>('/tasks/{name}/', aTask({ params_schema, overlap }));
  expect(await screen.findByText(words)).toBeVisible();
});

test('says what else runs, and that only one may', async () => {
  answers<'RunList'>('/runs/', { items: [aRun({ state: 'STARTED' })], next: null });
  open();
  expect(await screen.findByText(/Only one run of this task/)).toBeVisible();
  expect(screen.getByRole('link', { name: 'Clean-up' })).toBeVisible();
});

test('where nobody would start it, it says so, and the button says what it does', async () => {
  answers<'StatusOut'>('/monitoring/status/', aStatus({ tasks: [aTaskStatus({ registered: false })] }));
  open();
  expect(await screen.findByText(/No live worker knows this task/)).toBeVisible();
  expect(press('Queue a run')).toBeEnabled();
});

test('whoever closes it is back where they were', async () => {
  const opener = document.body.appendChild(document.createElement('button'));
  opener.focus();
  const { unmount } = open();
  await waitFor(() => expect(screen.getByRole('heading', { name: 'Run now: Clean-up' })).toHaveFocus());
  unmount();
  expect(opener).toHaveFocus();
  opener.remove();
});
