import { screen, waitFor, within } from '@testing-library/react';
import { http, HttpResponse } from 'msw';

import { setConfig } from '@/lib/config';
import * as files from '@/lib/download';
import { answers, server, url } from '@/test/server';
import { show } from '@/test/show';
import { anEntry } from '@/test/wire';

import { AuditPage } from './AuditPage';

test('an entry says who did what, from where and why', async () => {
  answers<'AuditList'>('/audit/', { items: [anEntry()], next: null });
  show(<AuditPage />);
  const row = within((await screen.findByRole('link', { name: 'Clean-up' })).closest('tr') as HTMLElement);
  for (const words of ['Quality Manager', 'Run asked for', 'Reason: Disk is full', '192.0.2.7'])
    expect(row.getByText(words)).toBeVisible();
});

test('an action that this page does not know is shown by its name', async () => {
  answers<'AuditList'>('/audit/', { items: [anEntry({ action: 'TASK_FORGOTTEN' })], next: null });
  show(<AuditPage />);
  expect(await screen.findByText('Task forgotten')).toBeVisible();
});

test('the filter asks for what the ledger calls it', async () => {
  const asked: (string | null)[] = [];
  server.use(
    http.get(url('/audit/'), ({ request }) => {
      asked.push(new URL(request.url).searchParams.get('action'));
      return HttpResponse.json({ items: [], next: null });
    }),
  );
  const { user } = show(<AuditPage />);
  await user.selectOptions(await screen.findByRole('combobox', { name: 'What' }), 'Task paused');
  await waitFor(() => expect(asked.at(-1)).toBe('TASK_PAUSED'));
  expect(screen.getByRole('list', { name: 'Filters that are on' })).toHaveTextContent('Task paused');
});

test('what is exported is all of it, page after page, and it says how much', async () => {
  const download = vi.spyOn(files, 'download').mockImplementation(() => undefined);
  server.use(
    http.get(url('/audit/'), ({ request }) => {
      const { searchParams } = new URL(request.url);
      const last = searchParams.has('cursor');
      const next = last ? null : '/api/v1/scheduler/audit/?cursor=2';
      return HttpResponse.json({ items: [anEntry({ id: last ? 2 : 1 })], next });
    }),
  );
  const { user } = show(<AuditPage />);
  await user.click(await screen.findByRole('button', { name: 'Export JSON' }));
  expect(await screen.findByText('2 entries saved')).toBeVisible();
  const [name, content] = download.mock.calls[0] as [string, string, string];
  expect([name, (JSON.parse(content) as { id: number }[]).map(({ id }) => id)]).toEqual([
    'audit.json',
    [1, 2],
  ]);
});

test('an export that is cut says so', async () => {
  vi.spyOn(files, 'download').mockImplementation(() => undefined);
  const items = Array.from({ length: 200 }, (_, id) => anEntry({ id }));
  answers<'AuditList'>('/audit/', { items, next: '/api/v1/scheduler/audit/?cursor=more' });
  const { user } = show(<AuditPage />);
  await user.click(await screen.findByRole('button', { name: 'Export CSV' }));
  expect(
    await screen.findByText(/The newest 10,000 entries saved; there are more/, {}, { timeout: 10_000 }),
  ).toBeVisible();
}, 15_000);

test('who may not read it reads why', () => {
  setConfig({ permissions: new Set(['view_run']) });
  show(<AuditPage />);
  expect(screen.getByText(/You may not read the audit trail/)).toBeVisible();
  setConfig({ permissions: null });
});
