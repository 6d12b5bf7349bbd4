import type { WireEntry } from './model';

const COLUMNS = [
  'id',
  'at',
  'action',
  'actor',
  'actor_name',
  'task_id',
  'description',
  'field_changes',
  'ip_address',
  'user_agent',
  'sequence',
  'previous_hash',
  'hash',
] as const;

export function asCsv(entries: WireEntry[]): string {
  const rows = entries.map((entry) => COLUMNS.map((column) => cell(entry[column])).join(','));
  return [COLUMNS.join(','), ...rows].join('\r\n') + '\r\n';
}

/** A spreadsheet takes text that begins with one of these for a formula and runs it. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
