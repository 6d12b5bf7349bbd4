import type { Connection } from './connection';

/** Changes that come in a burst are answered once. */
const GATHER = 200;
const TRY_AGAIN = 60_000;

/** What happened to which runs; or that something did, and nobody knows what. */
export type News = { runs: ReadonlySet<string> } | 'anything';

/**
 * Follows the event stream, and calls `changed` when something did. The browser reconnects by itself after a cut; where the
 * server refuses the stream (501 under WSGI) or a proxy keeps it back, the pages go on polling and it is tried again later.
 */
export function followStream(
  address: string,
  connection: Connection,
  changed: (news: News) => void,
): () => void {
  let source: EventSource | undefined;
  let later: ReturnType<typeof setTimeout> | undefined;
  const gathered = gather(changed);

  const open = () => {
    source = new EventSource(address);
    source.addEventListener('open', () => {
      connection.use('stream');
      // What happened while nobody listened was not heard.
      gathered.add('anything');
    });
    source.addEventListener('resync', () => gathered.add('anything'));
    source.addEventListener('change', (event) => gathered.add(runIn(event)));
    source.addEventListener('error', () => {
      connection.use('polling');
      if (source?.readyState === EventSource.CLOSED) later = setTimeout(open, TRY_AGAIN);
    });
  };
  open();
  return () => {
    source?.close();
    clearTimeout(later);
    gathered.stop();
  };
}

function runIn(event: MessageEvent<string>): string {
  return (JSON.parse(event.data) as { run: string }).run;
}

function gather(tell: (news: News) => void) {
  let runs = new Set<string>();
  let anything = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    const news: News = anything ? 'anything' : { runs };
    [runs, anything, timer] = [new Set(), false, undefined];
    tell(news);
  };
  return {
    add(run: string) {
      if (run === 'anything') anything = true;
      else runs.add(run);
      timer ??= setTimeout(flush, GATHER);
    },
    stop: () => clearTimeout(timer),
  };
}
