import { expect, test } from 'vitest';
import { COLUMNS, cellText, columnsOf, formatSort, orderOf, parseSort } from './columns.ts';

const column = (name: string) => COLUMNS.find((one) => one.name === name)!;

test('the link names columns, or those of the table are shown', () => {
  expect(columnsOf('bytes,nothing,run_number', 'datasets').map(({ name }) => name)).toEqual(['bytes', 'run_number']);
  expect(columnsOf('', 'datasets').map(({ name }) => name)).toContain('tid');
  expect(columnsOf('', 'containers').map(({ name }) => name)).not.toContain('tid');
});

test('an order is read as it was written', () => {
  for (const sort of [{ column: 'events', descending: true }, { column: 'tid', descending: false }, undefined])
    expect(parseSort(formatSort(sort))).toEqual(sort);
});

test('what is missing comes last, whichever way rows are ordered', () => {
  const values = [3, undefined, 1, 3];
  expect(orderOf(values, false)).toEqual([2, 0, 3, 1]);
  expect(orderOf(values, true)).toEqual([0, 3, 2, 1]);
});

test('cells tell counts, sizes, times and what is missing', () => {
  expect(cellText(column('events'), [1234567])).toBe('1,234,567');
  expect(cellText(column('events'), [undefined])).toBe('–');
  expect(cellText(column('bytes'), [1.5e9])).toBe('1.50 GB');
  expect(cellText(column('inserted'), [Date.UTC(2018, 3, 30, 16, 21)])).toBe('2018-04-30 16:21');
  expect(cellText(column('state'), ['failed', 'validated', 'failed'])).toBe('failed, validated');
  expect(cellText(column('tid'), [0])).toBe('–');
});
