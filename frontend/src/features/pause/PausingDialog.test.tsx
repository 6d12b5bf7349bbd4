import { screen, waitFor } from '@testing-library/react';
import { http, HttpResponse } from 'msw';

import { type Pause, pauseFromWire } from '@/lib/pause';
import { problem, server, url } from '@/test/server';
import { show } from '@/test/show';
import { aPause } from '@/test/wire';

import { PausingDialog } from './PausingDialog';

function open(pause: Pause | null = null) {
  const sent: unknown[] = [];
  const note = async ({ request }: { request: Request }) => {
    const { pathname, search } = new URL(request.url);
    const body: unknown = request.method === 'PUT' ? await request.json() : search;
    sent.push([pathname.replace('/api/v1/scheduler', ''), body]);
    return HttpResponse.json({});
  };
  server.use(
    http.put(url('/tasks/{name}/pause/'), note),
    http.delete(url('/tasks/{name}/pause/'), note),
    http.put(url('/pause/'), note),
    http.delete(url('/pause/'), note),
  );
  const onClose = vi.fn();
  const task = { name: 'clean_up', title: 'Clean-up', category: 'System', pause };
  return { ...show(<PausingDialog task={task} onClose={onClose} />), sent, onClose };
}
const press = (name: string) => screen.getByRole('button', { name });
const reason = () => screen.getByRole('textbox', { name: /Reason/ });

test('a pause needs a reason, and says so before anything is sent', async () => {
  const { user, sent, onClose } = open();
  await user.click(press('Pause'));
  expect(reason()).toHaveAccessibleDescription(expect.stringContaining('Say why'));
  expect(sent).toEqual([]);
  await user.type(reason(), 'Disk is replaced');
  await user.click(press('Pause'));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(sent).toEqual([['/tasks/clean_up/pause/', { reason: 'Disk is replaced', until: null }]]);
});

test('an end in the past is refused', async () => {
  const { user, sent } = open();
  await user.type(reason(), 'x');
  await user.type(screen.getByLabelText(/^Until/), '2020-01-01T10:00');
  await user.click(press('Pause'));
  expect(screen.getByText('Must be in the future')).toBeVisible();
  expect(sent).toEqual([]);
});

test('a category is paused as a whole', async () => {
  const { user, sent, onClose } = open();
  await user.selectOptions(screen.getByRole('combobox', { name: 'What to pause' }), 'category');
  await user.type(reason(), 'x');
  await user.click(press('Pause'));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(sent).toEqual([['/pause/', { reason: 'x', until: null, category: 'System' }]]);
});

test('resuming says who paused it and why, and asks what becomes of what fell due', async () => {
  const { user, sent, onClose } = open(pauseFromWire(aPause()));
  expect(
    screen.getByText(/Paused by Quality Manager until somebody resumes it: Disk is replaced/),
  ).toBeVisible();
  await user.click(screen.getByRole('radio', { name: /Catch up/ }));
  await user.click(press('Resume'));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(sent).toEqual([['/tasks/clean_up/pause/', '?missed=catch_up']]);
});

test('what is paused with all others is resumed with them, and that is said', async () => {
  const { user, sent } = open(pauseFromWire(aPause({ scope: 'all', target: '' })));
  expect(screen.getByText(/All tasks are paused together/)).toBeVisible();
  await user.click(press('Resume'));
  await waitFor(() => expect(sent).toEqual([['/pause/', '?missed=skip']]));
});

test('a refusal is said, and the dialog stays', async () => {
  const { user, onClose } = open(pauseFromWire(aPause()));
  server.use(http.delete(url('/tasks/{name}/pause/'), () => problem(409, 'not-possible')));
  await user.click(press('Resume'));
  expect(await screen.findByText('It was refused: not-possible')).toBeVisible();
  expect(onClose).not.toHaveBeenCalled();
});
