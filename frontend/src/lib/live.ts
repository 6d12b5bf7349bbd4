import { createContext, useContext } from 'react';

import { Connection, useConnection } from './connection';

/** While a stream tells of changes, asking is only for what it may have swallowed. */
const BESIDE_STREAM = 30_000;

export const LiveConnection = createContext(new Connection(() => undefined));

/**
 * How often to ask, or false: while the server is away only the connection's own retries do.
 *
 * `beside` is for what the stream does not tell: log lines, progress and heartbeats are no events.
 */
export function usePolling(milliseconds: number, beside = BESIDE_STREAM): number | false {
  const { mode, downSince } = useConnection(useContext(LiveConnection));
  if (downSince !== null) return false;
  return mode === 'stream' ? Math.max(milliseconds, beside) : milliseconds;
}
