import fc from 'fast-check';
import { addBins, emptyArrays } from './arrays.ts';
import type { Axis } from './axis.ts';
import { binCount } from './contents.ts';
import { axisEdges } from './edges.ts';
import type { Histogram } from './histogram.ts';
import { fillMean, type MeanArrays } from './mean.ts';
import { forEachFilled, type TiledArrays, TileSum } from './tiles.ts';

/** Histograms of 1 to 3 axes of every kind, with contents that JSON finds hard; for property tests. */

const words = { label: fc.string(), unit: fc.string(), name: fc.constantFrom('x', 'Muon.pt + 1', '') };
const record = <T extends object>(required: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record({ ...required, ...words }, { requiredKeys: Object.keys(required) as never[] });
const double = fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-300, max: 1e300 });

const anyAxis = fc.oneof(
  fc.uniqueArray(double, { minLength: 2, maxLength: 2 }).chain((ends) => {
    const [lo, hi] = ends.sort((a, b) => a - b);
    return record({
      type: fc.constant('regular'),
      bins: fc.integer({ min: 1, max: 5 }),
      lo: fc.constant(lo),
      hi: fc.constant(hi),
      scale: fc.constantFrom('linear', 'log', 'sqrt'),
    });
  }),
  record({
    type: fc.constant('variable'),
    edges: fc.uniqueArray(double, { minLength: 2, maxLength: 5 }).map((edges) => edges.sort((a, b) => a - b)),
  }),
  record({
    type: fc.constant('intCategory'),
    categories: fc.uniqueArray(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }), { minLength: 1, maxLength: 3 }),
  }),
  record({
    type: fc.constant('intCategory'),
    categories: fc.uniqueArray(fc.bigInt({ min: -9n, max: 9n }), { minLength: 1, maxLength: 3 }),
  }),
  record({ type: fc.constant('strCategory'), categories: fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 3 }) }),
  record({ type: fc.constant('boolean') }),
) as unknown as fc.Arbitrary<Axis>;

/** UHI has no equal for log and sqrt axes whose range is so small that edges round to the same double. */
const axis = anyAxis.filter((one) => axisEdges(one).every((edge, i, edges) => i === 0 || edges[i - 1] < edge));

const contents = (size: number, value: fc.Arbitrary<number>) =>
  fc.array(value, { minLength: size, maxLength: size }).map((values) => Float64Array.from(values));

/** Fills of a mean: any numbers in its arrays would be no mean. */
const fills = (bins: number) =>
  fc.array(
    fc.record({
      bin: fc.nat(bins - 1),
      w: fc.constantFrom(1, 1, 0.1, 2.5, -1, 1e-9),
      s: fc.double({ min: -1e6, max: 1e6 }),
    }),
    { maxLength: 20 },
  );

export const arbitraryHistogram: fc.Arbitrary<Histogram> = fc
  .array(axis, { minLength: 1, maxLength: 3 })
  .chain((axes) => {
    const common = {
      axes: fc.constant(axes),
      entries: fc.nat(),
      missing: fc.nat(),
      metadata: fc.record({ title: fc.string() }, { requiredKeys: [], noNullPrototype: true }),
    };
    const size = binCount(axes);
    return fc.oneof(
      fc.record({ ...common, storage: fc.constant('count' as const), values: contents(size, fc.nat()) }),
      fc.record({
        ...common,
        storage: fc.constant('weighted' as const),
        values: contents(size, fc.double()),
        variances: contents(size, fc.double()),
      }),
      fc.tuple(fc.record({ ...common, storage: fc.constant('mean' as const) }), fills(size)).map(([rest, made]) => {
        const arrays = emptyArrays('mean', size) as MeanArrays;
        for (const { bin, w, s } of made) fillMean(arrays, bin, w, s);
        return { ...rest, ...arrays };
      }),
    );
  });

/** The same contents in tiles, which `createHistogram` makes of large histograms only. */
export function inTiles(histogram: Histogram): Histogram & TiledArrays {
  const sum = new TileSum(histogram.storage);
  forEachFilled(histogram, (bin, index) => {
    const at = sum.indexOf(bin);
    addBins(sum.arrays, at, histogram, index, 1);
  });
  return { ...histogram, ...sum.sorted() };
}
