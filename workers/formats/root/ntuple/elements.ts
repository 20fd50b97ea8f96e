/**
 * Elements of a page, in each of the format's encodings, straight into typed arrays.
 * @see https://github.com/root-project/root/blob/master/tree/ntuple/doc/BinaryFormatSpecification.md ("Column Description")
 */
import { VALUE_BYTES, type ValueArrays, type Values } from '../../../../core/schema/column.ts';
import { half } from '../../conversions.ts';
import { Corrupt } from '../../errors.ts';
import { COLUMN_TYPES } from './columnTypes.ts';
import type { ColumnRecord } from './description.ts';

/** A page, unpacked: `count` elements, of which `[from, to)` are wanted. */
export interface PageSlice {
  bytes: Uint8Array;
  count: number;
  from: number;
  to: number;
}

/** Bytes of a page of `count` elements. */
export function pageLength({ bits }: ColumnRecord, count: number): number {
  return Math.ceil((count * bits) / 8);
}

/**
 * Writes elements that are numbers into `out` from `at` on. `out` is of the column type's native type; of a quantised column
 * it may also be doubles.
 */
export function decodeNumbers(column: ColumnRecord, page: PageSlice, out: Values, at: number): void {
  const { name, native, split } = COLUMN_TYPES[column.type]!;
  const count = page.to - page.from;
  if (name === 'Bit') return decodeBits(page, out as Uint8Array, at);
  if (name === 'Real32Trunc') return decodeTruncated(page, column.bits, out as Float32Array, at);
  if (name === 'Real32Quant') return decodeQuantised(page, column, out as Float64Array, at);
  if (column.bits === 16 && native === 'float32') {
    const stored = new Uint16Array(count);
    if (split) join16(page, stored, 0);
    else copy(page, 2, stored, 0);
    for (let i = 0; i < count; i++) (out as Float32Array)[at + i] = half(stored[i]!);
    return;
  }
  const width = VALUE_BYTES[native as keyof ValueArrays];
  if (!split) return copy(page, width, out, at);
  const begin = out.byteOffset + at * width;
  if (width === 2) {
    const words = new Uint16Array(out.buffer, begin, count);
    join16(page, words, 0);
    if (native === 'int16') for (let i = 0; i < count; i++) words[i] = (words[i]! >>> 1) ^ -(words[i]! & 1);
  } else if (width === 4) {
    join32(page, new Uint32Array(out.buffer, begin, count), native === 'int32');
  } else {
    join64(page, new Uint32Array(out.buffer, begin, 2 * count), native === 'int64');
  }
}

/** Ends of lists, counted from the start of the cluster, into `out` from `at` on. @throws Corrupt where one does not fit into 32 bits */
export function decodeIndexes(column: ColumnRecord, page: PageSlice, out: Uint32Array, at: number): void {
  const { bytes, count, from, to } = page;
  const wide = column.bits === 64;
  if (COLUMN_TYPES[column.type]!.split) {
    if (wide) refuseSet(bytes, 4 * count, 8 * count);
    let last = 0;
    for (let i = 0; i < to; i++) {
      last += joined32(bytes, count, i);
      if (i >= from) out[at + i - from] = last;
    }
    if (last > 0xffff_ffff) throw new Corrupt('a list has more than 2^32 items');
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const width = wide ? 8 : 4;
  for (let i = from; i < to; i++) {
    const end = view.getUint32(i * width, true);
    if (wide && view.getUint32(i * width + 4, true) !== 0) throw new Corrupt('a list has more than 2^32 items');
    out[at + i - from] = end;
  }
}

/** Bytes that are 0 wherever lists are shorter than 2^32. */
function refuseSet(bytes: Uint8Array, from: number, to: number): void {
  let set = 0;
  for (let i = from; i < to; i++) set |= bytes[i]!;
  if (set !== 0) throw new Corrupt('a list has more than 2^32 items, or ends before it begins');
}

function joined32(bytes: Uint8Array, count: number, i: number): number {
  return (bytes[i]! | (bytes[count + i]! << 8) | (bytes[2 * count + i]! << 16) | (bytes[3 * count + i]! << 24)) >>> 0;
}

function copy({ bytes, from, to }: PageSlice, width: number, out: Values | Uint16Array, at: number): void {
  new Uint8Array(out.buffer, out.byteOffset + at * width, (to - from) * width).set(
    bytes.subarray(from * width, to * width),
  );
}

function decodeBits({ bytes, from, to }: PageSlice, out: Uint8Array, at: number): void {
  for (let i = from; i < to; i++) out[at + i - from] = (bytes[i >>> 3]! >>> (i & 7)) & 1;
}

function join16({ bytes, count, from, to }: PageSlice, out: Uint16Array, at: number): void {
  for (let i = from; i < to; i++) out[at + i - from] = bytes[i]! | (bytes[count + i]! << 8);
}

function join32({ bytes, count, from, to }: PageSlice, out: Uint32Array, zigzag: boolean): void {
  const [b, c, d] = [count, 2 * count, 3 * count];
  for (let i = from; i < to; i++) {
    out[i - from] = bytes[i]! | (bytes[b + i]! << 8) | (bytes[c + i]! << 16) | (bytes[d + i]! << 24);
  }
  if (zigzag) for (let i = 0; i < out.length; i++) out[i] = (out[i]! >>> 1) ^ -(out[i]! & 1);
}

/** Words of 32 bits, the lower ones first. */
function join64({ bytes, count, from, to }: PageSlice, out: Uint32Array, zigzag: boolean): void {
  const upper = bytes.subarray(4 * count);
  for (let i = from, at = 0; i < to; i++, at += 2) {
    const low = joined32(bytes, count, i);
    const high = joined32(upper, count, i);
    const sign = zigzag ? -(low & 1) : 0;
    out[at] = zigzag ? ((low >>> 1) | (high << 31)) ^ sign : low;
    out[at + 1] = zigzag ? (high >>> 1) ^ sign : high;
  }
}

/** The upper bits of a single float. */
function decodeTruncated({ bytes, from, to }: PageSlice, bits: number, out: Float32Array, at: number): void {
  const words = new Uint32Array(out.buffer, out.byteOffset + 4 * at, to - from);
  for (let i = from; i < to; i++) words[i - from] = packed(bytes, i, bits) << (32 - bits);
}

/** Integers of `bits` bits, of which the largest stands for the range's upper end. */
function decodeQuantised(
  { bytes, from, to }: PageSlice,
  { bits, range }: ColumnRecord,
  out: Float64Array | Float32Array,
  at: number,
): void {
  const { minimum, maximum } = range!;
  const scale = (maximum - minimum) / (2 ** bits - 1);
  for (let i = from; i < to; i++) out[at + i - from] = packed(bytes, i, bits) * scale + minimum;
}

/** The `i`-th of integers that are packed without gaps, the lowest bits first. */
function packed(bytes: Uint8Array, i: number, bits: number): number {
  const begin = i * bits;
  const byte = Math.floor(begin / 8);
  const shift = begin % 8;
  let value = (bytes[byte]! | (bytes[byte + 1]! << 8) | (bytes[byte + 2]! << 16) | (bytes[byte + 3]! << 24)) >>> shift;
  // Bytes past the end count as 0.
  if (shift + bits > 32) value |= bytes[byte + 4]! << (32 - shift);
  return bits === 32 ? value >>> 0 : (value & (2 ** bits - 1)) >>> 0;
}
