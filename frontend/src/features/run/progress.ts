import type { RunDetail } from './model';

export interface Pace {
  percent: number | null;
  /** Items a second. */
  rate: number | null;
  secondsLeft: number | null;
}

/** How far a run is and how fast, from its start to now. */
export function paceOf(
  { progress, startedAt }: Pick<RunDetail, 'progress' | 'startedAt'>,
  now: number,
): Pace {
  if (progress === null || startedAt === null) return { percent: null, rate: null, secondsLeft: null };
  const { done, total } = progress;
  const seconds = (now - startedAt.getTime()) / 1000;
  const rate = seconds > 0 && done > 0 ? done / seconds : null;
  return {
    percent: total ? Math.min(100, Math.floor((100 * done) / total)) : null,
    rate,
    secondsLeft: rate !== null && total ? Math.max(0, total - done) / rate : null,
  };
}
