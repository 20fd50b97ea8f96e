import { type ColumnData, VALUE_BYTES } from '../../core/schema/column.ts';
import { splitDouble } from '../numbers/split.ts';
import type { StringCodes } from './strings.ts';

/** Events between two places at which a chunk can be split. */
export const GRAIN = 1024;

/** How an array of a chunk follows its events. */
export interface ArrayShape {
  bits: number;
  /** Entries that belong to all events together: 1 for offsets, which are one more than the events. */
  extra: 0 | 1;
  /** Entries before an event, whose position is a multiple of `GRAIN` or the number of events. */
  before(event: number): number;
}

/** An array as the words that the GPU gets: see `ResidentArray`. */
export interface PackedArray extends ArrayShape {
  /** Equal ids of one chunk are equal arrays. */
  id: string;
  /** Bytes of words [from, to): views where they lie as they are. */
  read(from: number, to: number): Uint8Array<ArrayBuffer>;
}

/** Words [from, to) of the array that events [begin, end) need. */
export function wordRange(shape: ArrayShape, begin: number, end: number): { from: number; to: number } {
  return {
    from: Math.floor((shape.before(begin) * shape.bits) / 32),
    to: Math.ceil(((shape.before(end) + shape.extra) * shape.bits) / 32),
  };
}

export const valuesId = (column: string) => `values ${column}`;
export const validId = (column: string) => `valid ${column}`;

/** The arrays of a column of at most one level of lists: values, which are valid where some are not, offsets where it is jagged. */
export function packColumn(
  name: string,
  column: ColumnData,
  strings: StringCodes,
): { values: PackedArray; valid?: PackedArray; offsets?: PackedArray } {
  const { type, valid, length } = column;
  if (column.offsets.length > 1) throw new Error(`${name}: lists of lists are not for the GPU`);
  const offsets = column.offsets.at(0);
  const before = offsets ? marks(offsets, length) : (event: number) => event;
  return {
    values: { id: valuesId(name), bits: 8 * VALUE_BYTES[type], extra: 0, before, read: reader(column, strings) },
    valid: valid && { id: validId(name), bits: 8, extra: 0, before, read: (from, to) => bytesOf(valid, from, to) },
    offsets: offsets && {
      id: `offsets ${digest(offsets)}`,
      bits: 32,
      extra: 1,
      before: (event) => event,
      read: (from, to) => bytesOf(offsets, from, to),
    },
  };
}

/** A `valid` of a column in which all values are there. */
export function allValid(name: string, values: ArrayShape): PackedArray {
  return {
    id: validId(name),
    bits: 8,
    extra: 0,
    before: values.before,
    read: (from, to) => new Uint8Array(4 * (to - from)).fill(1),
  };
}

/** Entries before each place at which the chunk can be split: the offsets themselves are not kept. */
function marks(offsets: Uint32Array, length: number): ArrayShape['before'] {
  const kept = Uint32Array.from({ length: Math.ceil(length / GRAIN) }, (_, i) => offsets[i * GRAIN]!);
  const total = offsets[length]!;
  return (event) => (event === length ? total : kept[event / GRAIN]!);
}

function reader(column: ColumnData, strings: StringCodes): PackedArray['read'] {
  const { type, values } = column;
  if (type === 'float64') return (from, to) => splitDoubles(values as Float64Array, from, to);
  if (type !== 'string') return (from, to) => bytesOf(values, from, to);
  const codes = strings.add(column.dictionary ?? []);
  return (from, to) => {
    const words = new Uint32Array(to - from);
    for (let i = 0; i < words.length; i++) words[i] = codes[Number(values[from + i])] ?? 0;
    return new Uint8Array(words.buffer);
  };
}

function splitDoubles(values: Float64Array, from: number, to: number): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(to - from);
  for (let i = 0; i < words.length; i += 2) splitDouble(values[(from + i) / 2]!, words, i);
  return new Uint8Array(words.buffer);
}

/** Words of the bytes that an array is; the last one may be longer than the array. */
function bytesOf(array: ArrayBufferView, from: number, to: number): Uint8Array<ArrayBuffer> {
  const end = Math.min(4 * to, array.byteLength);
  const view = new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset + 4 * from, end - 4 * from);
  if (view.length === 4 * (to - from)) return view;
  const padded = new Uint8Array(4 * (to - from));
  padded.set(view);
  return padded;
}

/** 64 bits of an array's content and its length: columns of a collection have equal offsets, which are kept once. */
function digest(words: Uint32Array): string {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (const word of words) {
    a = Math.imul(a ^ word, 0x01000193);
    a ^= a >>> 15;
    b = Math.imul(b ^ word, 0xcc9e2d51);
    b = (b << 13) | (b >>> 19);
  }
  return `${words.length} ${a >>> 0} ${b >>> 0}`;
}
