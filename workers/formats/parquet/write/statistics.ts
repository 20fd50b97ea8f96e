import type { ColumnData, Values } from '../../../../core/schema/column.ts';
import { integerOf } from './types.ts';

/** Smallest and largest of some values, as Parquet stores them: PLAIN, texts without their length. */
export interface Extremes {
  min: Uint8Array;
  max: Uint8Array;
}

/** Longer texts are not noted: cut ones would have to be marked as such. */
const LONGEST_TEXT = 64;
const encoder = new TextEncoder();

/** Extremes of parts of a column, in the order of its type. */
export interface Comparison {
  /** Of `[from, to)`; undefined where there are none: no values, or NaN only, or a text too long. */
  of(values: Values, from: number, to: number): Extremes | undefined;
  compare(a: Uint8Array, b: Uint8Array): number;
}

/**
 * NaN is skipped; a zero is −0 as the smallest and +0 as the largest value.
 * @see https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift (ColumnOrder)
 */
export function comparisonOf(column: Pick<ColumnData, 'type' | 'dictionary'>): Comparison {
  if (column.type === 'string') return textComparison(column.dictionary ?? []);
  const { type } = column;
  const decode = decoderOf(type);
  return {
    of(values, from, to) {
      const extremes = extremesOf(type, values, from, to);
      return extremes && { min: encode(type, extremes[0]), max: encode(type, extremes[1]) };
    },
    compare(a, b) {
      const [x, y] = [decode(a), decode(b)];
      return x < y ? -1 : x > y ? 1 : 0;
    },
  };
}

function extremesOf(
  type: NumberType,
  values: Values,
  from: number,
  to: number,
): [number | bigint, number | bigint] | undefined {
  const part = values.subarray(from, to);
  if (type === 'bool')
    return part.length > 0 ? [Number(!has(part, 0)), Number(has(part, 1) || isAnySet(part))] : undefined;
  if (type === 'int64' || type === 'uint64') return ofWords(type, part as BigInt64Array);
  if (part instanceof Uint16Array) return ofShorts(part);
  // One kind of array for the loop: the browser's compiler then makes it fast.
  return ofNumbers(part instanceof Float64Array ? part : new Float64Array(part as Float32Array));
}

const has = (values: Values, value: number) => (values as Uint8Array).includes(value);
/** Whatever is not 0 is true. */
const isAnySet = (values: Values) => (values as Uint8Array).some((flag) => flag !== 0);

/** Of 64-bit integers, by halves: comparing BigInts would take ten times as long. */
function ofWords(type: 'int64' | 'uint64', values: BigInt64Array | BigUint64Array): [bigint, bigint] | undefined {
  const { buffer, byteOffset, length } = values;
  if (length === 0) return undefined;
  const words = new Uint32Array(buffer, byteOffset, 2 * length);
  // The upper half's sign, moved so that it compares without one.
  const sign = type === 'int64' ? 0x80000000 : 0;
  let [min, max] = [0, 0];
  let minHigh = (words[1]! ^ sign) >>> 0;
  let [maxHigh, minLow, maxLow] = [minHigh, words[0]!, words[0]!];
  for (let i = 1; i < length; i++) {
    const low = words[2 * i]!;
    const high = (words[2 * i + 1]! ^ sign) >>> 0;
    if (high < minHigh || (high === minHigh && low < minLow)) {
      min = i;
      minHigh = high;
      minLow = low;
    } else if (high > maxHigh || (high === maxHigh && low > maxLow)) {
      max = i;
      maxHigh = high;
      maxLow = low;
    }
  }
  return [values[min]!, values[max]!];
}

function ofNumbers(values: Float64Array): [number, number] | undefined {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) return undefined;
  return [min === 0 ? -0 : min, max === 0 ? 0 : max];
}

function ofShorts(values: Uint16Array): [number, number] | undefined {
  let min = 0xffff;
  let max = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return values.length === 0 ? undefined : [min, max];
}

type NumberType = Exclude<ColumnData['type'], 'string'>;

const is64 = (type: NumberType) => type === 'int64' || type === 'uint64' || type === 'float64';

function encode(type: NumberType, value: number | bigint): Uint8Array {
  const bytes = new Uint8Array(type === 'bool' ? 1 : is64(type) ? 8 : 4);
  const view = new DataView(bytes.buffer);
  if (type === 'bool') view.setUint8(0, Number(value));
  else if (type === 'float32') view.setFloat32(0, Number(value), true);
  else if (type === 'float64') view.setFloat64(0, Number(value), true);
  else if (bytes.length === 8) view.setBigInt64(0, BigInt.asIntN(64, value as bigint), true);
  else view.setInt32(0, Number(value) | 0, true);
  return bytes;
}

function decoderOf(type: NumberType): (bytes: Uint8Array) => number | bigint {
  const view = ({ buffer, byteOffset, byteLength }: Uint8Array) => new DataView(buffer, byteOffset, byteLength);
  if (type === 'bool') return (bytes) => bytes[0]!;
  if (type === 'float32') return (bytes) => view(bytes).getFloat32(0, true);
  if (type === 'float64') return (bytes) => view(bytes).getFloat64(0, true);
  const signed = integerOf(type)!.signed;
  if (is64(type)) return (bytes) => (signed ? view(bytes).getBigInt64(0, true) : view(bytes).getBigUint64(0, true));
  return (bytes) => (signed ? view(bytes).getInt32(0, true) : view(bytes).getUint32(0, true));
}

function textComparison(dictionary: readonly string[]): Comparison {
  // By UTF-8's bytes, which is not the order of JavaScript's strings.
  const bytes = dictionary.map((text) => encoder.encode(text));
  const order = [...bytes.keys()].sort((a, b) => compareBytes(bytes[a]!, bytes[b]!));
  const rank = new Uint32Array(bytes.length);
  order.forEach((code, place) => {
    rank[code] = place;
  });
  return {
    of(codes, from, to) {
      if (from === to) return undefined;
      let min = rank[codes[from] as number]!;
      let max = min;
      for (let i = from + 1; i < to; i++) {
        const place = rank[codes[i] as number]!;
        if (place < min) min = place;
        if (place > max) max = place;
      }
      const extremes = { min: bytes[order[min]!]!, max: bytes[order[max]!]! };
      return Math.max(extremes.min.length, extremes.max.length) > LONGEST_TEXT ? undefined : extremes;
    },
    compare: compareBytes,
  };
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}
