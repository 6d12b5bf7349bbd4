import { useInfiniteQuery } from '@tanstack/react-query';

import { api, cursorOf, take } from '@/lib/api/client';
import { usePolling } from '@/lib/live';

import type { AuditFilters } from '../filters';
import { entryFromWire } from '../model';

export function useAudit(filters: AuditFilters) {
  const polling = usePolling(5000);
  return useInfiniteQuery({
    queryKey: ['audit', filters],
    queryFn: ({ pageParam, signal }) =>
      take(api().GET('/audit/', { params: { query: { ...filters, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => cursorOf(next) ?? undefined,
    select: ({ pages }) => pages.map(({ items }) => items.map(entryFromWire)),
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : polling),
  });
}
