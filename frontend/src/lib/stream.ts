import type { Connection } from './connection';

/** Changes that come in a burst are answered once. */
const GATHER = 200;
const TRY_AGAIN = 60_000;

/**
 * Follows the event stream, and calls `changed` when something did. The browser reconnects by itself after a cut; where the
 * server refuses the stream (501 under WSGI) or a proxy keeps it back, the pages go on polling and the stream is tried later.
 */
export function followStream(address: string, connection: Connection, changed: () => void): () => void {
  let source: EventSource | undefined;
  let later: ReturnType<typeof setTimeout> | undefined;
  let gathering: ReturnType<typeof setTimeout> | undefined;

  const gather = () => {
    gathering ??= setTimeout(() => {
      gathering = undefined;
      changed();
    }, GATHER);
  };
  const open = () => {
    source = new EventSource(address);
    source.addEventListener('open', () => {
      connection.use('stream');
      // What happened while nobody listened was not heard.
      changed();
    });
    source.addEventListener('message', gather);
    source.addEventListener('change', gather);
    source.addEventListener('error', () => {
      connection.use('polling');
      if (source?.readyState === EventSource.CLOSED) later = setTimeout(open, TRY_AGAIN);
    });
  };
  open();
  return () => {
    source?.close();
    clearTimeout(later);
    clearTimeout(gathering);
  };
}
