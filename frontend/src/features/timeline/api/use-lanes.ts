import { useQuery } from '@tanstack/react-query';

import { api, take } from '@/lib/api/client';
import { usePolling } from '@/lib/live';

import { laneFromWire } from '../model';

export function useLanes() {
  return useQuery({
    queryKey: ['timeline'],
    queryFn: ({ signal }) => take(api().GET('/timeline/', { signal })),
    select: ({ lanes }) => lanes.map(laneFromWire),
    refetchInterval: usePolling(5000),
  });
}
