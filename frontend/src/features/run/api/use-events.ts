import { keepPreviousData, useQuery } from '@tanstack/react-query';

import { api, cursorOf, take } from '@/lib/api/client';
import { usePolling } from '@/lib/live';

import { eventsFromWire } from '../model';

const MOST_PAGES = 5;

export function useEvents(id: string, finished: boolean) {
  const polling = usePolling(finished ? 15_000 : 1000);
  return useQuery({
    // The end of a run brings its last events, which are asked for at once.
    queryKey: ['events', id, finished],
    queryFn: ({ signal }) => allEvents(id, signal),
    // Both stay the same from drawing to drawing: placeholder data is derived anew, and drawn anew, whenever they change.
    select: eventsFromWire,
    placeholderData: keepPreviousData,
    refetchInterval: polling,
  });
}

async function allEvents(id: string, signal: AbortSignal) {
  const items = [];
  let cursor: string | null | undefined;
  for (let page = 0; page < MOST_PAGES && cursor !== null; page++) {
    const query = { cursor };
    const answer = await take(
      api().GET('/runs/{run_id}/events/', { params: { path: { run_id: id }, query }, signal }),
    );
    items.push(...answer.items);
    cursor = cursorOf(answer.next);
  }
  return items;
}
