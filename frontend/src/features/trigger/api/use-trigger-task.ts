import { useMutation } from '@tanstack/react-query';

import { api, take } from '@/lib/api/client';

export interface Order {
  taskName: string;
  params: Record<string, unknown>;
  dryRun: boolean;
  reason: string;
  key: string;
}

export function useTriggerTask(onTriggered: (runId: string) => void) {
  return useMutation({
    mutationFn: ({ taskName, params, dryRun, reason, key }: Order) =>
      take(
        api().POST('/monitoring/manual-trigger/', {
          params: { header: { 'Idempotency-Key': key } },
          body: { task_name: taskName, params, dry_run: dryRun, reason },
        }),
      ),
    onSuccess: ({ task_id: id }) => onTriggered(id),
  });
}
