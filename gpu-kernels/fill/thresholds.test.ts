import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RegularAxis } from '../../core/hist/axis.ts';
import { axisIndexer } from '../../core/hist/indexer.ts';
import { axisCode } from './axes.ts';
import { testMath } from './testing/fillRig.ts';
import { axisThresholds, singleBeside, singleFrom, singleKey } from './thresholds.ts';

const double = new Float64Array(1);
const bits = new BigInt64Array(double.buffer);

/** The double just below a positive one. */
function below(x: number): number {
  double[0] = x;
  bits[0] -= 1n;
  return double[0];
}

it('a threshold is the first double of its bin', () => {
  const ends = fc.tuple(
    fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
    fc.double({ min: 1.001, max: 1e5, noNaN: true }),
  );
  const scales = fc.constantFrom('linear' as const, 'log' as const, 'sqrt' as const);
  fc.assert(
    fc.property(ends, fc.integer({ min: 1, max: 40 }), scales, ([lo, factor], bins, scale) => {
      const axis: RegularAxis = { type: 'regular', bins, lo, hi: lo * factor, scale };
      const indexOf = axisIndexer(axis, testMath);
      const { at, radius } = axisThresholds(axis, testMath);
      expect(at.length).toBe(bins + 1);
      at.forEach((first, i) => {
        expect(indexOf(first)).toBeGreaterThan(i);
        expect(indexOf(below(first))).toBeLessThanOrEqual(i);
        expect(radius[i]).toBeLessThan(first * 2 ** -44);
      });
    }),
    { numRuns: 100 },
  );
});

it('a logarithm that goes to and fro leaves a zone around its thresholds, and no other', () => {
  const axis: RegularAxis = { type: 'regular', bins: 3, lo: 1, hi: 1000, scale: 'log' };
  const at = axisThresholds(axis, testMath).at[1];
  const rough = 5 * 2 ** -52 * at;
  // Past the threshold it falls back once.
  const log = (x: number) => testMath.log(x > at + rough / 2 && x < at + rough * 1.5 ? 2 : x);
  const zones = axisThresholds(axis, { log }).radius;
  expect(zones[1]).toBeGreaterThanOrEqual(rough);
  expect(zones[1]).toBeLessThan(4 * rough);
  expect([zones[0], zones[2], zones[3]]).toEqual([0, 0, 0]);
});

it('singles are bounded by the formula itself, also where a logarithm goes to and fro', () => {
  const axis: RegularAxis = { type: 'regular', bins: 2, lo: 1, hi: 3, scale: 'log' };
  const first = singleFrom(axisThresholds(axis, testMath).at[1]);
  const log = (x: number) => testMath.log(x === first ? 1.5 : x);
  const indexOf = axisIndexer(axis, { log });
  expect([indexOf(first), indexOf(singleBeside(first, 1))]).toEqual([1, 2]);
  const [, table] = axisCode('bin', axis, 'single', 0, { log }).constants;
  if (table.kind !== 'words') throw new Error('no table');
  expect(table.words[1] | 0).toBe(singleKey(singleBeside(first, 1)));
});

it('singles have neighbours, bounds and keys in their order', () => {
  expect(singleBeside(0, 1)).toBe(2 ** -149);
  expect(singleBeside(0, -1)).toBe(-(2 ** -149));
  expect(singleBeside(-1, 1)).toBe(-1 + 2 ** -24);
  expect(singleFrom(0.1)).toBe(Math.fround(0.1));
  expect(singleFrom(1 + 1e-12)).toBe(1 + 2 ** -23);
  expect(singleFrom(-1 - 1e-12)).toBe(-1);
  expect(singleFrom(1e39)).toBe(Number.POSITIVE_INFINITY);
  const ascending = [-3e38, -1, -(2 ** -149), 0, 2 ** -149, 0.5, 3e38].map(singleKey);
  expect(ascending).toEqual([...ascending].sort((a, b) => a - b));
  expect(singleKey(-0)).toBe(singleKey(0));
});

it('those of the last axes are kept, but not of many long ones', () => {
  const axis = (lo: number): RegularAxis => ({ type: 'regular', bins: 2 ** 18, lo, hi: lo + 1, scale: 'linear' });
  const first = axisThresholds(axis(0), testMath);
  expect(axisThresholds(axis(0), testMath)).toBe(first);
  for (let lo = 1; lo <= 8; lo++) axisThresholds(axis(lo), testMath);
  expect(axisThresholds(axis(0), testMath)).not.toBe(first);
}, 60_000);
