import type { Query } from '@tanstack/react-query';

import type { News } from '@/lib/news';

/** Answers that tell about runs altogether. What a task is declared to be does not change with its runs. */
const ABOUT_ALL_RUNS = ['status', 'runs', 'timeline', 'workers', 'queues', 'audit'];
const ABOUT_ONE_RUN = ['run', 'events', 'log'];

/** Whether an answer may be another one after the news. */
export function isTouched({ queryKey, state }: Pick<Query, 'queryKey' | 'state'>, news: News): boolean {
  const [subject, id] = queryKey as [string, string?];
  // Who has scrolled far down reads history: the pages are not all loaded again under their eyes.
  if (pagesOf(state.data) > 1) return false;
  if (news === 'anything' || ABOUT_ALL_RUNS.includes(subject)) return true;
  return ABOUT_ONE_RUN.includes(subject) && id !== undefined && news.runs.has(id);
}

function pagesOf(data: unknown): number {
  const pages = (data as { pages?: unknown[] } | undefined)?.pages;
  return Array.isArray(pages) ? pages.length : 1;
}
