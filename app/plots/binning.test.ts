import { describe, expect, it } from 'vitest';
import { binsShown, roundedRange, withBins } from './binning.ts';

const AXIS = { type: 'regular' as const, bins: 60, lo: 0, hi: 120, scale: 'linear' as const };

describe('bins chosen on a plot', () => {
  it('are the merged ones nearest to the range', () => {
    const edges = binsShown(AXIS, { rebin: 5, range: [19, 58] });
    expect(edges).toEqual([20, 30, 40, 50, 60]);
    expect(withBins({ value: 'pt', bins: 60, range: [0, 120], label: 'pT' }, edges, 4)).toEqual({
      value: 'pt',
      bins: 4,
      range: [20, 60],
      label: 'pT',
    });
  });

  it('stay a list of edges unless another number of them is asked for', () => {
    const edges = binsShown({ type: 'variable', edges: [0, 1, 3, 7, 20] }, { rebin: 2, range: 'all' });
    expect(withBins({ value: 'x', edges: [0, 1, 3, 7, 20] }, edges, 2)).toEqual({ value: 'x', edges: [0, 3, 20] });
    expect(withBins({ value: 'x', edges: [0, 1, 3, 7, 20] }, edges, 10)).toEqual({
      value: 'x',
      bins: 10,
      range: [0, 20],
    });
  });

  it('are at least one', () => {
    expect(binsShown(AXIS, { rebin: 100, range: [500, 600] })).toEqual([118, 120]);
    expect(binsShown(AXIS, { rebin: 1, range: [119.9, 119.95] })).toEqual([118, 120]);
  });

  it('have round ends where they were drawn by hand', () => {
    expect(roundedRange([73.2841, 88.91234], false)).toEqual([73.3, 88.9]);
    expect(roundedRange([0.0123456, 99.87654], true)).toEqual([0.01235, 99.88]);
  });
});
