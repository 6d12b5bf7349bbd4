import { useQuery } from '@tanstack/react-query';

import { api, take } from '@/lib/api/client';
import { usePolling } from '@/lib/live';
import { runFromWire } from '@/lib/run';

const LATEST = 100;

export function useTaskRuns(name: string) {
  return useQuery({
    queryKey: ['runs', 'of', name],
    queryFn: ({ signal }) =>
      take(api().GET('/runs/', { params: { query: { task: name, limit: LATEST } }, signal })),
    select: ({ items }) => items.map(runFromWire),
    refetchInterval: usePolling(3000),
  });
}
