import { useQuery } from '@tanstack/react-query';

import { api, take, type Wire } from './api/client';
import { text } from './text';

type Standing = Pick<Wire['TaskStatusOut'], 'queue' | 'queue_consumed' | 'registered'>;

/** Why a run of a task would not start now; null if one would. */
export function blockedBecause(task: Standing): string | null {
  if (!task.queue_consumed) return text.blocked.unconsumed(task.queue);
  if (!task.registered) return text.blocked.unregistered;
  return null;
}

/** The same for one task, from the overview that all pages share. */
export function useBlocked(taskName: string): string | null {
  const { data } = useQuery({
    queryKey: ['status'],
    queryFn: ({ signal }) => take(api().GET('/monitoring/status/', { signal })),
    select: ({ tasks }) => tasks.find(({ name }) => name === taskName),
    staleTime: 10_000,
  });
  return data ? blockedBecause(data) : null;
}
