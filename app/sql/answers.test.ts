import { describe, expect, it } from 'vitest';
import type { SqlColumn } from '../../workers/sql/fromArrow.ts';
import { csvOf, jsonOf, uniqueNames } from '../../workers/sql/resultText.ts';
import { INK } from '../plots/palette.ts';
import { chartFigure } from './chartFigure.ts';
import { formatChart, parseChart } from './inLink.ts';
import { sortRows } from './sortRows.ts';

const numbers: SqlColumn = {
  info: { name: 'n', type: 'uint64', depth: 0, nullable: true },
  data: {
    type: 'uint64',
    length: 4,
    offsets: [],
    values: BigUint64Array.of(2n ** 64n - 1n, 0n, 2n ** 64n - 2n, 7n),
    valid: Uint8Array.of(1, 0, 1, 1),
  },
  sqlType: 'UBIGINT',
};
const names: SqlColumn = {
  info: { name: 'n', type: 'string', depth: 0, nullable: false },
  data: {
    type: 'string',
    length: 4,
    offsets: [],
    values: Uint32Array.of(1, 0, 1, 2),
    dictionary: ['a', 'say "b", c', 'd'],
  },
  sqlType: 'VARCHAR',
};
const lists: SqlColumn = {
  info: { name: 'bits', type: 'uint16', depth: 1, nullable: false },
  data: { type: 'uint16', length: 4, offsets: [Uint32Array.of(0, 2, 2, 3, 3)], values: Uint16Array.of(7, 9, 5) },
  sqlType: 'USMALLINT[]',
};
const decimals: SqlColumn = {
  info: { name: 'd', type: 'string', depth: 0, nullable: false },
  data: {
    type: 'string',
    length: 2,
    offsets: [],
    values: Uint32Array.of(0, 1),
    dictionary: ['9', '10000000000000000000000'],
  },
  sqlType: 'HUGEINT',
};

describe('rows are sorted', () => {
  it('by every digit, missing ones last, equal ones as they were', () => {
    expect([...sortRows(numbers, 4, false)]).toEqual([3, 2, 0, 1]);
    expect([...sortRows(numbers, 4, true)]).toEqual([0, 2, 3, 1]);
    expect([...sortRows(names, 4, true)]).toEqual(
      [0, 2, 3, 1].sort((a, b) => [2, 0, 2, 1][b]! - [2, 0, 2, 1][a]! || a - b),
    );
    expect([...sortRows(lists, 4, true)]).toEqual([0, 2, 1, 3]);
    expect([...sortRows(decimals, 2, false)]).toEqual([0, 1]);
    expect([...sortRows(undefined, 2, false)]).toEqual([0, 1]);
  });
});

describe('rows as text', () => {
  it('CSV has every digit, quotes what needs it, and lists', () => {
    expect([...csvOf([numbers, names, lists], 4)].join('')).toBe(
      'n,n,bits\r\n18446744073709551615,"say ""b"", c","[7, 9]"\r\n,a,[]\r\n18446744073709551614,"say ""b"", c",[5]\r\n7,d,[]\r\n',
    );
  });

  it('JSON is read back, with large integers as text and a name for each column', () => {
    expect(uniqueNames([numbers, names, lists])).toEqual(['n', 'n_1', 'bits']);
    expect(JSON.parse([...jsonOf([numbers, names, lists], 4)].join(''))[1]).toEqual({ n: null, n_1: 'a', bits: [] });
    expect(JSON.parse([...jsonOf([numbers], 1)].join(''))).toEqual([{ n: '18446744073709551615' }]);
    expect(JSON.parse([...jsonOf([numbers], 0)].join(''))).toEqual([]);
  });
});

it('a chart of categories has a bar at the place of each row, and none where the height is missing', () => {
  const { data, layout } = chartFigure(names, numbers, 4, 'bars', false, {
    ink: INK.light,
    fontSize: 12,
    legend: false,
  });
  const [bars, hover] = data as { x: (number | null)[]; y: (number | null)[]; text: string[] }[];
  expect(bars!.x.filter((x) => x !== null)).toEqual([-0.4, -0.4, 0.4, 0.4, 1.6, 1.6, 2.4, 2.4, 2.6, 2.6, 3.4, 3.4]);
  expect(bars!.y[1]).toBe(2 ** 64);
  expect(hover!.text[0]).toContain('18446744073709551615');
  expect((layout.xaxis as { ticktext: string[] }).ticktext[3]).toBe('d');
});

it('a chart comes back from its link', () => {
  const choice = { kind: 'lines', x: 'a, b', y: 'c&d', log: true } as const;
  expect(parseChart(formatChart(choice))).toEqual(choice);
  expect(formatChart({ kind: 'bars' })).toBe('bars');
  expect(parseChart('pies,x')).toBeUndefined();
});
