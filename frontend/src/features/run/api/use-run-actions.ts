import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api, take } from '@/lib/api/client';

export function useCancelRun(id: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (reason: string) =>
      take(
        api().POST('/runs/{run_id}/cancellation/', { params: { path: { run_id: id } }, body: { reason } }),
      ),
    onSettled: () => cache.invalidateQueries({ queryKey: ['run', id] }),
  });
}

export function useRetryRun(id: string, key: string) {
  return useMutation({
    mutationFn: (reason: string) =>
      take(
        api().POST('/runs/{run_id}/retry/', {
          params: { path: { run_id: id }, header: { 'Idempotency-Key': key } },
          body: { reason },
        }),
      ),
  });
}
