import { expect, test } from 'vitest';
import { memoryBudgetOf } from './memoryBudget.ts';

test.each([
  ['', undefined],
  ['?memory=4', 4e9],
  ['?show=events&memory=0.5', 0.5e9],
  ['?memory=Infinity', 16e9],
  ['?memory=1e300', 16e9],
  ['?memory=1e-9', 0.25e9],
  ['?memory=-4', undefined],
  ['?memory=lots', undefined],
])('%s allows columns %s bytes', (search, bytes) => {
  expect(memoryBudgetOf(search)).toBe(bytes);
});
