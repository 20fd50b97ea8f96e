import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clopperPearson } from './binomial.ts';

/** Written by `fixtures/intervals.py`. */
const { binomial } = JSON.parse(readFileSync(new URL('fixtures/intervals.json', import.meta.url), 'utf8')) as {
  binomial: { k: number[]; n: number[]; low: number[]; high: number[] };
};

test('binomial intervals are those of SciPy, from one count to 10⁹', () => {
  binomial.k.forEach((k, i) => {
    const [low, high] = clopperPearson(k, binomial.n[i]);
    // SciPy's own ends are no better for few of many.
    const near = 1e-7 * (binomial.high[i] - binomial.low[i]) + 8 * Number.EPSILON;
    expect(Math.abs(low - binomial.low[i]), `${k} of ${binomial.n[i]}, low`).toBeLessThan(near);
    expect(Math.abs(high - binomial.high[i]), `${k} of ${binomial.n[i]}, high`).toBeLessThan(near);
  });
});

test('there is no interval of more than all, of less than none, or of nothing', () => {
  for (const [k, n] of [
    [3, 2],
    [-1, 2],
    [0, 0],
    [Number.NaN, 1],
    [1, Number.POSITIVE_INFINITY],
  ])
    expect(clopperPearson(k, n)).toEqual([Number.NaN, Number.NaN]);
});
