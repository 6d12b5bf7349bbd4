import { useQuery } from '@tanstack/react-query';

import { api, take } from '@/lib/api/client';
import { usePolling } from '@/lib/live';

import { statusFromWire } from '../model';

/** How all tasks do. Every page shows a part of it, so all share one answer. */
export function useStatus(interval = 3000) {
  const polling = usePolling(interval, 10_000);
  return useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => take(api().GET('/monitoring/status/', { signal })),
    select: statusFromWire,
    refetchInterval: polling,
  });
}
