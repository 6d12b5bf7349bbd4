import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { Failure } from './Failure';
import { Loading } from './Loading';

interface Props<T> {
  query: Pick<UseQueryResult<T>, 'data' | 'error'>;
  rows?: number;
  children: (data: T) => ReactNode;
}

/** What was loaded last stays, whatever happens later; the connection's banner says that it is old. */
export function Loaded<T>({ query, rows, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failure error={query.error} />;
  return <Loading rows={rows} />;
}
