import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';

import { text } from '@/lib/text';

import type { Field } from '../schema';

const words = text.page.trigger;

interface Props {
  field: Field;
  value: string | boolean;
  error?: string;
  onChange: (value: string | boolean) => void;
}

const INPUT_TYPES = {
  integer: 'number',
  number: 'number',
  date: 'date',
  'date-time': 'datetime-local',
  time: 'time',
} as const;

export function ParamField({ field, value, error, onChange }: Props) {
  const common = { label: field.label, description: hint(field), error, name: field.name };
  if (typeof value === 'boolean')
    return (
      <Checkbox
        {...common}
        checked={value}
        onChange={({ currentTarget }) => onChange(currentTarget.checked)}
      />
    );
  const input = {
    ...common,
    value,
    withAsterisk: field.required,
    'aria-required': field.required,
    onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value),
  };
  if (field.kind === 'enum' || field.kind === 'boolean')
    return <NativeSelect {...input} data={choices(field)} />;
  if (field.kind === 'list' || field.kind === 'json')
    return <Textarea {...input} rows={3} spellCheck={false} />;
  return (
    <TextInput
      {...input}
      type={field.kind === 'text' ? 'text' : INPUT_TYPES[field.kind]}
      min={field.minimum}
      max={field.maximum}
      step={field.kind === 'number' ? 'any' : undefined}
      maxLength={field.maxLength}
    />
  );
}

function choices(field: Field): { value: string; label: string }[] {
  const options =
    field.kind === 'boolean'
      ? [
          { value: 'true', label: words.yes },
          { value: 'false', label: words.no },
        ]
      : field.options.map((option) => ({ value: String(option), label: String(option) }));
  const none = field.nullable ? words.none : words.choose;
  return field.nullable || field.initial === null ? [{ value: '', label: none }, ...options] : options;
}

/** What the field takes, in words: limits are said before they are broken. */
function hint(field: Field): string | undefined {
  const parts = [field.help, limits(field), FORMS[field.kind], field.nullable ? words.optional : ''];
  return parts.filter(Boolean).join('. ') || undefined;
}

const FORMS: Partial<Record<Field['kind'], string>> = {
  list: words.oneALine,
  json: words.asJson,
  'date-time': words.yourZone,
};

function limits({ minimum, maximum, maxLength }: Field): string {
  if (minimum !== undefined && maximum !== undefined) return words.between(minimum, maximum);
  if (minimum !== undefined) return words.atLeast(minimum);
  if (maximum !== undefined) return words.atMost(maximum);
  return maxLength === undefined ? '' : words.atMostLong(maxLength);
}
