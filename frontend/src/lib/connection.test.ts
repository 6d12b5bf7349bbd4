import { Connection } from './connection';

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-11-23T12:00:00Z') }));
afterEach(() => vi.useRealTimers());

test('is down since the last good answer, not since the first bad one', () => {
  const connection = new Connection(() => undefined);
  connection.succeeded();
  vi.advanceTimersByTime(5000);
  connection.failed();
  expect(connection.snapshot().downSince).toEqual(new Date('2026-11-23T12:00:00Z'));
});

test('tries again at growing intervals, and at most every 30 seconds', () => {
  const tries: number[] = [];
  const connection = new Connection(() => {
    tries.push(Date.now());
    connection.failed();
  });
  const start = Date.now();
  connection.failed();
  vi.advanceTimersByTime(125_000);
  const waits = tries.map((at, index) => (at - (tries[index - 1] ?? start)) / 1000);
  expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
});

test('several failures at once are one outage', () => {
  const refresh = vi.fn();
  const connection = new Connection(refresh);
  [1, 2, 3].forEach(() => connection.failed());
  vi.advanceTimersByTime(1000);
  expect(refresh).toHaveBeenCalledTimes(1);
});

test('asks for everything again once the server is back', () => {
  const refresh = vi.fn();
  const connection = new Connection(refresh);
  connection.failed();
  connection.succeeded();
  expect(connection.snapshot()).toMatchObject({ downSince: null, retryAt: null });
  expect(refresh).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60_000);
  expect(refresh).toHaveBeenCalledTimes(1);
});
