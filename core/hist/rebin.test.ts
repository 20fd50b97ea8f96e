import { describe, expect, it } from 'vitest';
import type { Histogram } from './histogram.ts';
import { rebin } from './rebin.ts';

const histogram: Histogram = {
  axes: [{ type: 'boolean' }, { type: 'regular', bins: 5, lo: 0, hi: 10, scale: 'linear' }],
  storage: 'weighted',
  values: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 10, 20, 30, 40, 50, 60, 70),
  variances: Float64Array.of(1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2),
  entries: 14,
  missing: 0,
  metadata: {},
};

describe('bins drawn as one', () => {
  it('are added from the low end; those that are left over go into overflow', () => {
    const { axes, values, variances } = rebin(histogram, 1, 2);
    expect(axes[1]).toMatchObject({ bins: 2, lo: 0, hi: 8 });
    expect(Array.from(values)).toEqual([1, 5, 9, 13, 10, 50, 90, 130]);
    expect(Array.from(variances ?? [])).toEqual([1, 2, 2, 2, 2, 4, 4, 4]);
  });

  it('keep edges that are listed', () => {
    const axis = { type: 'variable' as const, edges: [0, 1, 3, 6, 10] };
    const { axes, values } = rebin(
      { ...histogram, storage: 'count', axes: [axis], values: Float64Array.of(1, 2, 3, 4, 5, 6), variances: undefined },
      0,
      3,
    );
    expect(axes).toEqual([{ type: 'variable', edges: [0, 6] }]);
    expect(Array.from(values)).toEqual([1, 9, 11]);
  });

  it('are left alone where there are too few, and where they are no numbers', () => {
    expect(rebin(histogram, 1, 6)).toBe(histogram);
    expect(rebin(histogram, 0, 2)).toBe(histogram);
  });
});
