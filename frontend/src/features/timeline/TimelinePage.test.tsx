import { screen, within } from '@testing-library/react';

import type { Wire } from '@/lib/api/client';
import { answers } from '@/test/server';
import { show } from '@/test/show';
import { aLane } from '@/test/wire';

import { TimelinePage } from './TimelinePage';

const HOUR = 3_600_000;
const hours = (count: number) => new Date(Date.now() + count * HOUR).toISOString();
const bar = (id: string, state: string, at: number, seconds: number | null): Wire['BarOut'] => ({
  id,
  state,
  at: hours(at),
  seconds,
  dry_run: false,
});

function open(changes: Parameters<typeof aLane>[0]) {
  answers<'TimelineOut'>('/timeline/', { at: hours(0), lanes: [aLane(changes)] });
  return show(<TimelinePage />);
}
const lane = () => screen.findByRole('img', { name: /24/ });

test('a lane says in words what it draws', async () => {
  open({
    runs: [bar('a', 'SUCCESS', -2, 60), bar('b', 'SUCCESS', -1, 60), bar('c', 'FAILURE', -0.5, 1)],
    planned: [hours(1), hours(2)],
  });
  expect(await lane()).toHaveAccessibleName(
    '3 runs in 24 hours: 2 succeeded, 1 failed; due 2 times in the next 24',
  );
  expect(screen.getByRole('link', { name: 'Clean-up' })).toHaveAttribute('href', '/tasks/clean_up');
});

test('a bar begins where its run did, and is as long as it was', async () => {
  open({ runs: [bar('a', 'SUCCESS', -12, 6 * 3600)] });
  const { left, width } = within(await lane()).getByTitle(/Succeeded/).style;
  expect(parseFloat(left)).toBeCloseTo(25, 0);
  expect(parseFloat(width)).toBeCloseTo(12.5, 0);
});

test('missed and failed runs look unlike those that went well', async () => {
  open({ runs: [bar('a', 'SUCCESS', -3, 60), bar('b', 'FAILURE', -2, 60), bar('c', 'MISSED', -1, null)] });
  const track = within(await lane());
  const looks = ['Succeeded', 'Failed', 'Missed'].map(
    (state) => track.getByTitle(new RegExp(state)).className,
  );
  expect(new Set(looks).size).toBe(3);
});

test('a planned run is an outline with its usual duration', async () => {
  open({ planned: [hours(6)], usual_seconds: 2 * 3600 });
  const planned = within(await lane()).getByTitle(/^Planned: .*, usually 2 h 00 min$/);
  expect(parseFloat(planned.style.width)).toBeCloseTo(100 / 24, 0);
});

test('what could not be drawn is said, not left empty', async () => {
  open({ planned: [hours(1)], planned_all: false, complete_since: hours(-6) });
  const track = within(await lane());
  expect(track.getByTitle(/only what went wrong is shown/)).toBeInTheDocument();
  expect(track.getByTitle(/^And so on from/)).toBeInTheDocument();
});

test('it is zoomed and moved by buttons and by keys, and comes back to now', async () => {
  const { user } = open({ runs: [bar('a', 'SUCCESS', -20, 60)] });
  const drawn = () => screen.queryByTitle(/Succeeded/);
  await lane();
  expect(drawn()).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'Zoom in' }));
  expect(drawn()).toBeNull();
  screen.getByRole('group', { name: 'The last and the next 24 hours' }).focus();
  await user.keyboard('{ArrowLeft}'.repeat(12));
  expect(drawn()).toBeInTheDocument();
  await user.keyboard('{ArrowRight}'.repeat(30));
  expect(drawn()).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Now' }));
  expect(drawn()).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Now' })).toBeDisabled();
});
