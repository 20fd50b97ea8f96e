import { expect, it } from 'vitest';
import { overlapPairs } from '../../../core/catalogue/overlapPairs.ts';
import { pairRows, parseSort, ratioText } from './pairRows.ts';

const labels = ['EGAM7', 'PHYS', 'EGAM1'];
const pairs = overlapPairs({ names: labels, both: Float64Array.of(10, 5, 1, 5, 100, 0, 1, 0, 1) });
const shown = (sort: string, filter = '') =>
  pairRows(pairs, labels, parseSort(sort), filter).map(({ stream1, stream2 }) => [labels[stream1], labels[stream2]]);

it('sorts pairs by any column, most alike first where nothing is said', () => {
  expect(shown('')).toEqual([
    ['EGAM7', 'EGAM1'],
    ['EGAM7', 'PHYS'],
    ['PHYS', 'EGAM1'],
  ]);
  expect(shown('-events_bothstreams')[0]).toEqual(['EGAM7', 'PHYS']);
  expect(shown('stream2')[0]).toEqual(['EGAM7', 'EGAM1']);
  expect(parseSort('-hostile')).toEqual({ column: 'ratio', descending: true });
});

it('shows pairs that have every word in one name or the other', () => {
  expect(shown('', 'egam phys')).toHaveLength(2);
  expect(shown('', 'egam7 EGAM1')).toEqual([['EGAM7', 'EGAM1']]);
  expect(shown('', 'muon')).toEqual([]);
});

it('writes ratios with four decimals, but small ones as they are', () => {
  expect([1, 0.25, 0.000123, 0.00001234, 0].map(ratioText)).toEqual(['1.0000', '0.2500', '0.0001', '1.2×10⁻⁵', '0']);
});
