import { useQuery } from '@tanstack/react-query';

import { api, take } from '@/lib/api/client';

export function useTaskNames() {
  return useQuery({
    queryKey: ['tasks'],
    queryFn: ({ signal }) => take(api().GET('/tasks/', { signal })),
    select: ({ items }) => items.map(({ name, title }) => ({ value: name, label: title })),
    staleTime: 300_000,
  });
}
