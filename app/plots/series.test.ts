import { expect, it } from 'vitest';
import type { Axis } from '../../core/hist/axis.ts';
import { combineDatasets, createHistogram } from '../../core/hist/contents.ts';
import { byDataset } from '../../core/hist/datasets.ts';
import { fillMean, type MeanArrays } from '../../core/hist/mean.ts';
import { matrix, series } from './series.ts';

const X: Axis = { type: 'regular', bins: 2, lo: 0, hi: 2, scale: 'linear' };

/** Bin 1 holds 3 and 5, bin 2 holds nothing but a mean of 0 in overflow. */
function profile(axes: Axis[] = [X]) {
  const histogram = createHistogram(axes, 'mean');
  for (const [bin, s] of [
    [1, 3],
    [1, 5],
    [3, 0],
  ] as const)
    fillMean(histogram as MeanArrays, bin, 1, s);
  return histogram;
}

it('a profile shows means with the errors of the means, and nothing where nothing was filled', () => {
  const one = series('', profile());
  expect(one.mean).toBe(true);
  expect([...one.contents]).toEqual([4, Number.NaN]);
  expect([...one.errors]).toEqual([1, Number.NaN]);
  expect(one.overflow).toEqual({ content: 0, error: Number.NaN });
});

it('a map of means keeps a mean of 0 apart from an empty bin', () => {
  const bins = [{ at: 0 }, { at: 1 }];
  const { z } = matrix(profile([{ type: 'boolean' }, { type: 'boolean' }]), bins, bins);
  expect(z).toEqual([
    [null, null],
    [4, 0],
  ]);
});

it('data sets of a profile keep all that a mean is made of', () => {
  const both = combineDatasets([
    { dataset: 'A', histogram: profile() },
    { dataset: 'B', histogram: profile() },
  ]);
  expect(byDataset(both)[1]).toEqual({ name: 'B', histogram: { ...profile(), metadata: {} } });
});
