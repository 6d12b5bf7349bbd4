import { anEntry } from '@/test/wire';

import { asCsv } from './csv';

const cellOf = (description: string) => asCsv([anEntry({ description, field_changes: {} })]).split('\r\n')[1];

test('begins with the names of the columns, after the mark by which spreadsheets know UTF-8', () => {
  expect(asCsv([])).toBe(
    '\uFEFFid,at,action,actor,actor_name,task_id,description,field_changes,ip_address,user_agent,sequence,previous_hash,hash\r\n',
  );
});

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\uFF1D1', '\r=1'])(
  'a spreadsheet does not take %j for a formula',
  (text) => {
    expect(cellOf(text)).toMatch(/,"?'/);
  },
);

test('commas, quotes and line breaks stay within their cell', () => {
  const rows = asCsv([anEntry({ description: 'a, "b"\nc' })]);
  expect(rows).toContain('"a, ""b""\nc"');
  expect(rows).toContain('"{""reason"":""Disk is full""}"');
});
