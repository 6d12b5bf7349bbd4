import { isOutage } from '@/lib/api/problem';
import { text } from '@/lib/text';

import { Notice } from './Notice';

/** Why there is nothing to show. */
export function Failure({ error }: { error: Error }) {
  return (
    <Notice tone="bad" role="alert">
      {isOutage(error) ? text.failure.unreachable : error.message}
    </Notice>
  );
}
