import { screen, within } from '@testing-library/react';

import { answers } from '@/test/server';
import { show } from '@/test/show';
import { aQueue, aWorker } from '@/test/wire';

import { WorkersPage } from './WorkersPage';

function serve(worker: Parameters<typeof aWorker>[0] | null = {}, queue: Parameters<typeof aQueue>[0] = {}) {
  answers<'WorkerList'>('/workers/', { items: worker === null ? [] : [aWorker(worker)] });
  answers<'QueueList'>('/queues/', { items: [aQueue(queue)] });
}

test('a worker shows each of its slots, and what is in it', async () => {
  const active = {
    id: 'run-1',
    task_name: 'clean_up',
    task_title: 'Clean-up',
    started_at: new Date(Date.now() - 65_000).toISOString(),
    seconds_ran: 65,
  };
  serve({ active: [active], slots: 3 });
  show(<WorkersPage />);
  const card = within(await screen.findByRole('region', { name: 'celery@host' }));
  const slots = within(card.getByRole('list', { name: 'Slots' })).getAllByRole('listitem');
  expect(slots.map(({ textContent }) => textContent)).toEqual([
    expect.stringMatching(/^Clean-up1 min 0\d s$/),
    'Free',
    'Free',
  ]);
  expect(card.getByText(/^1 of 3 slots busy/)).toBeVisible();
  expect(card.getByRole('link', { name: 'Clean-up' })).toHaveAttribute('href', '/runs/run-1');
});

test('a clock that is far off is told, one that is right is not', async () => {
  serve({ clock_offset_ms: 4000 });
  const { unmount } = show(<WorkersPage />);
  expect(await screen.findByText('4000 ms off the database’s')).toBeVisible();
  unmount();
  serve();
  show(<WorkersPage />);
  await screen.findByRole('region', { name: 'celery@host' });
  expect(screen.queryByText(/off the database/)).toBeNull();
});

test('without a worker it says what that means', async () => {
  serve(null);
  show(<WorkersPage />);
  expect(await screen.findByText(/No worker is alive/)).toBeVisible();
});

test('a queue that nobody consumes, or that cannot be asked, says so in its row', async () => {
  serve(
    {},
    { name: 'reports', consumers: [], depth: null, depth_error: 'The broker does not answer', waiting: 1204 },
  );
  show(<WorkersPage />);
  const row = within((await screen.findByText('reports')).closest('tr') as HTMLElement);
  expect(row.getByText('Nobody consumes it')).toBeVisible();
  expect(row.getByText('The broker does not answer')).toBeVisible();
  expect(row.getByText('1,204')).toBeVisible();
});
