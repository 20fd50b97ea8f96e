import { LumiscopeError } from '../errors.ts';
import { type BinArrays, hasMeans } from './arrays.ts';
import { type Axis, axisBins, axisExtent } from './axis.ts';
import { binCount, checkBins, createHistogram } from './contents.ts';
import { axisEdges } from './edges.ts';
import type { Histogram, StorageType } from './histogram.ts';
import { degreesOfFreedom, type MeanArrays } from './mean.ts';
import type { UhiMetadata } from './uhi.ts';
import { tilesOf } from './uhiSparse.ts';

/**
 * Reads a histogram in UHI serialisation JSON (see `uhi.ts`), from Lumiscope or from Python: a text, or what
 * `JSON.parse` made of it. Axes without flow bins get empty ones. What `toUhi` wrote comes back bit by bit.
 *
 * @throws LumiscopeError 'format' for what is no UHI histogram, or one that Lumiscope has no equal for: circular axes;
 * 'limit' for too many bins
 */
export function fromUhi(json: unknown): Histogram {
  const object = typeof json === 'string' ? parse(json) : json;
  if (!isObject(object)) fail('the file holds no histogram');
  if (object.uhi_schema !== 1) fail(`UHI schema ${String(object.uhi_schema)} is not supported: it must be 1`);
  if (!Array.isArray(object.axes)) fail('the histogram has no list of axes');
  const stored = object.axes.map(readAxis);
  const storage = object.storage;
  const type = isObject(storage) && STORAGES[String(storage.type)];
  if (!type) {
    const found = isObject(storage) ? String(storage.type) : 'of no type';
    fail(`storage ${found} is not supported: it must be one of ${Object.keys(STORAGES).join(', ')}`);
  }
  const { entries = 0, missing = 0, ...others } = scalars(object.metadata);
  const [nans, metadata] = takeNans(others);
  const axes = stored.map(({ axis }) => axis);
  checkBins(axes);
  const histogram = createHistogram(axes, type, metadata);
  if (storage.values !== undefined) {
    const names = Object.entries(ARRAYS[String(storage.type)] ?? PLAIN_ARRAYS).filter(([, name]) => histogram[name]);
    if (histogram.tiles) {
      if (storage.index === undefined)
        throw new LumiscopeError(
          'limit',
          `the file lists all of the histogram's ${binCount(axes).toPrecision(2)} bins`,
          {
            hint: 'write it sparse, with uhi.io.to_sparse',
          },
        );
      const lists = names.map(([key, name]) => [name, sparseNumbers(storage[key], nans[key])] as const);
      const bins = sparseBins(storage.index, stored, lists[0][1].length);
      Object.assign(histogram, tilesOf(type, bins, lists));
    } else {
      for (const [key, name] of names)
        copyIn(histogram[name] as Float64Array, storage[key], storage.index, stored, nans[key]);
    }
    if (storage.type === 'mean') histogram.variances?.set(histogram.values);
    if (hasMeans(histogram)) toDeltas(histogram);
  }
  return { ...histogram, entries: Number(entries), missing: Number(missing) };
}

/** UHI's storages, and ours. */
const STORAGES: Record<string, StorageType> = {
  int: 'count',
  double: 'count',
  weighted: 'weighted',
  mean: 'mean',
  weighted_mean: 'mean',
};

type ArrayNames = Record<string, keyof BinArrays>;
const PLAIN_ARRAYS: ArrayNames = { values: 'values', variances: 'variances' };
/** UHI's names of arrays that we call otherwise. */
const ARRAYS: Record<string, ArrayNames> = {
  mean: { counts: 'values', values: 'means', variances: 'deltas' },
  weighted_mean: {
    sum_of_weights: 'values',
    sum_of_weights_squared: 'variances',
    values: 'means',
    variances: 'deltas',
  },
};

