import { useQuery } from '@tanstack/react-query';

import { api, take } from '@/lib/api/client';
import { usePolling } from '@/lib/live';
import { parse } from '@/lib/time';

export type QueueInfo = ReturnType<typeof useQueues>['data'] extends (infer T)[] | undefined ? T : never;

export function useQueues() {
  return useQuery({
    queryKey: ['queues'],
    queryFn: ({ signal }) => take(api().GET('/queues/', { signal })),
    select: ({ items }) =>
      items.map((wire) => ({
        name: wire.name,
        depth: wire.depth,
        depthError: wire.depth_error,
        waiting: wire.waiting,
        running: wire.running,
        oldestAt: parse(wire.oldest_waiting_at),
        consumers: wire.consumers,
        tasks: wire.tasks,
      })),
    refetchInterval: usePolling(2000, 5000),
  });
}
