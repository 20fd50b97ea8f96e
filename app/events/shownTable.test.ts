import { expect, test } from 'vitest';
import { buildSchema } from '../../core/schema/build.ts';
import { columnGroups, shownText, tableOf } from './shownTable.ts';

test('values are one line, items a table', () => {
  expect(shownText([1, 2.5, null, 2n ** 60n, true])).toBe('[1, 2.5, –, 1152921504606846976, true]');
  expect(tableOf([1, 2])).toBeUndefined();
  expect(tableOf([{ a: { Muon: 0, pt: 20.5 }, b: { Muon: 2, pt: 3 } }, null])).toEqual({
    head: ['a.Muon', 'a.pt', 'b.Muon', 'b.pt'],
    rows: [
      ['0', '20.5', '2', '3'],
      ['–', '–', '–', '–'],
    ],
  });
});

test('columns of one event are put together by collection', () => {
  const column = (name: string, depth: number) => ({ name, type: 'float32' as const, depth, nullable: false });
  const schema = buildSchema([
    { name: 'run', type: 'uint32', depth: 0, nullable: false },
    column('MET_pt', 0),
    column('MET_phi', 0),
    column('Muon_pt', 1),
    column('Muon_eta', 1),
  ]);
  const columns = [
    { name: 'run', value: 7 },
    { name: 'MET_pt', value: 10.5 },
    { name: 'MET_phi', value: 1 },
    { name: 'Muon_pt', value: [20, 30] },
    { name: 'Muon_eta', value: [1, -1] },
  ];
  expect(columnGroups(columns, schema, '')).toEqual([
    { name: 'Event', table: { head: ['column', 'value'], rows: [['run', '7']] } },
    {
      name: 'Muon (2)',
      table: {
        head: ['#', 'pt', 'eta'],
        rows: [
          ['0', '20', '1'],
          ['1', '30', '−1'],
        ],
      },
    },
    {
      name: 'MET',
      table: {
        head: ['field', 'value'],
        rows: [
          ['pt', '10.5'],
          ['phi', '1'],
        ],
      },
    },
  ]);
  expect(columnGroups(columns, schema, 'ETA').map(({ name }) => name)).toEqual(['Muon (2)']);
});
