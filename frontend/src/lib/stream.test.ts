import { Connection } from './connection';
import { followStream } from './stream';

class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static made: FakeSource[] = [];
  readyState = 1;
  closed = false;
  constructor() {
    super();
    FakeSource.made.push(this);
  }
  close() {
    this.closed = true;
  }
  emit(type: string, data = '') {
    this.dispatchEvent(new MessageEvent(type, { data }));
  }
}

const last = () => FakeSource.made.at(-1) as FakeSource;
const listening = () => FakeSource.made.filter(({ closed }) => !closed);
let leave: (() => void) | undefined;

function follow(changed: Parameters<typeof followStream>[2] = () => undefined) {
  const connection = new Connection(() => undefined);
  leave = followStream('/stream/', connection, changed);
  return connection;
}

function look(hidden: boolean) {
  vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden);
  document.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  FakeSource.made = [];
});
afterEach(() => {
  leave?.();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('polls until the server is heard, for an open line may be one that a proxy keeps back', () => {
  const connection = follow();
  last().emit('open');
  expect(connection.snapshot().mode).toBe('polling');
  last().emit('alive');
  expect(connection.snapshot().mode).toBe('stream');
  last().emit('error');
  expect(connection.snapshot().mode).toBe('polling');
});

test('a line that fell silent is left for a new one, and meanwhile it polls', () => {
  const connection = follow();
  last().emit('alive');
  vi.advanceTimersByTime(34_000);
  expect(connection.snapshot().mode).toBe('stream');
  vi.advanceTimersByTime(2000);
  expect(connection.snapshot().mode).toBe('polling');
  expect([FakeSource.made.length, listening().length]).toEqual([2, 1]);
});

test('answers a burst of changes once, and knows which runs it was about', async () => {
  const changed = vi.fn();
  follow(changed);
  last().emit('alive');
  await vi.advanceTimersByTimeAsync(1000);
  changed.mockClear();
  for (let count = 0; count < 50; count++) last().emit('change', `{"run": "run-${count % 2}"}`);
  await vi.advanceTimersByTimeAsync(1000);
  expect(changed).toHaveBeenCalledTimes(1);
  expect(changed).toHaveBeenCalledWith({ runs: new Set(['run-0', 'run-1']) });
});

test('what happens while an answer is awaited is told after it, so that no answer is broken off', async () => {
  let answered: () => void = () => undefined;
  const changed = vi.fn(() => new Promise<void>((resolve) => (answered = resolve)));
  follow(changed);
  last().emit('alive');
  await vi.advanceTimersByTimeAsync(1000);
  last().emit('change', '{"run": "run-2"}');
  await vi.advanceTimersByTimeAsync(5000);
  expect(changed).toHaveBeenCalledTimes(1);
  answered();
  await vi.advanceTimersByTimeAsync(1000);
  expect(changed).toHaveBeenLastCalledWith({ runs: new Set(['run-2']) });
});

test.each(['alive', 'resync'])('after the first "%s" nobody knows what was missed', async (type) => {
  const changed = vi.fn();
  follow(changed);
  last().emit('change', '{"run": "run-1"}');
  last().emit(type);
  await vi.advanceTimersByTimeAsync(1000);
  expect(changed.mock.calls).toEqual([['anything']]);
});

test('further signs of life are no news', async () => {
  const changed = vi.fn();
  follow(changed);
  last().emit('alive');
  await vi.advanceTimersByTimeAsync(1000);
  last().emit('alive');
  await vi.advanceTimersByTimeAsync(1000);
  expect(changed).toHaveBeenCalledTimes(1);
});

test('a stream that was never heard is tried again later, and not after it was left', () => {
  follow();
  last().emit('error');
  vi.advanceTimersByTime(59_000);
  expect(FakeSource.made).toHaveLength(1);
  vi.advanceTimersByTime(2000);
  expect(FakeSource.made).toHaveLength(2);
  last().emit('error');
  leave?.();
  vi.advanceTimersByTime(600_000);
  expect(FakeSource.made).toHaveLength(2);
});

test('one that broke off is asked for again at growing intervals, and at once when the server is back', () => {
  const connection = follow();
  last().emit('alive');
  connection.failed();
  const made = [1, 1, 1, 1].map(() => {
    last().emit('error');
    vi.advanceTimersByTime(3500);
    return FakeSource.made.length;
  });
  expect(made).toEqual([2, 3, 3, 3]);
  connection.succeeded();
  expect(listening()).toHaveLength(1);
  expect(FakeSource.made).toHaveLength(4);
});

test('a hidden tab holds no line, and takes one up when it is looked at', () => {
  const connection = follow();
  last().emit('alive');
  look(true);
  expect([listening().length, connection.snapshot().mode]).toEqual([0, 'polling']);
  vi.advanceTimersByTime(600_000);
  expect(listening()).toHaveLength(0);
  look(false);
  expect(listening()).toHaveLength(1);
});
