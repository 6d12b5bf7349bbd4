import { useInfiniteQuery } from '@tanstack/react-query';

import { api, cursorOf, take } from '@/lib/api/client';
import { usePolling } from '@/lib/live';
import { runFromWire } from '@/lib/run';

import type { RunFilters } from '../filters';

const PAGE = 50;

export function useRuns(filters: RunFilters) {
  const polling = usePolling(3000);
  return useInfiniteQuery({
    queryKey: ['runs', filters],
    queryFn: ({ pageParam, signal }) =>
      take(
        api().GET('/runs/', { params: { query: { ...filters, cursor: pageParam, limit: PAGE } }, signal }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => cursorOf(next) ?? undefined,
    select: ({ pages }) => pages.map(({ items }) => items.map(runFromWire)),
    // Who reads far down reads history: it is not asked for anew, all pages of it, every few seconds.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : polling),
  });
}
