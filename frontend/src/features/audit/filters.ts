import { dayStart } from '@/lib/days';
import { text } from '@/lib/text';

import { actionWords } from './model';

export const FILTER_NAMES = ['actor', 'action', 'task', 'task_id', 'from', 'to'];

export interface AuditFilters {
  actor?: string;
  action?: string;
  task?: string;
  task_id?: string;
  from?: string;
  to?: string;
}

export function readFilters(params: URLSearchParams): AuditFilters {
  const one = (name: string) => params.get(name) || undefined;
  return {
    actor: one('actor'),
    action: one('action'),
    task: one('task'),
    task_id: one('task_id'),
    from: dayStart(params.get('from')),
    to: dayStart(params.get('to'), 1),
  };
}

export function sayFilter(name: string, value: string): string {
  const { filter } = text.page.audit;
  if (name === 'action') return actionWords(value);
  if (name === 'from') return text.filters.fromDay(value);
  if (name === 'to') return text.filters.toDay(value);
  return filter[name as keyof typeof filter](value);
}