/** Where `deltas` still holds variances, makes Σw(s − mean)² of them. Python writes NaN where a bin holds too little to tell. */
function toDeltas({ values, variances, deltas }: MeanArrays): void {
  deltas.forEach((variance, bin) => {
    const degrees = degreesOfFreedom(values[bin], variances[bin]);
    deltas[bin] = degrees === 0 ? 0 : variance * degrees;
  });
}

/** Splits metadata in the lists of NaN, by array, and the rest. */
function takeNans(scalars: UhiMetadata): [Record<string, unknown>, UhiMetadata] {
  const isNan = ([key]: [string, unknown]) => /^nan_(values|variances|counts|sum_of_weights(_squared)?)$/.test(key);
  const entries = Object.entries(scalars);
  const nans = entries.filter(isNan).map(([key, value]) => [key.slice('nan_'.length), value]);
  return [Object.fromEntries(nans), Object.fromEntries(entries.filter((one) => !isNan(one)))];
}

/** All histograms of a file: an object by name, or a single one, whose name is then empty. */
export function fromUhiFile(text: string): { name: string; histogram: Histogram }[] {
  const object = parse(text);
  if (!isObject(object)) fail('the file holds no histogram');
  if ('uhi_schema' in object) return [{ name: '', histogram: fromUhi(object) }];
  return Object.entries(object).map(([name, value]) => ({ name, histogram: fromUhi(value) }));
}

/** An axis, and which of its bins the file holds: `extent` bins from `offset` on. */
interface StoredAxis {
  axis: Axis;
  offset: number;
  extent: number;
}

function readAxis(json: unknown): StoredAxis {
  if (!isObject(json)) fail('an axis is not an object');
  const { name, lumiscope_name, label, unit, scale, integers } = scalars(json.metadata);
  const words = {
    ...text('label', label),
    ...text('unit', unit),
    ...text('name', lumiscope_name ?? name),
  };
  const numeric = (axis: Axis): StoredAxis => {
    if (json.circular) fail('circular axes are not supported');
    const flow = (json.underflow ? 1 : 0) + (json.overflow ? 1 : 0);
    return { axis, offset: json.underflow ? 0 : 1, extent: axisBins(axis) + flow };
  };
  const category = (axis: Axis): StoredAxis => ({ axis, offset: 0, extent: axisBins(axis) + (json.flow ? 1 : 0) });
  switch (json.type) {
    case 'regular': {
      const [bins, lo, hi] = numbers([json.bins, json.lower, json.upper]);
      if (!Number.isInteger(bins) || bins < 1 || !(lo < hi))
        fail('a regular axis needs bins, and a lower below its upper end');
      return numeric({ type: 'regular', bins, lo, hi, scale: 'linear', ...words });
    }
    case 'variable': {
      const edges = numbers(json.edges);
      if (edges.length < 2 || edges.some((edge, i) => i > 0 && !(edges[i - 1] < edge)))
        fail('the edges of a variable axis must ascend');
      return numeric(scaled(edges, scale, words) ?? { type: 'variable', edges, ...words });
    }
    case 'category_int':
      return category({ type: 'intCategory', categories: numbers(json.categories).map(toInteger), ...words });
    case 'category_str': {
      const categories = Array.isArray(json.categories)
        ? json.categories.map(String)
        : fail('a category axis has no list of categories');
      if (integers !== true) return category({ type: 'strCategory', categories, ...words });
      if (!categories.every((c) => /^-?\d+$/.test(c))) fail('a category is not a whole number');
      return category({ type: 'intCategory', categories: categories.map(BigInt), ...words });
    }
    case 'boolean':
      return { axis: { type: 'boolean', ...words }, offset: 0, extent: 2 };
    default:
      return fail(`axis type ${String(json.type)} is not known`);
  }
}

/** The log or sqrt axis with exactly these edges, if there is one. */
function scaled(edges: number[], scale: unknown, words: object): Axis | undefined {
  const lo = edges[0];
  if (!((scale === 'log' && lo > 0) || (scale === 'sqrt' && lo >= 0))) return undefined;
  const axis: Axis = { type: 'regular', bins: edges.length - 1, lo, hi: edges[edges.length - 1], scale, ...words };
  return axisEdges(axis).every((edge, i) => edge === edges[i]) ? axis : undefined;
}

