/**
 * Moving values about by their width in bytes. Four loops over plain bit patterns serve twelve types: each stays fast,
 * as it sees one kind of array, and NaN payloads survive.
 */
import type { Values } from '../../../core/schema/column.ts';
import { Corrupt } from './errors.ts';

type Words = Uint8Array | Uint16Array | Int32Array;

/**
 * `out[begin + i] = dictionary[indices[i]]`.
 * @throws Corrupt where an index is past the end
 */
export function gather(dictionary: Values, indices: Int32Array, count: number, out: Values, begin: number): void {
  const from = words(dictionary);
  const to = words(out);
  if (out.BYTES_PER_ELEMENT === 8) gather64(from as Int32Array, indices, count, to as Int32Array, begin);
  else if (to instanceof Int32Array) gather32(from as Int32Array, indices, count, to, begin);
  else if (to instanceof Uint16Array) gather16(from as Uint16Array, indices, count, to, begin);
  else gather8(from as Uint8Array, indices, count, to, begin);
}

/**
 * Values that are there lie densely from `begin` on: moves each to where its flag is 1, from the end on, in place, and
 * puts 0 where it is 0.
 * @param present as many of the `count` flags as are 1
 */
export function spread(out: Values, begin: number, valid: Uint8Array, count: number, present: number): void {
  const width = out.BYTES_PER_ELEMENT === 8 ? 2 : 1;
  const all = words(out).subarray(begin * width, (begin + count) * width);
  if (width === 2) spread64(all as Int32Array, valid, begin, count, present);
  else if (all instanceof Int32Array) spread32(all, valid, begin, count, present);
  else spreadSmall(all, valid, begin, count, present);
}

function words(values: Values): Words {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = values;
  if (BYTES_PER_ELEMENT === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (BYTES_PER_ELEMENT === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}

function gather8(from: Uint8Array, indices: Int32Array, count: number, to: Uint8Array, begin: number): void {
  const size = from.length;
  for (let i = 0; i < count; i++) {
    const index = indices[i]!;
    if (index < 0 || index >= size) pastEnd(index, size);
    to[begin + i] = from[index]!;
  }
}

function gather16(from: Uint16Array, indices: Int32Array, count: number, to: Uint16Array, begin: number): void {
  const size = from.length;
  for (let i = 0; i < count; i++) {
    const index = indices[i]!;
    if (index < 0 || index >= size) pastEnd(index, size);
    to[begin + i] = from[index]!;
  }
}

function gather32(from: Int32Array, indices: Int32Array, count: number, to: Int32Array, begin: number): void {
  const size = from.length;
  for (let i = 0; i < count; i++) {
    const index = indices[i]!;
    if (index < 0 || index >= size) pastEnd(index, size);
    to[begin + i] = from[index]!;
  }
}

function gather64(from: Int32Array, indices: Int32Array, count: number, to: Int32Array, begin: number): void {
  const size = from.length / 2;
  for (let i = 0; i < count; i++) {
    const index = indices[i]!;
    if (index < 0 || index >= size) pastEnd(index, size);
    const at = 2 * index;
    to[2 * (begin + i)] = from[at]!;
    to[2 * (begin + i) + 1] = from[at + 1]!;
  }
}

function spreadSmall(out: Words, valid: Uint8Array, begin: number, count: number, present: number): void {
  for (let i = count - 1, from = present; i >= 0; i--) out[i] = valid[begin + i] ? out[--from]! : 0;
}

function spread32(out: Int32Array, valid: Uint8Array, begin: number, count: number, present: number): void {
  for (let i = count - 1, from = present; i >= 0; i--) out[i] = valid[begin + i] ? out[--from]! : 0;
}

function spread64(out: Int32Array, valid: Uint8Array, begin: number, count: number, present: number): void {
  for (let i = count - 1, from = present; i >= 0; i--) {
    const there = valid[begin + i] === 1;
    if (there) from--;
    out[2 * i + 1] = there ? out[2 * from + 1]! : 0;
    out[2 * i] = there ? out[2 * from]! : 0;
  }
}

function pastEnd(index: number, size: number): never {
  throw new Corrupt(`a dictionary index of ${index >>> 0}, past its ${size} entries`);
}
