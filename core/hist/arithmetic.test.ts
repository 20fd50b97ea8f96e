import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { inTiles } from './arbitraryHistogram.ts';
import { add, axisDifference, efficiency, type Quotient, ratio, scale } from './arithmetic.ts';
import type { Axis } from './axis.ts';
import { createHistogram } from './contents.ts';

/** Written by `fixtures/intervals.py`. */
const cases = JSON.parse(readFileSync(new URL('fixtures/intervals.json', import.meta.url), 'utf8')) as Record<
  'ratio' | 'efficiency',
  { num: number[]; denom: number[]; errors: [(number | null)[], (number | null)[]] }
>;

const X: Axis = { type: 'regular', bins: 2, lo: 0, hi: 4, scale: 'linear', label: 'x', unit: 'GeV', name: 'm' };

function weighted(values: number[], variances: number[]) {
  return {
    ...createHistogram([X], 'weighted', { title: 't' }),
    values: Float64Array.from(values),
    variances: Float64Array.from(variances),
    entries: 7,
    missing: 1,
  };
}

describe('of counts', () => {
  test.each([
    ['ratio', ratio],
    ['efficiency', efficiency],
  ] as const)('errors of a %s are those of hist', (name, divide) => {
    const { num, denom, errors } = cases[name];
    const found = divide({ values: Float64Array.from(num) }, { values: Float64Array.from(denom) });
    num.forEach((n, i) => {
      const wanted = denom[i] === 0 ? [NaN, NaN, NaN] : [n / denom[i], errors[0][i], errors[1][i]];
      [found.values[i], found.low[i], found.high[i]].forEach((x, k) => {
        if (Number.isNaN(wanted[k])) expect(x).toBeNaN();
        else expect(x).toBeCloseTo(wanted[k] as number, 12);
      });
    });
  });
});

describe('of weighted fills', () => {
  const first = (q: Quotient) => [q.values[0], q.low[0], q.high[0]];
  const sums = (value: number, variance: number) => ({
    values: Float64Array.of(value),
    variances: Float64Array.of(variance),
  });

  test('a ratio has the errors of uncorrelated propagation', () => {
    const error = Math.sqrt((9 / 36 + 4 / 16) * (6 / 4) ** 2);
    const [value, low, high] = first(ratio(sums(6, 9), sums(4, 4)));
    expect([value, low, high]).toEqual([1.5, expect.closeTo(error, 14), expect.closeTo(error, 14)]);
    expect(first(ratio({ values: Float64Array.of(6) }, sums(4, 4)))[1]).toBeCloseTo(
      Math.sqrt(6 / 36 + 4 / 16) * 1.5,
      14,
    );
  });

  test('an efficiency has the interval of as many unweighted fills as the weights are worth', () => {
    // 100 fills of weight 2.5: Σw 250, Σw² 625.
    const heavy = first(efficiency(sums(75, 187.5), sums(250, 625)));
    const plain = first(efficiency({ values: Float64Array.of(30) }, { values: Float64Array.of(100) }));
    heavy.forEach((x, i) => {
      expect(x).toBeCloseTo(plain[i], 14);
    });
    expect(first(efficiency(sums(-1, 1), sums(4, 4)))).toEqual([-0.25, NaN, NaN]);
  });
});

test('scaled counts are weighted, and weights scale their squares by the square', () => {
  const counts = { ...createHistogram([X], 'count'), values: Float64Array.of(0, 1, 4, 0) };
  expect(scale(counts, 0.5)).toMatchObject({
    storage: 'weighted',
    values: Float64Array.of(0, 0.5, 2, 0),
    variances: Float64Array.of(0, 0.25, 1, 0),
  });
  expect(scale(weighted([0, 1, 2, 3], [1, 2, 3, 4]), -2)).toMatchObject({
    values: Float64Array.of(-0, -2, -4, -6),
    variances: Float64Array.of(4, 8, 12, 16),
  });
});

test('histograms are added without a change of either', () => {
  const a = weighted([1, 2, 3, 4], [1, 1, 1, 1]);
  const sum = add(a, weighted([10, 20, 30, 40], [2, 2, 2, 2]));
  expect(sum).toEqual({ ...weighted([11, 22, 33, 44], [3, 3, 3, 3]), entries: 14, missing: 2 });
  expect(a.values[0]).toBe(1);
});

test('tiles are added without a change of either', () => {
  const a = inTiles(weighted([0, 2, 3, 0], [0, 1, 1, 0]));
  const sum = add(a, inTiles(weighted([0, 20, 0, 40], [0, 2, 0, 2])));
  expect(sum).toEqual(inTiles({ ...weighted([0, 22, 3, 40], [0, 3, 1, 2]), entries: 14, missing: 2 }));
  expect(a).toEqual(inTiles(weighted([0, 2, 3, 0], [0, 1, 1, 0])));
  expect(scale(a, 2).values).toEqual(inTiles(weighted([0, 4, 6, 0], [0, 1, 1, 0])).values);
});

describe('histograms that can not be added', () => {
  test.each<[string, Axis, RegExp]>([
    ['another type', { type: 'boolean', name: 'm', unit: 'GeV' }, /axis 1 \(x\) differs: regular and boolean/],
    ['other bins', { ...X, bins: 3 }, /2 and 3 bins/],
    ['another range', { ...X, hi: 5 }, /it goes from 0 to 4 and from 0 to 5/],
    ['another unit', { ...X, unit: 'MeV' }, /its unit is GeV and MeV/],
    ['another quantity', { ...X, name: 'pt' }, /it is of m and pt/],
    ['another scale', { ...X, scale: 'sqrt' }, /linear and sqrt scale/],
  ])('%s is told by its axis', (_, axis, message) => {
    expect(() => add(createHistogram([X], 'count'), createHistogram([axis], 'count'))).toThrow(message);
  });

  test('so are edges and categories, other storages, and other numbers of axes', () => {
    const edges = (...edges: number[]): Axis => ({ type: 'variable', edges });
    expect(axisDifference(edges(0, 1, 2), edges(0, 1.5, 2))).toBe('edge 2 is 1 and 1.5');
    const names = (...categories: string[]): Axis => ({ type: 'strCategory', categories });
    expect(axisDifference(names('A', 'B'), names('A', 'C'))).toBe('category 2 is B and C');
    expect(axisDifference({ ...X, label: 'y' }, X)).toBeUndefined();
    expect(() => add(createHistogram([X], 'count'), createHistogram([X], 'weighted'))).toThrow(
      'one holds count, the other weighted',
    );
    expect(() => add(createHistogram([X], 'count'), createHistogram([X, X], 'count'))).toThrow(
      'one has 1 axis, the other 2',
    );
  });
});
