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

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  FakeSource.made = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('polls until the stream is open, and again once it breaks', () => {
  const connection = new Connection(() => undefined);
  followStream('/stream/', connection, () => undefined);
  expect(connection.snapshot().mode).toBe('polling');
  last().emit('open');
  expect(connection.snapshot().mode).toBe('stream');
  last().emit('error');
  expect(connection.snapshot().mode).toBe('polling');
});

test('answers a burst of changes once, and knows which runs it was about', () => {
  const changed = vi.fn();
  followStream('/stream/', new Connection(() => undefined), changed);
  for (let count = 0; count < 50; count++) last().emit('change', `{"run": "run-${count % 2}"}`);
  vi.advanceTimersByTime(1000);
  expect(changed).toHaveBeenCalledTimes(1);
  expect(changed).toHaveBeenCalledWith({ runs: new Set(['run-0', 'run-1']) });
});

test.each(['open', 'resync'])('after "%s" nobody knows what was missed', (type) => {
  const changed = vi.fn();
  followStream('/stream/', new Connection(() => undefined), changed);
  last().emit('change', '{"run": "run-1"}');
  last().emit(type);
  vi.advanceTimersByTime(1000);
  expect(changed.mock.calls).toEqual([['anything']]);
});

test('a refused stream is tried again later, and not after it was left', () => {
  const leave = followStream('/stream/', new Connection(() => undefined), () => undefined);
  last().readyState = FakeSource.CLOSED;
  last().emit('error');
  vi.advanceTimersByTime(61_000);
  expect(FakeSource.made).toHaveLength(2);
  last().readyState = FakeSource.CLOSED;
  last().emit('error');
  leave();
  vi.advanceTimersByTime(600_000);
  expect(FakeSource.made).toHaveLength(2);
});
