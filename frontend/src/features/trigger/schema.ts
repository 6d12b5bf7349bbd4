/** Turns a task's JSON Schema into fields of a form, as pydantic writes such schemas. */
export type Kind =
  'integer' | 'number' | 'boolean' | 'enum' | 'date' | 'date-time' | 'time' | 'text' | 'list' | 'json';

export interface Field {
  name: string;
  label: string;
  help: string;
  kind: Kind;
  required: boolean;
  /** Whether nothing at all (null) is a value. */
  nullable: boolean;
  initial: unknown;
  options: unknown[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  /** What a list holds. */
  item?: Kind;
}

export type Schema = Record<string, unknown>;

/** The fields; null where the parameters are not known and any object may be given. */
export function fieldsOf(schema: Schema): Field[] | null {
  if (schema.properties === undefined)
    return schema.additionalProperties === false || isDeclared(schema) ? [] : null;
  const required = new Set(schema.required as string[] | undefined);
  return Object.entries(schema.properties as Record<string, Schema>).map(([name, property]) =>
    fieldFrom(name, property, required.has(name), schema),
  );
}

function isDeclared(schema: Schema): boolean {
  return typeof schema.title === 'string' && schema.additionalProperties !== true;
}

function fieldFrom(name: string, property: Schema, required: boolean, root: Schema): Field {
  const { schema, nullable } = withoutNull(resolved(property, root), root);
  const field: Field = {
    name,
    label: labelOf(name, property.title as string | undefined),
    help: (property.description as string) ?? (schema.description as string) ?? '',
    kind: kindOf(schema),
    required,
    nullable,
    initial: property.default ?? null,
    options: (schema.enum as unknown[]) ?? ('const' in schema ? [schema.const] : []),
    minimum: lowest(schema),
    maximum: highest(schema),
    minLength: schema.minLength as number | undefined,
    maxLength: schema.maxLength as number | undefined,
    pattern: schema.pattern as string | undefined,
  };
  if (field.kind === 'list') field.item = kindOf(resolved((schema.items as Schema) ?? {}, root));
  return field.item && !LINEWISE.has(field.item) ? { ...field, kind: 'json' } : field;
}

/** A title that somebody wrote; what pydantic makes of a name by itself ("Days To Keep") is put in a sentence's case. */
function labelOf(name: string, title: string | undefined): string {
  const words = name.replaceAll('_', ' ').trim();
  if (title !== undefined && title.toLowerCase() !== words.toLowerCase()) return title;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What can be written one a line. */
const LINEWISE = new Set<Kind>(['integer', 'number', 'text', 'date', 'date-time', 'time', 'enum']);

function resolved(schema: Schema, root: Schema): Schema {
  const reference = schema.$ref;
  if (typeof reference !== 'string' || !reference.startsWith('#/$defs/')) return schema;
  const definitions = root.$defs as Record<string, Schema>;
  return { ...definitions[reference.slice('#/$defs/'.length)], ...schema };
}

function withoutNull(schema: Schema, root: Schema): { schema: Schema; nullable: boolean } {
  const choices = schema.anyOf as Schema[] | undefined;
  if (!choices) return { schema, nullable: false };
  const others = choices.filter(({ type }) => type !== 'null').map((choice) => resolved(choice, root));
  const nullable = others.length < choices.length;
  return {
    schema: others.length === 1 ? { ...schema, anyOf: undefined, ...others[0] } : { ...schema, type: 'any' },
    nullable,
  };
}

function kindOf(schema: Schema): Kind {
  if (schema.enum !== undefined || 'const' in schema) return 'enum';
  switch (schema.type) {
    case 'integer':
    case 'number':
    case 'boolean':
      return schema.type;
    case 'array':
      return 'list';
    case 'string':
      return stringKind(schema.format);
    default:
      return 'json';
  }
}

function stringKind(format: unknown): Kind {
  return format === 'date' || format === 'date-time' || format === 'time' ? format : 'text';
}

function lowest({ type, minimum, exclusiveMinimum }: Schema): number | undefined {
  if (typeof exclusiveMinimum === 'number' && type === 'integer') return exclusiveMinimum + 1;
  return minimum as number | undefined;
}

function highest({ type, maximum, exclusiveMaximum }: Schema): number | undefined {
  if (typeof exclusiveMaximum === 'number' && type === 'integer') return exclusiveMaximum - 1;
  return maximum as number | undefined;
}
