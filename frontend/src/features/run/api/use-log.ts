import { useQuery, useQueryClient } from '@tanstack/react-query';

import { api, take } from '@/lib/api/client';
import { usePolling } from '@/lib/live';

import type { LogLine } from '../model';

interface Log {
  lines: LogLine[];
  cursor: string;
  more: boolean;
  cut: number;
}

const NOTHING: Log = { lines: [], cursor: '', more: true, cut: 0 };
/** So many pages at once; what is left comes with the next question. */
const PAGES_AT_ONCE = 10;

/** The log read so far; every question only asks for what came after it. */
export function useLog(id: string, finished: boolean) {
  const cache = useQueryClient();
  const key = ['log', id];
  const polling = usePolling(1000, 1000);
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => readOn(id, cache.getQueryData<Log>(key) ?? NOTHING, signal),
    refetchInterval: ({ state }) =>
      finished && state.data && !state.data.more && isSettled(state) ? false : polling,
  });
}

/** Lines are written in batches, so the last of them may follow the end of the run. */
function isSettled({ dataUpdateCount }: { dataUpdateCount: number }): boolean {
  return dataUpdateCount > 3;
}

async function readOn(id: string, before: Log, signal: AbortSignal): Promise<Log> {
  let log = before;
  for (let page = 0; page < PAGES_AT_ONCE; page++) {
    const query = { after: log.cursor || undefined, limit: 200 };
    const answer = await take(
      api().GET('/runs/{run_id}/log/', { params: { path: { run_id: id }, query }, signal }),
    );
    const lines = answer.items.length > 0 ? [...log.lines, ...answer.items] : log.lines;
    log = { lines, cursor: answer.cursor, more: answer.more, cut: answer.cut };
    if (!answer.more) break;
  }
  return log;
}
