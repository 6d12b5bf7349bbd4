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
  emit(type: string) {
    this.dispatchEvent(new Event(type));
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

test('answers a burst of changes once', () => {
  const changed = vi.fn();
  followStream('/stream/', new Connection(() => undefined), changed);
  for (let count = 0; count < 50; count++) last().emit('message');
  vi.advanceTimersByTime(1000);
  expect(changed).toHaveBeenCalledTimes(1);
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
