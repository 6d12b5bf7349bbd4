import { useQuery } from '@tanstack/react-query';

import { api, take } from '@/lib/api/client';
import { usePolling } from '@/lib/live';
import { asState, isFinished } from '@/lib/states';

import { detailFromWire } from '../model';

/** A run that goes on is asked for every second; a finished one seldom, for only its retries can change. */
export function useRun(id: string) {
  const often = usePolling(1000, 1000);
  const seldom = usePolling(15_000);
  return useQuery({
    queryKey: ['run', id],
    queryFn: ({ signal }) => take(api().GET('/runs/{run_id}/', { params: { path: { run_id: id } }, signal })),
    select: detailFromWire,
    refetchInterval: ({ state }) => (state.data && isFinished(asState(state.data.state)) ? seldom : often),
  });
}
