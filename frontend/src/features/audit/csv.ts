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
  return BYTE_ORDER_MARK + [COLUMNS.join(','), ...rows].join('\r\n') + '\r\n';
}

/** A spreadsheet takes text that begins with one of these, wide or narrow, for a formula and runs it. */
const FORMULA = /^\s*[=+\-@\uFF0B\uFF0D\uFF1D\uFF20]|^[\t\r\n]/;
/** Without it spreadsheets read UTF-8 as something else. */
const BYTE_ORDER_MARK = '\uFEFF';

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
