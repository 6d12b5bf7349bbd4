import { useQuery } from '@tanstack/react-query';

import { api, cursorOf, take } from '@/lib/api/client';
import { usePolling } from '@/lib/live';
import { runFromWire } from '@/lib/run';

import { FULL, lanesFrom } from '../model';

/** A day of a very busy site is cut here, and the page says so. */
const MOST_PAGES = 10;

export function useLanes() {
  return useQuery({
    queryKey: ['timeline'],
    queryFn: async ({ signal }) => {
      const [tasks, day] = await Promise.all([take(api().GET('/tasks/', { signal })), lastDay(signal)]);
      return { tasks: tasks.items, ...day };
    },
    select: ({ tasks, items, complete }) => ({ lanes: lanesFrom(tasks, items.map(runFromWire)), complete }),
    refetchInterval: usePolling(5000),
  });
}

async function lastDay(signal: AbortSignal) {
  const from = new Date(Date.now() - FULL).toISOString();
  const items = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < MOST_PAGES && cursor !== null; page++) {
    const answer = await take(
      api().GET('/runs/', { params: { query: { from, cursor, limit: 200 } }, signal }),
    );
    items.push(...answer.items);
    cursor = cursorOf(answer.next);
  }
  return { items, complete: cursor === null };
}
