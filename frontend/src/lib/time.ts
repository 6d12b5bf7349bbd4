const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS: [number, string][] = [
  [DAY, 'day'],
  [HOUR, 'hour'],
  [MINUTE, 'minute'],
  [SECOND, 'second'],
];

/** "3 minutes ago", "in 2 hours", "just now". */
export function relative(at: Date, now: number): string {
  const distance = at.getTime() - now;
  if (Math.abs(distance) < 2 * SECOND) return 'just now';
  const span = coarse(Math.abs(distance));
  return distance < 0 ? `${span} ago` : `in ${span}`;
}

/** A span in its largest unit: "3 minutes". Cut off, not rounded: 59 minutes are never "1 hour". */
export function coarse(milliseconds: number): string {
  const [size, name] = UNITS.find(([unit]) => milliseconds >= unit) ?? [SECOND, 'second'];
  const count = Math.floor(milliseconds / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** A span that somebody measures: "0.17 s", "12.4 s", "3 min 05 s", "2 h 04 min", "3 d 4 h". */
export function duration(seconds: number): string {
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.floor(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** Time left as a clock: "4:07", "1:04:07", "2 d 3 h". */
export function countdown(milliseconds: number): string {
  const whole = Math.max(0, Math.ceil(milliseconds / SECOND));
  if (whole >= 86_400) return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
  const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds)}` : `${minutes}:${pad(seconds)}`;
}

/** "23 Nov 2026, 22:27:04" in a zone; without one, in the browser's. */
export function exact(at: Date, timeZone?: string): string {
  return formatter(timeZone).format(at);
}

/** "22:27:04" in a zone. */
export function clock(at: Date, timeZone?: string): string {
  return exact(at, timeZone).split(', ')[1] ?? '';
}

/** "24 Nov" in a zone. */
export function day(at: Date, timeZone?: string): string {
  return exact(at, timeZone).replace(/ \d{4},.*/, '');
}

const NUMERIC = {
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
} as const;

/** How far a zone's clocks are ahead of UTC at a moment, in milliseconds. */
export function zoneOffset(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en', { ...NUMERIC, timeZone }).formatToParts(at);
  const part = (type: string) => Number(parts.find((found) => found.type === type)?.value);
  const [year, month, date] = [part('year'), part('month'), part('day')];
  return Date.UTC(year, month - 1, date, part('hour'), part('minute')) - Math.floor(at / MINUTE) * MINUTE;
}

export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** What both zones' clocks showed, one line each; one line where they are the same. */
export function inBothZones(at: Date, siteZone: string): string[] {
  const mine = browserZone();
  const site = `${exact(at, siteZone)} ${siteZone}`;
  return mine === siteZone ? [site] : [`${site} (site)`, `${exact(at, mine)} ${mine} (you)`];
}

export function parse(wire: string): Date;
export function parse(wire: string | null): Date | null;
export function parse(wire: string | null): Date | null {
  return wire === null ? null : new Date(wire);
}

const pad = (number: number) => String(number).padStart(2, '0');

const formatters = new Map<string | undefined, Intl.DateTimeFormat>();

/** Making a formatter costs more than a hundred uses of it. */
function formatter(timeZone?: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    ...(timeZone ? { timeZone } : {}),
  });
  formatters.set(timeZone, made);
  return made;
}
