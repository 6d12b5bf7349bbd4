import { useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';

export type Change = Record<string, string | string[] | null>;

/** The filters of a page live in its address: a link shows what its sender saw. */
export function useFilters(): [URLSearchParams, (change: Change) => void] {
  const search = useSearch();
  const [path, navigate] = useLocation();
  const filters = useMemo(() => new URLSearchParams(search), [search]);
  const change = (changes: Change) => {
    const next = changed(filters, changes).toString();
    // Replaced, not added: "back" leaves the page and does not undo letter by letter.
    navigate(next ? `${path}?${next}` : path, { replace: true });
  };
  return [filters, change];
}

export function changed(filters: URLSearchParams, changes: Change): URLSearchParams {
  const next = new URLSearchParams(filters);
  for (const [name, value] of Object.entries(changes)) {
    next.delete(name);
    for (const item of [value ?? []].flat()) if (item !== '') next.append(name, item);
  }
  return next;
}

export const routes = {
  tasks: '/',
  task: (name: string) => `/tasks/${encodeURIComponent(name)}`,
  runs: '/runs',
  runsOf: (name: string) => `/runs?task=${encodeURIComponent(name)}`,
  run: (id: string) => `/runs/${encodeURIComponent(id)}`,
  timeline: '/timeline',
  workers: '/workers',
  audit: '/audit',
};
