import { useQuery } from '@tanstack/react-query';

import { api, take } from '@/lib/api/client';
import { usePolling } from '@/lib/live';
import { parse } from '@/lib/time';

/** When a task is due next. The first of them passes sooner or later, so it is asked again from time to time. */
export function useOccurrences(name: string) {
  return useQuery({
    queryKey: ['occurrences', name],
    queryFn: ({ signal }) =>
      take(
        api().GET('/tasks/{name}/occurrences/', { params: { path: { name }, query: { limit: 20 } }, signal }),
      ),
    select: ({ items }) => items.map(({ at, schedule_name: schedule }) => ({ at: parse(at), schedule })),
    refetchInterval: usePolling(30_000),
  });
}
