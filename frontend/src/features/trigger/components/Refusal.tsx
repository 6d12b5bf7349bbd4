import { Link } from 'wouter';

import { Notice } from '@/components/Notice';
import { isOutage, ProblemError } from '@/lib/api/problem';
import { routes } from '@/lib/address';

import { text } from '@/lib/text';

import type { Field } from '../schema';

/** Why no run was made. What belongs to a field stands beside the field; the rest is said here. */
export function Refusal({ error, fields }: { error: Error | null; fields: Field[] }) {
  if (error === null) return null;
  const problem = error instanceof ProblemError ? error : null;
  const homeless = Object.entries(problem?.fieldErrors ?? {}).filter(
    ([name]) => !fields.some((field) => field.name === name),
  );
  return (
    <Notice tone="bad" role="alert">
      {isOutage(error) ? text.page.trigger.unreachable : error.message}
      {homeless.map(([name, message]) => (
        <div key={name}>
          {name}: {message}
        </div>
      ))}
      {problem?.document.conflicting_run && (
        <div>
          <Link href={routes.run(problem.document.conflicting_run)}>{text.page.trigger.inTheWay}</Link>
        </div>
      )}
    </Notice>
  );
}
