import { VERSION } from '../version.ts';
import { type BinArrays, hasMeans } from './arrays.ts';
import { type Axis, axisExtent } from './axis.ts';
import { axisEdges } from './edges.ts';
import type { Histogram } from './histogram.ts';
import { writeJson } from './json.ts';
import { degreesOfFreedom } from './mean.ts';
import { toSparse } from './uhiSparse.ts';

/**
 * Histograms as UHI serialisation JSON, schema 1 (scikit-hep `uhi`, `histogram.schema.json`), which Python's `hist` and
 * `boost-histogram` read. What the schema has no place for goes into `metadata`:
 *
 * - axis: `name`, `label`, `unit`; `scale` on log and sqrt axes, which are written as variable edges; `integers: true`
 *   where integer categories are written as strings, since readers hold them in 32 bits
 * - histogram: its own metadata, `entries`, `missing`; and `nan_values`, `nan_variances`, …, see below
 *
 * JSON has no infinity and no NaN, and the schema allows nothing but numbers. Infinities are written as ±1e999, which
 * readers round to infinity. A NaN is written as 1e999 too, so that nobody takes it for a result, and its
 * row-major position (in a sparse storage its place in the list) is listed in `nan_values` or `nan_variances`, or under the name of
 * another array.
 *
 * Of a mean the file holds the variance: Σw(s − mean)² comes back within rounding, all else bit by bit.
 */

type Scalar = string | number | boolean;
export type UhiMetadata = Record<string, Scalar>;

export type UhiAxis =
  | {
      type: 'regular';
      lower: number;
      upper: number;
      bins: number;
      underflow: boolean;
      overflow: boolean;
      circular: boolean;
      metadata?: UhiMetadata;
    }
  | {
      type: 'variable';
      edges: number[];
      underflow: boolean;
      overflow: boolean;
      circular: boolean;
      metadata?: UhiMetadata;
    }
  | { type: 'category_int'; categories: number[]; flow: boolean; metadata?: UhiMetadata }
  | { type: 'category_str'; categories: string[]; flow: boolean; metadata?: UhiMetadata }
  | { type: 'boolean'; metadata?: UhiMetadata };

/** Row-major, nested to the depth of the axes, flow bins included. */
export type Nested = number | Nested[];

export interface UhiHistogram {
  uhi_schema: 1;
  writer_info: { lumiscope: { version: string } };
  metadata: UhiMetadata;
  axes: UhiAxis[];
  storage: UhiStorage;
}

/** `index`: of histograms in tiles, see `uhiSparse.ts`; the arrays are then flat. */
export type UhiStorage = { index?: number[][] } & UhiArrays;

type UhiArrays =
  | { type: 'int' | 'double'; values: Nested }
  | { type: 'weighted'; values: Nested; variances: Nested }
  | { type: 'mean'; counts: Nested; values: Nested; variances: Nested }
  | {
      type: 'weighted_mean';
      sum_of_weights: Nested;
      sum_of_weights_squared: Nested;
      values: Nested;
      variances: Nested;
    };

/**
 * The histogram as a UHI object: plain data, keys in a fixed order, infinities still as such and NaN as infinity. Counts
 * have storage `int` where all are whole numbers up to 2^53, else `double`. A mean without weights has storage `mean`, else
 * `weighted_mean`.
 */
export function toUhi(histogram: Histogram): UhiHistogram {
  const { axes } = histogram;
  const names = new Set<string>();
  const sparse = histogram.tiles && toSparse(histogram);
  const arrays = uhiArrays(sparse?.arrays ?? histogram);
  const shape = sparse ? [sparse.arrays.values.length] : axes.map(axisExtent);
  return {
    uhi_schema: 1,
    writer_info: { lumiscope: { version: VERSION } },
    metadata: {
      ...histogram.metadata,
      entries: histogram.entries,
      missing: histogram.missing,
      ...Object.assign({}, ...Object.entries(arrays.numbers).map(([key, array]) => nanPositions(`nan_${key}`, array))),
    },
    axes: axes.map((axis) => toUhiAxis(axis, names)),
    storage: {
      type: arrays.type,
      ...(sparse && { index: sparse.index }),
      ...Object.fromEntries(Object.entries(arrays.numbers).map(([key, array]) => [key, nest(array, shape)])),
    } as UhiStorage,
  };
}

