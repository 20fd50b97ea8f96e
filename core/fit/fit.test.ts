import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FitSpec } from '../analysis/document.ts';
import type { Histogram } from '../hist/histogram.ts';
import { type FitResult, fitHistogram } from './fit.ts';
import { chiSquareProbability, erf } from './special.ts';

interface Case {
  name: string;
  edges: number[];
  values: number[];
  variances?: number[];
  spec: FitSpec;
  parameters: number[];
  errors: number[];
  chi2: number;
  ndf: number;
  pValue: number;
}

/** Written by `fixtures/make_fits.py`: iminuit's minima, SciPy's errors. */
const CASES: Case[] = JSON.parse(readFileSync(new URL('./fixtures/fits.json', import.meta.url), 'utf8'));

function histogramOf({ edges, values, variances }: Pick<Case, 'edges' | 'values' | 'variances'>): Histogram {
  const withFlow = (bins: number[]) => Float64Array.of(0, ...bins, 0);
  return {
    axes: [{ type: 'variable', edges }],
    storage: variances ? 'weighted' : 'count',
    values: withFlow(values),
    ...(variances && { variances: withFlow(variances) }),
    entries: 0,
    missing: 0,
    metadata: {},
  };
}

describe('a fit', () => {
  it.each(CASES)('has the minimum of iminuit and the errors of SciPy: $name', (one) => {
    const fit = fitHistogram(histogramOf(one), one.spec) as FitResult;
    expect(fit.failure).toBeUndefined();
    fit.parameters.forEach(({ value, error }, i) => {
      expect(Math.abs(value - one.parameters[i]) / one.errors[i]).toBeLessThan(1e-4);
      expect(error / one.errors[i]).toBeCloseTo(1, 4);
    });
    expect(fit.chi2).toBeCloseTo(one.chi2, 6);
    expect(fit.ndf).toBe(one.ndf);
    expect(fit.pValue).toBeCloseTo(one.pValue, 8);
  });

  it('counts the events of a peak, whatever the width of the bins', () => {
    const { edges, values, spec } = CASES[0];
    const fit = fitHistogram(histogramOf({ edges, values }), spec) as FitResult;
    const total = fit.expected(edges[0], edges[edges.length - 1]);
    const background = fit.expected(edges[0], edges[edges.length - 1], 'background');
    expect(total - background).toBeCloseTo(fit.parameters[0].value, 0);
  });

  it('says what it lacks instead of giving numbers', () => {
    const { edges, values } = CASES[0];
    const histogram = histogramOf({ edges, values });
    const peak: FitSpec = { peak: 'gaussian', background: 1 };
    expect(fitHistogram(histogram, { ...peak, range: [80, 83] }).failure).toContain('3 filled bins are too few');
    expect(fitHistogram(histogram, { ...peak, range: [200, 300] }).failure).toContain('no bin lies in the range');
    expect(fitHistogram({ ...histogram, axes: [{ type: 'boolean' }] }, peak).failure).toContain('one axis of numbers');
    expect(fitHistogram(histogramOf({ edges, values: values.map(() => 0) }), peak).failure).toContain('0 filled bins');
  });

  it('says so where the data do not tell the parameters', () => {
    const edges = Array.from({ length: 41 }, (_, i) => i);
    const flat = histogramOf({ edges, values: edges.slice(1).map((_, i) => 100 + (i % 2)) });
    expect(fitHistogram(flat, { peak: 'crystal-ball', background: 2 }).failure).toBeDefined();
  });
});

describe('special functions', () => {
  // From SciPy: scipy.special.erf, scipy.stats.chi2.sf.
  it.each([
    [0.1, 0.1124629160182849],
    [1, 0.8427007929497148],
    [-2.5, -0.999593047982555],
    [6, 1],
  ])('erf(%f)', (x, value) => expect(erf(x)).toBeCloseTo(value, 14));
  it.each([
    [10, 10, 0.44049328506521257],
    [55, 30, 0.0035499270232008744],
    [200, 30, 4.9527335290032224e-27],
    [0.5, 3, 0.9188914116546758],
  ])('χ² of %f with %d degrees of freedom', (chi2, ndf, p) =>
    expect(chiSquareProbability(chi2, ndf) / p).toBeCloseTo(1, 11),
  );
});
