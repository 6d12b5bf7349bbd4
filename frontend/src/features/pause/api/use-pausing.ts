import { useMutation, useQueryClient } from '@tanstack/react-query';

import { api, take } from '@/lib/api/client';
import type { Pause } from '@/lib/pause';

/** What a pause holds back. */
export type Target = Pick<Pause, 'scope' | 'target'>;
export type Missed = 'skip' | 'catch_up';

export interface PauseOrder extends Target {
  reason: string;
  until: string | null;
}

export function usePauseTasks() {
  const refresh = useRefresh();
  return useMutation({ mutationFn: pause, onSettled: refresh });
}

export function useResumeTasks() {
  const refresh = useRefresh();
  return useMutation({ mutationFn: resume, onSettled: refresh });
}

function pause({ scope, target, reason, until }: PauseOrder): Promise<unknown> {
  if (scope === 'task')
    return take(
      api().PUT('/tasks/{name}/pause/', { params: { path: { name: target } }, body: { reason, until } }),
    );
  const category = scope === 'category' ? target : null;
  return take(api().PUT('/pause/', { body: { reason, until, category } }));
}

function resume({ scope, target, missed }: Target & { missed: Missed }): Promise<unknown> {
  if (scope === 'task')
    return take(
      api().DELETE('/tasks/{name}/pause/', { params: { path: { name: target }, query: { missed } } }),
    );
  const category = scope === 'category' ? target : null;
  return take(api().DELETE('/pause/', { params: { query: { missed, category } } }));
}

/** A pause is no event of a run: what it touches is asked for at once. */
function useRefresh() {
  const cache = useQueryClient();
  return () =>
    Promise.all(
      ['status', 'task', 'tasks', 'audit'].map((subject) => cache.invalidateQueries({ queryKey: [subject] })),
    );
}
