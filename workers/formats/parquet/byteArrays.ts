/** Values that are bytes of any length, in each of their encodings. */

import { Corrupt } from '../errors.ts';
import { decodeDelta } from './delta.ts';

/** Is given each value as `bytes[begin, end)`, which are its own only until it returns. */
export type TakeBytes = (index: number, bytes: Uint8Array, begin: number, end: number) => void;

/** PLAIN: four bytes of length before each. @throws Corrupt */
export function plainByteArrays(bytes: Uint8Array, offset: number, count: number, take: TakeBytes): void {
  const end = bytes.length;
  let at = offset;
  for (let i = 0; i < count; i++) {
    if (at + 4 > end) throw new Corrupt('strings are cut short');
    const length = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    at += 4;
    if (length < 0 || length > end - at) throw new Corrupt('a string is cut short');
    take(i, bytes, at, at + length);
    at += length;
  }
}

/**
 * DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.
 * @throws Corrupt
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTALENGTH
 */
export function deltaLengthByteArrays(bytes: Uint8Array, offset: number, count: number, take: TakeBytes): void {
  const lengths = new Int32Array(count);
  let at = decodeDelta(bytes, offset, count, lengths, 0, false);
  for (let i = 0; i < count; i++) {
    const length = lengths[i]!;
    if (length < 0 || length > bytes.length - at) throw new Corrupt('a string is cut short');
    take(i, bytes, at, at + length);
    at += length;
  }
}

/**
 * DELTA_BYTE_ARRAY: how many bytes each shares with the start of the one before, then the rest of each.
 * @throws Corrupt
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTASTRING
 */
export function deltaByteArrays(bytes: Uint8Array, offset: number, count: number, take: TakeBytes): void {
  const shared = new Int32Array(count);
  const rest = decodeDelta(bytes, offset, count, shared, 0, false);
  let value = new Uint8Array(64);
  let length = 0;
  deltaLengthByteArrays(bytes, rest, count, (i, from, begin, end) => {
    const prefix = shared[i]!;
    if (prefix < 0 || prefix > length) throw new Corrupt('a string shares more than the one before has');
    length = prefix + end - begin;
    if (length > value.length) {
      const longer = new Uint8Array(2 * length);
      longer.set(value.subarray(0, prefix));
      value = longer;
    }
    value.set(from.subarray(begin, end), prefix);
    take(i, value, 0, length);
  });
}
