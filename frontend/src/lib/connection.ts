import { useSyncExternalStore } from 'react';

const FIRST_RETRY = 1000;
const SLOWEST_RETRY = 30_000;

export interface ConnectionState {
  mode: 'stream' | 'polling';
  /** Since when nothing was heard from the server; null while all is well. */
  downSince: Date | null;
  /** When the next try begins; null while all is well, or while one is under way. */
  retryAt: Date | null;
}

/** Whether the server can be reached, learned from every request; tries again at growing intervals where not. */
export class Connection {
  private state: ConnectionState = { mode: 'polling', downSince: null, retryAt: null };
  private lastGood = new Date();
  private attempts = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly refresh: () => void) {}

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly snapshot = () => this.state;

  succeeded(): void {
    this.lastGood = new Date();
    if (this.state.downSince === null) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.attempts = 0;
    this.change({ downSince: null, retryAt: null });
    // What failed meanwhile is asked for again at once.
    this.refresh();
  }

  failed(): void {
    if (this.timer !== undefined) return;
    const delay = Math.min(FIRST_RETRY * 2 ** this.attempts, SLOWEST_RETRY);
    this.attempts += 1;
    this.timer = setTimeout(this.retry, delay);
    this.change({
      downSince: this.state.downSince ?? this.lastGood,
      retryAt: new Date(Date.now() + delay),
    });
  }

  readonly retry = () => {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.change({ retryAt: null });
    this.refresh();
  };

  use(mode: ConnectionState['mode']): void {
    if (mode !== this.state.mode) this.change({ mode });
  }

  private change(part: Partial<ConnectionState>): void {
    this.state = { ...this.state, ...part };
    this.listeners.forEach((listener) => listener());
  }
}

export function useConnection(connection: Connection): ConnectionState {
  return useSyncExternalStore(connection.subscribe, connection.snapshot);
}
