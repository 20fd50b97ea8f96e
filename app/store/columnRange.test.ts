import { describe, expect, it } from 'vitest';
import type { ColumnInfo } from '../../core/schema/column.ts';
import { binsFor, misses } from './columnRange.ts';
import { suggestAxis } from './suggest.ts';

const float: ColumnInfo = { name: 'x', type: 'float32', depth: 0, nullable: false };

describe('bins from the range of a column', () => {
  it('are about a hundred, of a round width, and hold the largest value', () => {
    expect(binsFor([0.3, 97.2], false)).toEqual({ bins: 98, range: [0, 98] });
    expect(binsFor([-1.25, 1.25], false)).toEqual({ bins: 51, range: [-1.25, 1.3] });
    expect(binsFor([0, 1], false)).toEqual({ bins: 101, range: [0, 1.01] });
  });

  it('stand on whole numbers, one each where there are few', () => {
    expect(binsFor([1, 73], true)).toEqual({ bins: 73, range: [0.5, 73.5] });
    expect(binsFor([1, 950], true)).toEqual({ bins: 96, range: [-0.5, 959.5] });
  });

  it('hold event numbers that differ in their last digits only', () => {
    const [lo, hi] = [9007199254740992, 9007199254741992];
    const { bins, range } = binsFor([lo, hi], true);
    expect([bins, range[0] <= lo, range[1] > hi, range[1] - range[0] < 1100]).toEqual([101, true, true, true]);
    const [from, to] = binsFor([2 ** 62, 2 ** 62], true).range;
    expect(from < 2 ** 62 && to > 2 ** 62).toBe(true);
  });

  it('have a width also where all values are the same', () => {
    expect(binsFor([0.1057, 0.1057], false)).toEqual({ bins: 43, range: [0, 0.215] });
    expect(binsFor([0, 0], false)).toEqual({ bins: 101, range: [-1, 1.02] });
    expect(binsFor([5, 5], true)).toEqual({ bins: 1, range: [4.5, 5.5] });
  });
});

describe('a suggested axis', () => {
  it('follows the name of the field, as long as the values lie there', () => {
    expect(misses([2.8, 1020], [0, 200])).toBe(false);
    expect(suggestAxis('Muon.pt', 'pt', float, undefined, [2.8, 1020])).toMatchObject({ range: [0, 200] });
    expect(suggestAxis('Muon.pt', 'pt', float, undefined, [2800, 1.02e6]).range?.[1]).toBeGreaterThan(1e6);
    expect(suggestAxis('Muon.mass', 'mass', float, undefined, [0.1057, 0.1057]).range?.[1]).toBeLessThan(1);
  });

  it('of an unknown field spans its values, or 0 to 100 where nothing is known', () => {
    expect(suggestAxis('thing', 'thing', float, undefined, [-4.2, 3.9])).toMatchObject({ range: [-4.2, 4] });
    expect(suggestAxis('thing', 'thing', float)).toMatchObject({ range: [0, 100] });
  });
});
