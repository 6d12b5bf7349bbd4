import { text } from '@/lib/text';

import type { Field, Kind } from './schema';

const words = text.page.trigger;

/** What a form's inputs hold: text, or whether a box is ticked. */
export type Values = Record<string, string | boolean>;

export interface Parsed {
  params: Record<string, unknown>;
  errors: Record<string, string>;
}

class Refused extends Error {}

/** What the inputs show at first: what was asked for before, else the defaults. */
export function initialValues(fields: Field[], params: Record<string, unknown> = {}): Values {
  return Object.fromEntries(
    fields.map((field) => [field.name, shown(field, params[field.name] ?? field.initial)]),
  );
}

function shown(field: Field, value: unknown): string | boolean {
  // A box without a default must still show one of its two values; "not ticked" is what it would send.
  if (field.kind === 'boolean' && !field.nullable) return value === true;
  if (value === null || value === undefined) return '';
  if (field.kind === 'json') return JSON.stringify(value, null, 2);
  if (field.kind === 'list') return (value as unknown[]).map(String).join('\n');
  if (field.kind === 'date-time') return toLocalInput(new Date(value as string));
  return String(value);
}

/** The parameters to send, or what is wrong. The server checks again; this only spares a way there and back. */
export function parseValues(fields: Field[], values: Values): Parsed {
  const parsed: Parsed = { params: {}, errors: {} };
  for (const field of fields) {
    try {
      const value = parseValue(field, values[field.name] ?? '');
      if (value !== undefined) parsed.params[field.name] = value;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      parsed.errors[field.name] = error.message;
    }
  }
  return parsed;
}

function parseValue(field: Field, raw: string | boolean): unknown {
  if (typeof raw === 'boolean') return raw;
  if (raw.trim() === '') return emptyValue(field, raw);
  if (field.kind === 'boolean') return raw === 'true';
  if (field.kind === 'enum') return field.options.find((option) => String(option) === raw);
  if (field.kind === 'list') return lines(raw).map((line) => parseScalar(field.item ?? 'text', line, {}));
  return parseScalar(field.kind, raw, field);
}

/** Nothing was entered: null where that is a value, else the default, which the server fills in. */
function emptyValue(field: Field, raw: string): unknown {
  if (field.nullable) return null;
  if (field.kind === 'list' && !field.required) return [];
  if (field.kind === 'text' && (field.required ? !field.minLength : field.initial !== null)) return raw;
  if (field.required) throw new Refused(words.needed);
  return undefined;
}

function parseScalar(kind: Kind, raw: string, limits: Partial<Field>): unknown {
  if (kind === 'integer' || kind === 'number') return parseNumber(kind, raw, limits);
  if (kind === 'json') return parseJson(raw);
  if (kind === 'date-time') return parseMoment(raw);
  return raw;
}

function parseNumber(kind: Kind, raw: string, { minimum, maximum }: Partial<Field>): number {
  const number = Number(raw);
  if (Number.isNaN(number)) throw new Refused(words.notNumber);
  if (kind === 'integer' && !Number.isInteger(number)) throw new Refused(words.notWhole);
  if (minimum !== undefined && number < minimum) throw new Refused(words.tooSmall(minimum));
  if (maximum !== undefined && number > maximum) throw new Refused(words.tooLarge(maximum));
  return number;
}

function parseMoment(raw: string): string {
  const at = new Date(raw);
  if (Number.isNaN(at.getTime())) throw new Refused(words.notDate);
  return at.toISOString();
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    throw new Refused(words.notJson);
  }
}

const lines = (raw: string) =>
  raw
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

/** The form that `<input type="datetime-local">` wants: local time, to the minute. */
function toLocalInput(at: Date): string {
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
