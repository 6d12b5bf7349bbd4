import type { Wire } from '@/lib/api/client';
import { asState, labelOf, type State } from '@/lib/states';
import { text } from '@/lib/text';
import { parse } from '@/lib/time';

export interface Bar {
  id: string;
  state: State;
  /** Milliseconds since 1970. */
  from: number;
  /** Null while it runs; the same as `from` where it never started. */
  to: number | null;
  dryRun: boolean;
}

export interface Lane {
  name: string;
  title: string;
  runs: Bar[];
  /** Of runs before this moment only those that went wrong are here; null if all are. */
  completeSince: Date | null;
  planned: number[];
  /** Whether that is all of it; else it goes on like that. */
  plannedAll: boolean;
  usualSeconds: number | null;
}

export function laneFromWire(wire: Wire['LaneOut']): Lane {
  return {
    name: wire.name,
    title: wire.title,
    runs: wire.runs.map(barFromWire),
    completeSince: parse(wire.complete_since),
    planned: wire.planned.map(Date.parse),
    plannedAll: wire.planned_all,
    usualSeconds: wire.usual_seconds,
  };
}

function barFromWire({ id, state, at, seconds, dry_run: dryRun }: Wire['BarOut']): Bar {
  const from = Date.parse(at);
  const to = state === 'STARTED' ? null : from + (seconds ?? 0) * 1000;
  return { id, state: asState(state), from, to, dryRun };
}

/** A lane for those who cannot see it: "12 runs in 24 hours: 11 succeeded, 1 failed; due 24 times in the next 24". */
export function laneWords({ runs, planned, plannedAll }: Lane): string {
  const words = text.page.timeline;
  const due = planned.length > 0 && (plannedAll ? words.due : words.dueOften)(planned.length);
  return [ranWords(runs), due].filter(Boolean).join('; ');
}

function ranWords(runs: Bar[]): string {
  const words = text.page.timeline;
  if (runs.length === 0) return words.noRuns;
  const counts = new Map<string, number>();
  for (const { state } of runs) counts.set(labelOf(state), (counts.get(labelOf(state)) ?? 0) + 1);
  const parts = [...counts].map(([label, count]) => `${count} ${label.toLowerCase()}`);
  return words.runs(runs.length, parts.join(', '));
}