/** Numbers of the bins that a sparse storage lists, by the places of its index. */
function sparseBins(index: unknown, stored: readonly StoredAxis[], count: number): Float64Array {
  const places =
    Array.isArray(index) && index.length === stored.length
      ? index.map(numbers)
      : fail('the index of a sparse storage has a row for each axis');
  if (places.some(({ length }) => length !== count)) fail('the rows of the index are as long as the lists of numbers');
  return Float64Array.from({ length: count }, (_, n) =>
    binAt(
      stored,
      places.map((row) => row[n]),
    ),
  );
}

/** One of the lists of a sparse storage. */
function sparseNumbers(json: unknown, nans: unknown): Float64Array {
  const list = Array.isArray(json) ? Float64Array.from(json, numberOf) : fail('a list of numbers is missing');
  if (typeof nans === 'string') for (const place of nans.split(' ')) list[Number(place)] = Number.NaN;
  return list;
}

/** Number of the bin at a place of the file's, whose axes may lack flow bins. */
function binAt(stored: readonly StoredAxis[], place: readonly number[]): number {
  return stored.reduce((bin, { axis, offset, extent }, k) => {
    const i = place[k];
    if (!(Number.isInteger(i) && i >= 0 && i < extent)) fail('a bin lies outside the axes');
    return bin * axisExtent(axis) + offset + i;
  }, 0);
}

/** Copies dense (nested) or sparse (`index`, then a flat list) contents to their places. */
function copyIn(target: Float64Array, json: unknown, index: unknown, stored: StoredAxis[], nans: unknown): void {
  if (index !== undefined) {
    const values = sparseNumbers(json, nans);
    const bins = sparseBins(index, stored, values.length);
    values.forEach((value, n) => {
      target[bins[n]] = value;
    });
  } else {
    const walk = (value: unknown, position: number[]) => {
      if (position.length === stored.length) {
        target[binAt(stored, position)] = numberOf(value);
        return;
      }
      const { extent } = stored[position.length];
      if (!Array.isArray(value) || value.length !== extent) fail("the contents don't have the shape of the axes");
      for (let i = 0; i < extent; i++) walk(value[i], [...position, i]);
    };
    walk(json, []);
    if (typeof nans === 'string') for (const position of nans.split(' ')) target[Number(position)] = Number.NaN;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(/\b(NaN|Infinity)\b/.test(text) ? pythonNumbers(text) : text);
  } catch (cause) {
    throw new LumiscopeError('format', 'the file is not JSON', { cause });
  }
}

/** Python's `json` writes NaN and infinities, which JSON has no words for, as bare words. NaN is read as null. */
function pythonNumbers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|\bNaN\b|\bInfinity\b/g, (token) =>
    token === 'NaN' ? 'null' : token === 'Infinity' ? '1e999' : token,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function scalars(metadata: unknown): Record<string, string | number | boolean> {
  if (!isObject(metadata)) return {};
  return Object.fromEntries(
    Object.entries(metadata).filter(([, v]) => ['string', 'number', 'boolean'].includes(typeof v)),
  ) as Record<string, string>;
}

function text(key: string, value: unknown): Record<string, string> {
  return typeof value === 'string' ? { [key]: value } : {};
}

function numbers(json: unknown): number[] {
  if (!Array.isArray(json) || !json.every((v) => typeof v === 'number')) fail('a list of numbers is missing');
  return json as number[];
}

/** The content of a bin. */
function numberOf(value: unknown): number {
  if (value === null) return Number.NaN;
  return typeof value === 'number' ? value : fail('a bin is not a number');
}

function toInteger(x: number): bigint {
  return Number.isSafeInteger(x) ? BigInt(x) : fail('a category is not a whole number up to 2^53');
}

function fail(message: string): never {
  throw new LumiscopeError('format', message, { hint: 'Lumiscope reads UHI histogram JSON, as uhi.io.json writes it' });
}
