import type { Connection } from './connection';
import { gather, type News } from './news';

/** How soon a stream that was refused is asked for again; sooner where it was there before. */
const TRY_AGAIN = 60_000;
const COME_BACK = 5000;
/** The server says something at least every 15 seconds; after so long the way to it is cut, or something keeps it back. */
const SILENCE = 35_000;

/**
 * Follows the event stream while the page is seen, and calls `changed` when something did. Until the server is heard, and
 * whenever it is not, the pages ask from time to time: where it refuses the stream (501 under WSGI), where a proxy keeps
 * what it sends, where the line is dead. A hidden tab lets go, for a browser has only six lines to one server.
 */
export function followStream(
  address: string,
  connection: Connection,
  changed: (news: News) => Promise<unknown> | void,
): () => void {
  const gathered = gather(changed);
  let source: EventSource | undefined;
  let later: ReturnType<typeof setTimeout> | undefined;
  let everHeard = false;

  const close = () => {
    source?.close();
    source = undefined;
    clearTimeout(later);
    connection.use('polling');
  };
  const open = () => {
    close();
    if (document.hidden) return;
    source = new EventSource(address);
    let heard = false;
    const listen = (type: string, hear: (event: MessageEvent<string>) => void) =>
      source?.addEventListener(type, (event) => {
        tryAgainIn(SILENCE);
        connection.use('stream');
        hear(event as MessageEvent<string>);
      });
    listen('alive', () => {
      // What happened while nobody listened was not heard.
      if (!heard) gathered.add('anything');
      heard = everHeard = true;
    });
    listen('resync', () => gathered.add('anything'));
    listen('change', (event) => gathered.add(runIn(event)));
    source.addEventListener('error', () => {
      connection.use('polling');
      // Whether the server is gone is found out at once, not when somebody asks next.
      if (heard) gathered.add('anything');
      if (source?.readyState === EventSource.CLOSED) tryAgainIn(everHeard ? COME_BACK : TRY_AGAIN);
      heard = false;
    });
    tryAgainIn(TRY_AGAIN);
  };
  const tryAgainIn = (delay: number) => {
    clearTimeout(later);
    later = setTimeout(open, delay);
  };

  open();
  document.addEventListener('visibilitychange', open);
  return () => {
    document.removeEventListener('visibilitychange', open);
    close();
    gathered.stop();
  };
}

function runIn(event: MessageEvent<string>): string {
  return (JSON.parse(event.data) as { run: string }).run;
}
