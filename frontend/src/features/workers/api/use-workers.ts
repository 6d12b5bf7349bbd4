import { useQuery } from '@tanstack/react-query';

import { api, take } from '@/lib/api/client';
import { usePolling } from '@/lib/live';
import { text } from '@/lib/text';
import { parse } from '@/lib/time';

export type WorkerInfo = ReturnType<typeof useWorkers>['data'] extends (infer T)[] | undefined ? T : never;

export function useWorkers() {
  return useQuery({
    queryKey: ['workers'],
    queryFn: ({ signal }) => take(api().GET('/workers/', { signal })),
    select: ({ items }) =>
      items.map((wire) => ({
        instance: wire.instance,
        name: wire.name,
        pid: wire.pid,
        pool: wire.pool,
        slots: wire.slots,
        queues: wire.queues,
        tasks: wire.tasks,
        active: wire.active.map((run) => ({
          id: run.id,
          title: run.task_title ?? run.task_name ?? text.page.workers.unknownRun,
          startedAt: parse(run.started_at),
        })),
        reserved: wire.reserved,
        versions: Object.entries(wire.versions as Record<string, string>),
        clockOffset: wire.clock_offset_ms,
        startedAt: parse(wire.started_at),
        heartbeatAt: parse(wire.heartbeat_at),
      })),
    refetchInterval: usePolling(2000, 5000),
  });
}
