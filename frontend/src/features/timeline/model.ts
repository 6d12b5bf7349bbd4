import type { Wire } from '@/lib/api/client';
import type { Run } from '@/lib/run';
import { labelOf } from '@/lib/states';
import { text } from '@/lib/text';
import { parse } from '@/lib/time';

export interface Lane {
  name: string;
  title: string;
  runs: Run[];
  planned: { at: Date; seconds: number }[];
}

export interface Window {
  from: number;
  to: number;
}

export const HOUR = 3_600_000;
export const FULL = 24 * HOUR;

/** A lane for each task: what ran, and what is due next with its usual duration. */
export function lanesFrom(tasks: Wire['TaskOut'][], runs: Run[]): Lane[] {
  return tasks.map((task) => {
    const own = runs.filter(({ taskName }) => taskName === task.name);
    const seconds = usualSeconds(own);
    return {
      name: task.name,
      title: task.title,
      runs: own,
      planned: task.schedules.map(({ next_due_at: at }) => ({ at: parse(at), seconds })),
    };
  });
}

function usualSeconds(runs: Run[]): number {
  const measured = runs
    .flatMap(({ secondsRan }) => (secondsRan === null ? [] : [secondsRan]))
    .sort((a, b) => a - b);
  return measured[Math.floor(measured.length / 2)] ?? 0;
}

/** Where a moment lies in the window, 0 to 1 within it. */
export function place(at: number, { from, to }: Window): number {
  return (at - from) / (to - from);
}

/** A window around the same point, larger or smaller, never beyond a day on either side of now. */
export function zoomed(window: Window, factor: number, around: number, now: number): Window {
  const width = Math.min(2 * FULL, Math.max(HOUR / 4, (window.to - window.from) * factor));
  const share = place(around, window);
  return kept({ from: around - width * share, to: around + width * (1 - share) }, now);
}

export function panned(window: Window, share: number, now: number): Window {
  const distance = (window.to - window.from) * share;
  return kept({ from: window.from + distance, to: window.to + distance }, now);
}

function kept({ from, to }: Window, now: number): Window {
  const tooEarly = Math.max(0, now - FULL - from);
  const tooLate = Math.max(0, to - (now + FULL));
  return { from: from + tooEarly - tooLate, to: to + tooEarly - tooLate };
}

const STEPS = [5, 15, 30, 60, 120, 180, 360, 720].map((minutes) => (minutes * HOUR) / 60);

/** Round moments to write on the axis, at most `most` of them. */
export function ticks({ from, to }: Window, most: number): number[] {
  const step = STEPS.find((size) => (to - from) / size <= most) ?? FULL;
  // Whole hours of the browser's zone: an offset of half an hour shifts them.
  const shift = new Date(from).getTimezoneOffset() * 60_000;
  const first = Math.ceil((from - shift) / step) * step + shift;
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / step) + 1) },
    (_, count) => first + count * step,
  );
}

/** A lane for those who cannot see it: "12 runs in 24 hours: 11 succeeded, 1 failed". */
export function laneWords({ runs }: Lane): string {
  if (runs.length === 0) return 'No run in 24 hours';
  const counts = new Map<string, number>();
  for (const { state } of runs) counts.set(labelOf(state), (counts.get(labelOf(state)) ?? 0) + 1);
  const parts = [...counts].map(([label, count]) => `${count} ${label.toLowerCase()}`);
  return `${text.runs(runs.length)} in 24 hours: ${parts.join(', ')}`;
}
