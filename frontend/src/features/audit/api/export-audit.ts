import { api, cursorOf, take } from '@/lib/api/client';

import type { AuditFilters } from '../filters';
import type { WireEntry } from '../model';

/** A file that somebody opens, not a copy of the table: who needs more narrows the filters. */
const MOST = 10_000;

export interface Export {
  entries: WireEntry[];
  complete: boolean;
}

export async function collect(filters: AuditFilters, tell: (count: number) => void): Promise<Export> {
  const entries: WireEntry[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null && entries.length < MOST) {
    const query = { ...filters, cursor, limit: 200 };
    const page = await take(api().GET('/audit/', { params: { query } }));
    entries.push(...page.items);
    tell(entries.length);
    cursor = cursorOf(page.next);
  }
  return { entries, complete: cursor === null };
}
