import { fieldsOf } from './schema';
import { initialValues, parseValues } from './values';

const SCHEMA = {
  type: 'object',
  required: ['name', 'when'],
  properties: {
    days: { type: 'integer', minimum: 1, maximum: 30, default: 7 },
    deep: { type: 'boolean', default: true },
    color: { enum: ['red', 'blue'], default: 'red' },
    name: { type: 'string', minLength: 1 },
    when: { type: 'string', format: 'date' },
    limit: { anyOf: [{ type: 'integer' }, { type: 'null' }], default: null },
    ids: { type: 'array', items: { type: 'integer' }, default: [] },
    more: { type: 'object', default: {} },
  },
};
const fields = fieldsOf(SCHEMA) ?? [];
const defaults = initialValues(fields);

test('the form begins with the defaults', () => {
  expect(defaults).toEqual({
    days: '7',
    deep: true,
    color: 'red',
    name: '',
    when: '',
    limit: '',
    ids: '',
    more: '{}',
  });
});

test('or with the parameters of the run that is repeated', () => {
  expect(initialValues(fields, { days: 3, ids: [1, 2], deep: false })).toMatchObject({
    days: '3',
    ids: '1\n2',
    deep: false,
  });
});

test('what is entered becomes typed parameters', () => {
  const entered = { ...defaults, name: 'x', when: '2026-11-23', ids: ' 4\n\n5 ', more: '{"a": 1}' };
  expect(parseValues(fields, entered)).toEqual({
    errors: {},
    params: {
      days: 7,
      deep: true,
      color: 'red',
      name: 'x',
      when: '2026-11-23',
      limit: null,
      ids: [4, 5],
      more: { a: 1 },
    },
  });
});

test.each([
  ['days', '0', 'Must be at least 1'],
  ['days', '31', 'Must be at most 30'],
  ['days', '1.5', 'Must be a whole number'],
  ['when', '', 'Needed'],
  ['name', '', 'Needed'],
  ['ids', '1\nx', 'Must be a number'],
  ['more', '{', 'Must be valid JSON'],
])('%s: "%s" is refused', (name, value, message) => {
  const entered = { ...defaults, name: 'x', when: '2026-11-23', [name]: value };
  expect(parseValues(fields, entered).errors).toEqual({ [name]: message });
});

test('a field left empty gets the default from the server', () => {
  const { params } = parseValues(fields, { ...defaults, name: 'x', when: '2026-11-23', days: '' });
  expect(params).not.toHaveProperty('days');
});
