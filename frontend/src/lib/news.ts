/** What happened to which runs; or that something did, and nobody knows what. */
export type News = { runs: ReadonlySet<string> } | 'anything';

/** Changes that come in a burst are answered once. */
const GATHER = 200;

/** Gathers what happened, and tells it; never while what was told last is still being answered. */
export function gather(tell: (news: News) => Promise<unknown> | void) {
  let runs = new Set<string>();
  let anything = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let answering = false;

  const flush = async () => {
    const news: News = anything ? 'anything' : { runs };
    [runs, anything, timer, answering] = [new Set(), false, undefined, true];
    await Promise.resolve(tell(news)).catch(() => undefined);
    answering = false;
    if (anything || runs.size > 0) plan();
  };
  const plan = () => {
    if (!answering) timer ??= setTimeout(() => void flush(), GATHER);
  };
  return {
    add(run: string) {
      if (run === 'anything') anything = true;
      else runs.add(run);
      plan();
    },
    stop: () => clearTimeout(timer),
  };
}
