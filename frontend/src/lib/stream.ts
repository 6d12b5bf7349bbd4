import type { Connection } from './connection';
import { gather, type News } from './news';

/** How soon a stream that broke off is asked for again, at growing intervals; and one that was never heard. */
const COME_BACK = 1000;
const TRY_AGAIN = 60_000;
/** The server says something at least every 15 seconds; after so long the way to it is cut, or something keeps it back. */
const SILENCE = 35_000;

/**
 * Follows the event stream while the page is seen, and calls `changed` when something did; returns what ends it.
 *
 * Until the server is heard, and whenever it is not, the pages ask from time to time: where it refuses the stream (501 under
 * WSGI), where a proxy keeps what it sends, where the line is dead.
 */
export function followStream(
  address: string,
  connection: Connection,
  changed: (news: News) => Promise<unknown> | void,
): () => void {
  const follower = new Follower(address, connection, changed);
  const leave = connection.subscribe(follower.connectionChanged);
  document.addEventListener('visibilitychange', follower.open);
  follower.open();
  return () => {
    leave();
    document.removeEventListener('visibilitychange', follower.open);
    follower.stop();
  };
}

class Follower {
  private readonly gathered: ReturnType<typeof gather>;
  private source: EventSource | undefined;
  private later: ReturnType<typeof setTimeout> | undefined;
  /** Whether the open line was heard, and whether any line ever was. */
  private heard = false;
  private everHeard = false;
  private failures = 0;
  private wasDown = false;

  constructor(
    private readonly address: string,
    private readonly connection: Connection,
    changed: (news: News) => Promise<unknown> | void,
  ) {
    this.gathered = gather(changed);
  }

  /** A hidden tab holds no line, for a browser has only six to one server. */
  readonly open = () => {
    this.close();
    if (document.hidden) return;
    this.source = new EventSource(this.address);
    this.listen('alive', () => undefined);
    this.listen('resync', () => this.gathered.add('anything'));
    this.listen('change', (event) => this.gathered.add(runIn(event)));
    this.source.addEventListener('error', this.broken);
    this.openIn(TRY_AGAIN);
  };

  /** A server that is there again is listened to at once. */
  readonly connectionChanged = () => {
    const isDown = this.connection.snapshot().downSince !== null;
    const isBack = this.wasDown && !isDown;
    this.wasDown = isDown;
    if (isBack) this.open();
  };

  stop(): void {
    this.close();
    this.gathered.stop();
  }

  private close(): void {
    this.source?.close();
    this.source = undefined;
    this.heard = false;
    clearTimeout(this.later);
    this.connection.use('polling');
  }

  private listen(type: string, hear: (event: MessageEvent<string>) => void): void {
    this.source?.addEventListener(type, (event) => {
      // What happened while nobody listened was not heard.
      if (!this.heard) this.gathered.add('anything');
      this.heard = this.everHeard = true;
      this.failures = 0;
      this.connection.use('stream');
      this.openIn(SILENCE);
      hear(event as MessageEvent<string>);
    });
  }

  private readonly broken = () => {
    // Whether the server is gone is found out at once, not when somebody asks next.
    if (this.heard) this.gathered.add('anything');
    this.close();
    this.openIn(this.everHeard ? Math.min(COME_BACK * 2 ** this.failures++, TRY_AGAIN) : TRY_AGAIN);
  };

  private openIn(delay: number): void {
    clearTimeout(this.later);
    this.later = setTimeout(this.open, delay);
  }
}

function runIn(event: MessageEvent<string>): string {
  return (JSON.parse(event.data) as { run: string }).run;
}
