import { useQuery } from '@tanstack/react-query';

import { api, take } from '@/lib/api/client';

import { definitionFromWire } from '../model';

export function useTask(name: string) {
  return useQuery({
    queryKey: ['task', name],
    queryFn: ({ signal }) => take(api().GET('/tasks/{name}/', { params: { path: { name } }, signal })),
    select: definitionFromWire,
  });
}
