import { expect, test } from 'vitest';
import { axisTop } from './chartScale.ts';
import { formatAge, formatBound } from './words.ts';

test('ages have one unit', () => {
  expect([-5, 59_400, 60_000, 3_599_000, 3_600_000, 172_799_000, 172_800_000].map(formatAge)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '59 min',
    '1 h',
    '47 h',
    '2 d',
  ]);
  expect([30, 60, 10_800, 2_592_000].map(formatBound)).toEqual(['30 s', '1 min', '3 h', '30 d']);
});

test.each([
  [0, 10, 10, 2],
  [11, 10, 20, 2],
  [20, 1, 20, 2],
  [21, 1, 50, 5],
  [0.3, 0.1, 0.5, 5],
  [1e6, 1, 1e6, 2],
])('an axis up to %d (at least %d) ends at %d', (largest, least, top, steps) => {
  expect(axisTop(largest, least)).toEqual({ top, steps });
});
