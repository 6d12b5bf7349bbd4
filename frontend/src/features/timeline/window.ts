import { zoneOffset } from '@/lib/time';

/** What of the two days is looked at, in milliseconds since 1970. */
export interface Window {
  from: number;
  to: number;
}

export const HOUR = 3_600_000;
export const FULL = 24 * HOUR;

/** Where a moment lies in the window, 0 to 1 within it. */
export function place(at: number, { from, to }: Window): number {
  return (at - from) / (to - from);
}

export function around(now: number): Window {
  return { from: now - FULL, to: now + FULL };
}

/** A window around the same point, larger or smaller, never beyond a day on either side of now. */
export function zoomed(window: Window, factor: number, at: number, now: number): Window {
  const width = Math.min(2 * FULL, Math.max(HOUR / 4, (window.to - window.from) * factor));
  const share = place(at, window);
  return kept({ from: at - width * share, to: at + width * (1 - share) }, now);
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

/** Round moments of a zone to write on the axis, at most `most` of them. */
export function ticks({ from, to }: Window, most: number, zone: string): number[] {
  const step = stepOf({ from, to }, most);
  const offset = zoneOffset(from, zone);
  const first = Math.ceil((from + offset) / step) * step - offset;
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / step) + 1) },
    (_, count) => first + count * step,
  );
}

function stepOf({ from, to }: Window, most: number): number {
  return STEPS.find((size) => (to - from) / size <= most) ?? FULL;
}

/** Room that half a label needs beside the edge of the picture. */
const EDGE = 0.025;

/** The ticks that have room for words; every second one is minor and left out where there is little room. */
export function labels(window: Window, most: number, zone: string): { at: number; minor: boolean }[] {
  const step = stepOf(window, most);
  return ticks(window, most, zone)
    .filter((at) => Math.abs(place(at, window) - 0.5) < 0.5 - EDGE)
    .map((at) => ({ at, minor: (at + zoneOffset(at, zone)) % (2 * step) !== 0 }));
}
