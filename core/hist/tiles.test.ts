import fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryHistogram, inTiles } from './arbitraryHistogram.ts';
import { mapArrays } from './arrays.ts';
import type { Axis } from './axis.ts';
import { addInto, binCount, combineDatasets, createHistogram, emptyContents } from './contents.ts';
import type { Histogram } from './histogram.ts';
import { project, sliceAt } from './project.ts';
import { orderOf } from './radix.ts';
import { keep, sumUp } from './remap.ts';
import { remapTiles } from './remapTiles.ts';
import { type TiledArrays, TileSum } from './tiles.ts';

/** Nine axes of 48 + 2 bins: 2·10¹⁵ bins. */
const NINE: Axis[] = Array.from({ length: 9 }, (_, i) => ({
  type: 'regular',
  bins: 48,
  lo: 0,
  hi: 48,
  scale: 'linear',
  name: `x${i}`,
}));

const fill = (histogram: Histogram, positions: readonly (readonly number[])[]): void => {
  const sum = new TileSum(histogram.storage);
  for (const position of positions) {
    const at = sum.indexOf(position.reduce((bin, i) => bin * 50 + i, 0));
    sum.arrays.values[at] += 1;
  }
  addInto(histogram, { ...sum.sorted(), entries: positions.length, missing: 0 });
};

test('whole numbers up to 2^53 are put in order', () => {
  const key = fc.maxSafeNat();
  fc.assert(
    fc.property(fc.array(fc.oneof(key, fc.nat(3000), fc.constant(2 ** 53))), (keys) => {
      expect([...orderOf(Float64Array.from(keys))].map((i) => keys[i])).toEqual(keys.toSorted((a, b) => a - b));
    }),
  );
});

test('sums and slices of tiles are those of the dense histogram', () => {
  fc.assert(
    fc.property(arbitraryHistogram, fc.nat(2), (drawn, nth) => {
      // An empty bin has no sign.
      const histogram = { ...drawn, ...mapArrays(drawn, (array) => array.map((x) => x || 0)) };
      const axis = nth % histogram.axes.length;
      const tiled = inTiles(histogram);
      const others = histogram.axes.map((_, i) => i).filter((i) => i !== axis);
      expect(project(tiled, others)).toEqual({ ...project(histogram, others), tiles: undefined });
      const index = nth % binCount([histogram.axes[axis]]);
      expect(sliceAt(tiled, axis, index)).toEqual({ ...sliceAt(histogram, axis, index), tiles: undefined });
    }),
  );
});

test('nine axes cost what is filled, and project to what was filled', () => {
  const histogram = createHistogram(NINE, 'count');
  expect(histogram.values.length).toBe(0);
  const positions = Array.from({ length: 1000 }, (_, n) => NINE.map((_, i) => (n * (i + 1) * 7 + i) % 50));
  fill(histogram, positions.slice(0, 400));
  fill(histogram, positions.slice(400));
  expect(histogram.entries).toBe(1000);
  expect(histogram.values.length).toBeLessThan(2 * 1000 + 1);
  expect([...(histogram.tiles?.at ?? [])]).toEqual([...(histogram.tiles?.at ?? [])].toSorted((a, b) => a - b));
  for (const axis of [0, 4, 8]) {
    const counts = new Float64Array(50);
    for (const position of positions) counts[position[axis]]++;
    const kept = histogram.axes.map((one, i) => (i === axis ? keep(one) : sumUp(one)));
    expect(remapTiles(histogram as TiledArrays, [NINE[axis]], kept).values).toEqual(counts);
  }
  const eight = project(histogram, [0, 1, 2, 4, 5, 6, 7, 8]);
  expect(eight.tiles).toBeDefined();
  expect(project(eight, [0, 1, 2, 3, 4, 5, 6]).values.reduce((a, b) => a + b)).toBe(1000);
  expect(sliceAt(histogram, 0, positions[0][0]).values.reduce((a, b) => a + b)).toBe(
    positions.filter(([x]) => x === positions[0][0]).length,
  );
});

test('data sets in tiles stand side by side', () => {
  const part = (n: number) => {
    const histogram = createHistogram(NINE.slice(0, 8), 'count');
    fill(histogram, [Array(8).fill(n), Array(8).fill(49)]);
    return histogram;
  };
  const both = combineDatasets([
    { dataset: 'A', histogram: part(1) },
    { dataset: 'B', histogram: part(2) },
  ]);
  expect(both.entries).toBe(4);
  expect(sliceAt(both, 0, 1)).toEqual({ ...part(2), entries: 4 });
  // Each of them would be dense, both together are not.
  const axes: Axis[] = [1, 2, 3].map(() => ({ type: 'regular', bins: 198, lo: 0, hi: 1, scale: 'linear' }));
  const dense = createHistogram(axes, 'weighted');
  dense.values[7_999_999] = 3;
  dense.variances?.fill(2, 7_999_999);
  const three = combineDatasets(['A', 'B', 'C'].map((dataset) => ({ dataset, histogram: dense })));
  expect([...three.values]).toEqual([0, 3, 0, 3, 0, 3]);
  expect(three.tiles?.at).toEqual(Float64Array.of(3_999_999, 7_999_999, 11_999_999));
  const last = sliceAt(three, 0, 2);
  expect([last.tiles, last.values.length, last.values[7_999_999], last.variances?.[7_999_999]]).toEqual([
    undefined,
    8_000_000,
    3,
    2,
  ]);
});

test('tiles and bins of a dense histogram are not added to one another', () => {
  expect(() => addInto(emptyContents(NINE, 'count'), emptyContents(NINE.slice(0, 1), 'count'))).toThrow(
    'different histograms',
  );
  expect(() => addInto(emptyContents(NINE, 'count'), emptyContents(NINE, 'weighted'))).toThrow('different histograms');
});
