import { expect, it } from 'vitest';
import { type MatrixChoice, matrixCells, shortValue } from './matrixCells.ts';

/** a = 10 events, b = 100, c = 1: a and b share 5, a and c 1. */
const counts = { names: ['a', 'b', 'c'], both: Float64Array.of(10, 5, 1, 5, 100, 0, 1, 0, 1) };
const choice: MatrixChoice = { measure: 'both', colouring: 'linear', isLower: false };
const cells = (change: Partial<MatrixChoice> = {}) =>
  matrixCells(counts, [2, 0, 1], ['A', 'B', 'C'], { ...choice, ...change });

it('shades pairs by the largest of them, and leaves the diagonal out', () => {
  const { labels, shade, text, range } = cells();
  expect(labels).toEqual(['C', 'A', 'B']);
  expect(range).toEqual([0, 5]);
  expect([shade(0, 1), shade(1, 2), shade(0, 2), shade(1, 1)]).toEqual([0.2, 1, 0, undefined]);
  expect(text(2, 2)).toBe('100');
});

it('shades by the logarithm, the least value above nothing', () => {
  const { shade, range } = cells({ colouring: 'log' });
  expect(range).toEqual([1, 5]);
  expect(shade(1, 2)).toBe(1);
  expect(shade(0, 1)).toBeGreaterThan(0);
  expect(shade(0, 1)).toBeLessThan(0.01);
  expect(shade(0, 2)).toBe(0);
});

it('shows each pair once as a lower triangle', () => {
  const { shade } = cells({ isLower: true });
  expect([shade(1, 0), shade(0, 1), shade(2, 1), shade(1, 2)]).toEqual([0.2, undefined, 1, undefined]);
});

it('says shares of the row, and ratios of the union', () => {
  expect(cells({ measure: 'row' }).text(0, 1)).toBe('100 %');
  expect(cells({ measure: 'row' }).text(1, 0)).toBe('10.0 %');
  expect(cells({ measure: 'ratio' }).text(1, 2)).toBe('0.048');
});

it('has no range where nothing is shared', () => {
  const none = { names: ['a', 'b'], both: Float64Array.of(3, 0, 0, 4) };
  const { range, shade } = matrixCells(none, [0, 1], ['A', 'B'], { ...choice, colouring: 'log' });
  expect(range).toEqual([0, 0]);
  expect(shade(0, 1)).toBe(0);
});

it.each([
  ['both', 9999, '9999'],
  ['both', 12_345, '12.3 k'],
  ['both', 123_456_789, '123 M'],
  ['ratio', 0.00012, '<0.001'],
  ['ratio', 1, '1'],
] as const)('writes %s %d as %s', (measure, value, text) => {
  expect(shortValue(measure, value)).toBe(text);
});
