import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';

import { isOutage } from '@/lib/api/problem';
import { Connection } from '@/lib/connection';

export interface Queries {
  client: QueryClient;
  connection: Connection;
}

/** The cache of all answers, and the connection that learns from each whether the server can be reached. */
export function makeQueries(): Queries {
  const connection = new Connection(() => void client.refetchQueries({ type: 'active' }));
  const heard = () => connection.succeeded();
  const failed = (error: Error) => (isOutage(error) ? connection.failed() : connection.succeeded());
  const client = new QueryClient({
    queryCache: new QueryCache({ onSuccess: heard, onError: failed }),
    mutationCache: new MutationCache({ onSuccess: heard, onError: failed }),
    // The connection tries again for all of them together.
    defaultOptions: {
      queries: { retry: false, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  });
  return { client, connection };
}
