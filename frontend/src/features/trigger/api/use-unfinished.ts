import { useQuery } from '@tanstack/react-query';

import { api, take } from '@/lib/api/client';
import { usePolling } from '@/lib/live';
import { runFromWire } from '@/lib/run';
import { UNFINISHED } from '@/lib/states';

/** What runs or waits to run now, of all tasks. */
export function useUnfinished() {
  return useQuery({
    queryKey: ['runs', 'unfinished'],
    queryFn: ({ signal }) =>
      take(api().GET('/runs/', { params: { query: { state: UNFINISHED, limit: 20 } }, signal })),
    select: ({ items }) => items.map(runFromWire),
    refetchInterval: usePolling(3000),
  });
}
