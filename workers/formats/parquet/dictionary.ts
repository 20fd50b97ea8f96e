/**
 * Dictionary encoding: packed indices are unpacked and looked up in one go. A loop for each width of values in bytes, over
 * plain bit patterns, stays fast as it sees one kind of array, and NaN payloads survive.
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#DICTIONARY
 */
import type { Values } from '../../../core/schema/column.ts';
import { Corrupt } from '../errors.ts';
import { eachRun } from './hybrid.ts';
import { type Words, words } from './widths.ts';

/** Indices of more bits may lie across five bytes, and are not to be had by one load. */
const WIDEST_LOAD = 25;

/** Looks up `count` indices that begin at a bit; the bytes go on for four after the last one's first. @returns < 0 if one is past the end */
type Gather<T extends Words> = (
  view: DataView,
  bit: number,
  width: number,
  count: number,
  from: T,
  to: T,
  begin: number,
) => number;

/**
 * Decodes `count` indices, in the hybrid encoding after a byte that says their width, and puts what they stand for into
 * `out[begin…]`.
 * @throws Corrupt where the bytes end before, or an index is past the end of the dictionary
 */
export function decodeDictionary(
  dictionary: Values,
  bytes: Uint8Array,
  offset: number,
  count: number,
  out: Values,
  begin: number,
): void {
  const from = words(dictionary);
  const to = words(out);
  const wide = out.BYTES_PER_ELEMENT === 8;
  const gather = (wide ? gather64 : gatherOf(to)) as Gather<Words>;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const width = bytes[offset] ?? 0;
  if (width > 32) throw new Corrupt(`dictionary indices of ${width} bits`);
  const repeat = (index: number, times: number, at: number) => {
    if (index >= dictionary.length) throw pastEnd(dictionary);
    if (wide) fill64(from as Int32Array, index, times, to as Int32Array, at);
    else to.fill(from[index]!, at, at + times);
  };
  if (width === 0) {
    repeat(0, count, begin);
    return;
  }
  eachRun(bytes, offset + 1, bytes.length, width, count, (run, length, done) => {
    const at = begin + done;
    if (!run.packed) {
      repeat(run.value, length, at);
      return;
    }
    const fast = Math.min(length, loads(bytes.length - run.offset, width));
    if (gather(view, 8 * run.offset, width, fast, from, to, at) < 0) throw pastEnd(dictionary);
    for (let i = fast; i < length; i++) repeat(packedAt(bytes, 8 * run.offset + i * width, width), 1, at + i);
  });
}

/** How many packed values can be read by loads of four bytes. */
function loads(bytes: number, width: number): number {
  return width > WIDEST_LOAD || bytes < 4 ? 0 : Math.floor((8 * (bytes - 4) + 7) / width) + 1;
}

function packedAt(bytes: Uint8Array, bit: number, width: number): number {
  let value = 0;
  for (let b = 0; b < width; b++) value |= ((bytes[(bit + b) >>> 3]! >> ((bit + b) & 7)) & 1) << b;
  return value >>> 0;
}

function gatherOf(to: Words): Gather<Uint8Array> | Gather<Uint16Array> | Gather<Int32Array> {
  if (to instanceof Int32Array) return gather32;
  return to instanceof Uint16Array ? gather16 : gather8;
}

const gather8: Gather<Uint8Array> = (view, bit, width, count, from, to, begin) => {
  const mask = (1 << width) - 1;
  const last = from.length - 1;
  let bad = 0;
  for (let i = begin; i < begin + count; i++, bit += width) {
    const index = (view.getInt32(bit >>> 3, true) >>> (bit & 7)) & mask;
    bad |= last - index;
    to[i] = from[index]!;
  }
  return bad;
};

const gather16: Gather<Uint16Array> = (view, bit, width, count, from, to, begin) => {
  const mask = (1 << width) - 1;
  const last = from.length - 1;
  let bad = 0;
  for (let i = begin; i < begin + count; i++, bit += width) {
    const index = (view.getInt32(bit >>> 3, true) >>> (bit & 7)) & mask;
    bad |= last - index;
    to[i] = from[index]!;
  }
  return bad;
};

/** Most columns come here; so two at a time. */
const gather32: Gather<Int32Array> = (view, bit, width, count, from, to, begin) => {
  const mask = (1 << width) - 1;
  const last = from.length - 1;
  const end = begin + count;
  let bad = 0;
  let i = begin;
  for (; i + 1 < end; i += 2) {
    const first = (view.getInt32(bit >>> 3, true) >>> (bit & 7)) & mask;
    bit += width;
    const second = (view.getInt32(bit >>> 3, true) >>> (bit & 7)) & mask;
    bit += width;
    bad |= (last - first) | (last - second);
    to[i] = from[first]!;
    to[i + 1] = from[second]!;
  }
  if (i < end) {
    const index = (view.getInt32(bit >>> 3, true) >>> (bit & 7)) & mask;
    bad |= last - index;
    to[i] = from[index]!;
  }
  return bad;
};

const gather64: Gather<Int32Array> = (view, bit, width, count, from, to, begin) => {
  const mask = (1 << width) - 1;
  const last = from.length / 2 - 1;
  let bad = 0;
  for (let i = begin; i < begin + count; i++, bit += width) {
    const index = (view.getInt32(bit >>> 3, true) >>> (bit & 7)) & mask;
    bad |= last - index;
    to[2 * i] = from[2 * index]!;
    to[2 * i + 1] = from[2 * index + 1]!;
  }
  return bad;
};

function fill64(from: Int32Array, index: number, count: number, to: Int32Array, begin: number): void {
  for (let i = begin; i < begin + count; i++) {
    to[2 * i] = from[2 * index]!;
    to[2 * i + 1] = from[2 * index + 1]!;
  }
}

function pastEnd({ length }: Values): Corrupt {
  return new Corrupt(`a dictionary index is past the end of its ${length} entries`);
}