/** The arrays of a storage, by their names in UHI. */
function uhiArrays(histogram: BinArrays): { type: UhiStorage['type']; numbers: Record<string, Float64Array> } {
  const { values, variances } = histogram;
  if (hasMeans(histogram)) {
    const spread = histogram.deltas.map((deltas, bin) => varianceOf(values[bin], histogram.variances[bin], deltas));
    const means = { values: histogram.means, variances: spread };
    return values.every((sum, bin) => sum === histogram.variances[bin])
      ? { type: 'mean', numbers: { counts: values, ...means } }
      : {
          type: 'weighted_mean',
          numbers: { sum_of_weights: values, sum_of_weights_squared: histogram.variances, ...means },
        };
  }
  if (variances) return { type: 'weighted', numbers: { values, variances } };
  const whole = values.every((v) => Number.isSafeInteger(v) && !Object.is(v, -0));
  return { type: whole ? 'int' : 'double', numbers: { values } };
}

/** As boost-histogram writes it, but 0, not NaN, where a bin holds too little to tell: NaN would spread to what is added to it. */
function varianceOf(sum: number, sum2: number, deltas: number): number {
  const degrees = degreesOfFreedom(sum, sum2);
  return degrees === 0 ? 0 : deltas / degrees;
}

/** One histogram as JSON text: the same bytes for the same histogram, everywhere. */
export function toUhiJson(histogram: Histogram): string {
  return writeJson(toUhi(histogram));
}

/** Several histograms as the JSON text of an object by name (`histograms.schema.json`). */
export function toUhiFileJson(histograms: readonly { name: string; histogram: Histogram }[]): string {
  return writeJson(new Map(histograms.map(({ name, histogram }) => [name, toUhi(histogram)])));
}

function toUhiAxis(axis: Axis, names: Set<string>): UhiAxis {
  const metadata = axisMetadata(axis, names);
  const flow = { underflow: true, overflow: true, circular: false };
  switch (axis.type) {
    case 'regular':
      return axis.scale === 'linear'
        ? { type: 'regular', lower: axis.lo, upper: axis.hi, bins: axis.bins, ...flow, metadata }
        : {
            type: 'variable',
            edges: Array.from(axisEdges(axis)),
            ...flow,
            metadata: { ...metadata, scale: axis.scale },
          };
    case 'variable':
      return { type: 'variable', edges: axis.edges, ...flow, metadata };
    case 'intCategory':
      return axis.categories.every((category) => BigInt.asIntN(32, category) === category)
        ? { type: 'category_int', categories: axis.categories.map(Number), flow: true, metadata }
        : {
            type: 'category_str',
            categories: axis.categories.map(String),
            flow: true,
            metadata: { ...metadata, integers: true },
          };
    case 'strCategory':
      return { type: 'category_str', categories: axis.categories, flow: true, metadata };
    case 'boolean':
      return { type: 'boolean', metadata };
  }
}

/** `hist` takes no two axes of the same name: a name that is taken goes by `lumiscope_name`. */
function axisMetadata({ name, label, unit }: Axis, names: Set<string>): UhiMetadata {
  const taken = name !== undefined && names.has(name);
  if (name !== undefined) names.add(name);
  return {
    ...(name !== undefined && { [taken ? 'lumiscope_name' : 'name']: name }),
    ...(label !== undefined && { label }),
    ...(unit !== undefined && { unit }),
  };
}

function nanPositions(key: string, values: Float64Array | undefined): UhiMetadata {
  const positions: number[] = [];
  values?.forEach((value, i) => {
    if (Number.isNaN(value)) positions.push(i);
  });
  return positions.length > 0 ? { [key]: positions.join(' ') } : {};
}

function nest(values: Float64Array, shape: readonly number[]): Nested {
  const level = (depth: number, offset: number, size: number): Nested => {
    if (depth === shape.length) return Number.isNaN(values[offset]) ? Number.POSITIVE_INFINITY : values[offset];
    const step = size / shape[depth];
    return Array.from({ length: shape[depth] }, (_, i) => level(depth + 1, offset + i * step, step));
  };
  return level(0, 0, values.length);
}
