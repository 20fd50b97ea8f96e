import { describe, expect, test } from 'vitest';
import { eventCsv, eventList, shownColumns } from '../../workers/eventList.ts';
import type { EventTable } from '../../workers/eventTable.ts';
import { cellText, rowOf, sortedRows } from './rows.ts';

const TABLE: EventTable = {
  rows: 4,
  complete: true,
  passed: 4,
  dataset: Uint16Array.of(0, 0, 0, 0),
  file: Uint16Array.of(0, 0, 1, 1),
  event: Float64Array.of(3, 8, 3, 5),
  columns: [
    { name: 'run', type: 'int', values: BigInt64Array.of(1n, 1n, 1n, 2n) },
    {
      name: 'event',
      type: 'uint',
      values: BigUint64Array.of(2n ** 53n + 1n, 2n ** 53n, 2n ** 64n - 1n, 2n ** 53n + 1n),
    },
    { name: 'x, y', type: 'float', values: Float64Array.of(2.5, Number.NaN, 0, -1), valid: Uint8Array.of(1, 1, 0, 1) },
    { name: 's', type: 'string', values: Uint32Array.of(0, 1, 2, 1), dictionary: ['mu', 'e', 'a "b"'] },
  ],
};
const IDENTITY = [
  { label: 'run', column: 'run' },
  { label: 'event', column: 'event' },
];
const COLUMNS = shownColumns(TABLE, IDENTITY, [{ name: 'data', files: ['a', 'b'] }]);
const order = (name: string, descending = false) => [
  ...sortedRows(TABLE.rows, COLUMNS.find((one) => one.name === name)?.column, descending),
];

describe('rows of events', () => {
  test('are sorted by integers that doubles hold as one, equals in the order of the data', () => {
    expect(order('event')).toEqual([1, 0, 3, 2]);
    expect(order('event', true)).toEqual([2, 0, 3, 1]);
    expect(order('run', true)).toEqual([3, 0, 1, 2]);
  });

  test('without a value come last in both directions', () => {
    expect(order('x, y')).toEqual([3, 0, 1, 2]);
    expect(order('x, y', true)).toEqual([0, 3, 1, 2]);
  });

  test('are sorted by strings as the alphabet has them', () => {
    expect(order('s')).toEqual([2, 1, 3, 0]);
    expect(order('no such column')).toEqual([0, 1, 2, 3]);
  });

  test('are written with every digit', () => {
    expect(eventList(COLUMNS, Uint32Array.of(2, 0))).toBe('1:18446744073709551615\n1:9007199254740993\n');
    expect(eventCsv(COLUMNS, Uint32Array.of(2, 1))).toBe(
      'file,run,event,"x, y",s\nb,1,18446744073709551615,,"a ""b"""\na,1,9007199254740992,NaN,e\n',
    );
    expect(COLUMNS.map((column) => cellText(column, 2))).toEqual(['b', '1', '18446744073709551615', '–', 'a "b"']);
  });

  test('have their position where the data has no numbers of events', () => {
    const table = { ...TABLE, columns: [] };
    const one = [{ name: 'data', files: ['a'] }];
    expect(eventList(shownColumns(table, [], one), Uint32Array.of(0, 1))).toBe('3\n8\n');
    const runOnly = { ...TABLE, columns: TABLE.columns.slice(0, 1) };
    const two = [...one, { name: 'more', files: ['b'] }];
    const columns = shownColumns({ ...runOnly, dataset: Uint16Array.of(0, 1, 0, 1) }, IDENTITY.slice(0, 1), two);
    expect(columns.map(({ name }) => name)).toEqual(['data set', 'run', 'position']);
    expect(eventList(columns, Uint32Array.of(0, 1))).toBe('data:3\nmore:8\n');
  });

  test('show a value that identifies them once', () => {
    const table = { ...TABLE, columns: [...TABLE.columns, TABLE.columns[0]!] };
    expect(shownColumns(table, IDENTITY, [{ name: 'data', files: ['a'] }]).map(({ name }) => name)).toEqual([
      'run',
      'event',
      'x, y',
      's',
    ]);
  });

  test('are found by their place', () => {
    expect(rowOf(TABLE, { dataset: 0, file: 1, event: 3 })).toBe(2);
    expect(rowOf(TABLE, { dataset: 0, file: 1, event: 8 })).toBe(-1);
  });
});
