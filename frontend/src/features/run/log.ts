import type { LogLine } from './model';

export const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];

/** The lines of a level or worse that hold what is searched for. */
export function selected(lines: LogLine[], search: string, level: string): LogLine[] {
  const wanted = search.toLowerCase();
  const least = LEVELS.indexOf(level);
  return lines.filter(
    (line) =>
      LEVELS.indexOf(line.level) >= least &&
      (wanted === '' || `${line.logger} ${line.message}`.toLowerCase().includes(wanted)),
  );
}

/** The log as a file: all of it, whatever is searched for. */
export function asFile(lines: LogLine[]): string {
  return lines.map(({ at, level, logger, message }) => `${at} ${level} ${logger}: ${message}\n`).join('');
}
