/** The start of a day of the address ("2026-11-23") in the browser's zone, or of a day later. */
export function dayStart(day: string | null, later = 0): string | undefined {
  const [year, month, date] = (day ?? '').split('-').map(Number);
  if (!year || !month || !date) return undefined;
  return new Date(year, month - 1, date + later).toISOString();
}
