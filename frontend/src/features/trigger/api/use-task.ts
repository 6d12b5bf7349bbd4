import { useQuery } from '@tanstack/react-query';

import { api, take } from '@/lib/api/client';

import { fieldsOf } from '../schema';

export function useTask(name: string) {
  return useQuery({
    queryKey: ['task', name],
    queryFn: ({ signal }) => take(api().GET('/tasks/{name}/', { params: { path: { name } }, signal })),
    select: (wire) => ({
      title: wire.title,
      description: wire.description,
      queue: wire.queue,
      rehearsal: wire.rehearsal,
      overlap: wire.overlap,
      fields: fieldsOf(wire.params_schema),
    }),
    staleTime: 60_000,
  });
}
