import { expect, it } from 'vitest';
import { roundedTo, stepAt } from './cutWords.ts';

const linear = { from: 50, to: 450, lo: 0, hi: 200, log: false };
const log = { from: 0, to: 300, lo: 1, hi: 1000, log: true };

it('a line on a plot stops at round numbers about a pixel apart', () => {
  expect(stepAt(linear, 100, false)).toBe(0.5);
  expect(roundedTo(52.3, stepAt(linear, 100, false))).toBe(52.5);
  expect(stepAt(log, 10, false)).toBeCloseTo(0.05);
  expect(stepAt(log, 290, false)).toBe(20);
});

it('where integers count it stops at those, and sums of steps leave no digits behind', () => {
  expect(roundedTo(2.7, stepAt(linear, 100, true))).toBe(3);
  expect(roundedTo(0.1 + 0.2, 0.1)).toBe(0.3);
});
