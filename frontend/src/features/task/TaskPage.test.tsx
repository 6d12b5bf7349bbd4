import { screen, within } from '@testing-library/react';
import { http } from 'msw';

import { PauseDialogs } from '@/lib/pause';
import { answers, problem, server, url } from '@/test/server';
import { show } from '@/test/show';
import { aPause, aRun, aSchedule, aStatus, aTask, aTaskStatus } from '@/test/wire';

import { TaskPage } from './TaskPage';

const HOUR = 3_600_000;
const hoursFromNow = (count: number) => new Date(Date.now() + count * HOUR).toISOString();

function serve(changes: Parameters<typeof aTask>[0] = {}) {
  answers<'TaskOut'>('/tasks/{name}/', aTask({ schedules: [aSchedule()], ...changes }));
  const items = Array.from({ length: 20 }, (_, place) => ({
    at: hoursFromNow(place),
    schedule_name: 'clean_up',
  }));
  answers<'OccurrenceList'>('/tasks/{name}/occurrences/', { items });
  answers<'RunList'>('/runs/', {
    items: [aRun({ state: 'PARTIAL', failed: 2 }), aRun({ id: 'run-0' })],
    next: null,
  });
  answers<'StatusOut'>('/monitoring/status/', aStatus());
}
const open = () => show(<TaskPage name="clean_up" />);

// A canvas is what jsdom does not have.
vi.mock('./components/DurationPlot', () => ({
  default: ({ label }: { label: string }) => <div role="img" aria-label={label} />,
}));

test('says how it is declared', async () => {
  serve({ overlap: 'skip', expires_seconds: 3600, queue: 'reports' });
  open();
  const definition = within(await screen.findByRole('region', { name: 'Definition' }));
  for (const words of [
    'app.tasks.clean_up',
    'reports',
    'One run at a time',
    'if not started within 1 h 00 min',
  ])
    expect(definition.getByText(words)).toBeVisible();
});

test('lists the next ten occurrences, without those that passed by meanwhile', async () => {
  serve();
  open();
  const table = within(await screen.findByRole('table', { name: 'Next occurrences' }));
  expect(table.getAllByRole('row')).toHaveLength(11);
  expect(table.getByRole('columnheader', { name: 'Time (Europe/Berlin)' })).toBeVisible();
  expect(table.getAllByText(/^(59:5\d|1:00:00)$/)).toHaveLength(1);
});

test('a task without a schedule says that it runs by hand', async () => {
  serve({ schedules: [] });
  open();
  expect(await screen.findByText('By hand only')).toBeVisible();
  expect(screen.getByText(/it runs when somebody asks/)).toBeVisible();
  expect(screen.queryByRole('button', { name: /Pause/ })).toBeNull();
});

test('its runs are listed, and their durations drawn with words for those who cannot see it', async () => {
  serve();
  open();
  expect(
    await screen.findByRole('img', { name: /^Durations of the last 2 runs: usually 2.0 s/ }),
  ).toBeVisible();
  expect(within(screen.getByRole('region', { name: 'Runs' })).getByText('Partly failed')).toBeVisible();
  expect(screen.getByRole('link', { name: 'All runs' })).toHaveAttribute('href', '/runs?task=clean_up');
});

test('a paused task says who paused it, why and until when, and asks to be resumed', async () => {
  serve({ paused: true, pause: aPause({ until: '2026-11-25T07:00:00Z' }) });
  const pausing = vi.fn();
  const { user } = show(
    <PauseDialogs value={pausing}>
      <TaskPage name="clean_up" />
    </PauseDialogs>,
  );
  expect(await screen.findByText(/Paused by Quality Manager/)).toHaveTextContent(
    'Paused by Quality Manager until 25 Nov 2026, 08:00:00, Europe/Berlin: Disk is replaced',
  );
  await user.click(screen.getByRole('button', { name: 'Resume … Clean-up' }));
  expect(pausing).toHaveBeenCalledWith(
    expect.objectContaining({ name: 'clean_up', pause: expect.anything() }),
  );
});

test('where nobody would start it, the button says that it only queues', async () => {
  serve();
  answers<'StatusOut'>('/monitoring/status/', aStatus({ tasks: [aTaskStatus({ registered: false })] }));
  open();
  expect(await screen.findByRole('button', { name: 'Queue a run …' })).toBeVisible();
});

test('a task that nobody knows says so', async () => {
  server.use(http.get(url('/tasks/{name}/'), () => problem(404, 'unknown-task')));
  open();
  expect(await screen.findByText('It was refused: unknown-task')).toBeVisible();
});

test('a task that nobody knows says so', async () => {
  server.use(http.get(url('/tasks/{name}/'), () => problem(404, 'unknown-task')));
  open();
  expect(await screen.findByRole('heading', { name: 'Unknown task' })).toBeVisible();
});
