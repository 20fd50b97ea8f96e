import { expect, test } from 'vitest';
import { type ChainCount, noTriggerCounts } from '../../../core/catalogue/triggerCounts.ts';
import { parseSort, sortChains } from './chainRows.ts';

const counts = noTriggerCounts({ level: 1, list: 'tav', pairs: false });
const chain = (bit: number, name: string, tav: number, unique?: number): ChainCount => ({
  bit,
  chain: name,
  seed: '',
  fired: [tav + 2, tav + 1, tav],
  prescale: undefined,
  rate: undefined,
  unique,
  uniqueRate: undefined,
});
const rows = [chain(3, 'L1_MU20', 5, 1), chain(1, 'L1_EM22', 9), chain(2, 'L1_J100', 5, 4)];

test('chains are sorted by any column: equal ones by bit, what is not known last', () => {
  const by = (column: string, descending: boolean) =>
    sortChains(rows, counts, { column, descending }).map(({ bit }) => bit);
  expect(by('tav', true)).toEqual([1, 2, 3]);
  expect(by('tav', false)).toEqual([2, 3, 1]);
  expect(by('chain', false)).toEqual([1, 2, 3]);
  expect(by('unique', true)).toEqual([2, 3, 1]);
  expect(by('unique', false)).toEqual([3, 2, 1]);
});

test('a link that sorts by no column sorts by the list that counts', () => {
  expect(parseSort('-unique', ['tav', 'unique'], 'tav')).toEqual({ column: 'unique', descending: true });
  expect(parseSort('ph', ['tav', 'unique'], 'tav')).toEqual({ column: 'tav', descending: true });
});
