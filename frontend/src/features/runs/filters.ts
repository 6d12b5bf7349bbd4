import { dayStart } from '@/lib/days';
import { asState, labelOf } from '@/lib/states';
import { text } from '@/lib/text';

export const FILTER_NAMES = ['task', 'state', 'trigger', 'actor', 'from', 'to'];

export interface RunFilters {
  task?: string;
  state?: string[];
  trigger?: string;
  actor?: string;
  from?: string;
  to?: string;
}

/** What the address asks for, as the API wants it: days of the address are whole days of the browser's zone. */
export function readFilters(params: URLSearchParams): RunFilters {
  const one = (name: string) => params.get(name) || undefined;
  const states = params.getAll('state');
  return {
    task: one('task'),
    state: states.length > 0 ? states : undefined,
    trigger: one('trigger'),
    actor: one('actor'),
    from: dayStart(params.get('from')),
    to: dayStart(params.get('to'), 1),
  };
}

export function sayFilter(name: string, value: string): string {
  if (name === 'state') return labelOf(asState(value));
  if (name === 'trigger') return text.triggers[value as keyof typeof text.triggers] ?? value;
  if (name === 'from') return text.filters.fromDay(value);
  if (name === 'to') return text.filters.toDay(value);
  return text.page.runs.byActor(value);
}
