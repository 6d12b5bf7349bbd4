import { type State, toneOf } from '@/lib/states';

import type { Task } from './model';

export interface Filters {
  search: string;
  category: string;
  state: string;
}

/** What the state filter offers: how a task is, not each state a run can have. */
const HOLDS: Record<string, (task: Task) => boolean> = {
  attention: (task) => task.verdict !== 'healthy',
  healthy: (task) => task.verdict === 'healthy',
  running: (task) => task.running > 0,
  waiting: (task) => task.waiting > 0,
  failed: (task) => lastIs(task, ['bad', 'partial']),
  paused: (task) => task.pause !== null,
  never: (task) => task.last === null,
};

function lastIs(task: Task, tones: string[]): boolean {
  return task.last !== null && tones.includes(toneOf(task.last.state as State));
}

export function readFilters(params: URLSearchParams): Filters {
  return {
    search: params.get('search') ?? '',
    category: params.get('category') ?? '',
    state: params.get('state') ?? '',
  };
}

export function matching(tasks: Task[], { search, category, state }: Filters): Task[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return tasks.filter(
    (task) =>
      (!category || task.category === category) &&
      (HOLDS[state]?.(task) ?? true) &&
      words.every((word) => searchable(task).includes(word)),
  );
}

/** Hyphens and underscores are the same to somebody who searches. */
function searchable(task: Task): string {
  const name = task.name.toLowerCase();
  return `${task.title} ${task.description}`.toLowerCase() + ` ${name} ${name.replaceAll('_', '-')}`;
}

/** Tasks under their categories, in the order in which the server lists them. */
export function byCategory(tasks: Task[]): [string, Task[]][] {
  const groups = new Map<string, Task[]>();
  for (const task of tasks) groups.set(task.category, [...(groups.get(task.category) ?? []), task]);
  return [...groups];
}
