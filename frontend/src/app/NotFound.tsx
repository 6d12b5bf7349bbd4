import { Link } from 'wouter';

import { PageHeader } from '@/components/PageHeader';
import { routes } from '@/lib/address';
import { text } from '@/lib/text';

export function NotFound() {
  return (
    <div className="stack">
      <PageHeader title={text.failure.notFound} />
      <p>{text.failure.notFoundHint}</p>
      <p>
        <Link href={routes.tasks}>{text.nav.tasks}</Link>
      </p>
    </div>
  );
}
