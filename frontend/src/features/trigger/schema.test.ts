import { fieldsOf } from './schema';

const field = (property: object, extra: object = {}) =>
  fieldsOf({ type: 'object', properties: { it: property }, ...extra })?.[0];

test.each([
  [
    { type: 'integer', minimum: 1, maximum: 9 },
    { kind: 'integer', minimum: 1, maximum: 9 },
  ],
  [
    { type: 'integer', exclusiveMinimum: 0 },
    { kind: 'integer', minimum: 1 },
  ],
  [{ type: 'number' }, { kind: 'number' }],
  [
    { type: 'boolean', default: true },
    { kind: 'boolean', initial: true },
  ],
  [{ type: 'string', format: 'date' }, { kind: 'date' }],
  [{ type: 'string', format: 'date-time' }, { kind: 'date-time' }],
  [
    { type: 'string', maxLength: 5 },
    { kind: 'text', maxLength: 5 },
  ],
  [{ enum: ['a', 'b'] }, { kind: 'enum', options: ['a', 'b'] }],
  [{ const: 4 }, { kind: 'enum', options: [4] }],
  [
    { type: 'array', items: { type: 'integer' } },
    { kind: 'list', item: 'integer' },
  ],
  [{ type: 'array', items: { type: 'object' } }, { kind: 'json' }],
  [{ type: 'object' }, { kind: 'json' }],
  [{}, { kind: 'json' }],
])('%j becomes a field', (property, expected) => {
  expect(field(property)).toMatchObject(expected);
});

test('an optional value is one that may be null, with the limits of what it is else', () => {
  const optional = field({
    anyOf: [{ type: 'integer', minimum: 2 }, { type: 'null' }],
    default: null,
    title: 'Limit',
  });
  expect(optional).toMatchObject({
    kind: 'integer',
    nullable: true,
    minimum: 2,
    label: 'Limit',
    required: false,
  });
});

test('an enumeration is found where it is defined', () => {
  const $defs = { Color: { enum: ['red', 'blue'], title: 'Color', type: 'string' } };
  expect(field({ $ref: '#/$defs/Color', default: 'red' }, { $defs })).toMatchObject({
    kind: 'enum',
    options: ['red', 'blue'],
    initial: 'red',
  });
});

test('a choice between several kinds is left to JSON', () => {
  expect(field({ anyOf: [{ type: 'integer' }, { type: 'string' }] })?.kind).toBe('json');
});

test('what takes no parameters has no fields; what declares none has no known ones', () => {
  expect(fieldsOf({ type: 'object', additionalProperties: false, properties: {} })).toEqual([]);
  expect(fieldsOf({ type: 'object', additionalProperties: true })).toBeNull();
});
