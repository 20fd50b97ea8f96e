/**
 * Moving values about by their width in bytes. Four loops over plain bit patterns serve twelve types: each stays fast,
 * as it sees one kind of array, and NaN payloads survive.
 */
import type { Values } from '../../../core/schema/column.ts';

export type Words = Uint8Array | Uint16Array | Int32Array;

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

/** The bit patterns of values: of 64-bit ones, two words each. */
export function words(values: Values): Words {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = values;
  if (BYTES_PER_ELEMENT === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (BYTES_PER_ELEMENT === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Int32Array(buffer, byteOffset, byteLength / 4);
}

function spreadSmall(out: Words, valid: Uint8Array, begin: number, count: number, present: number): void {
  for (let i = count - 1, from = present; i >= 0; i--) out[i] = valid[begin + i] ? out[--from]! : 0;
}

function spread32(out: Int32Array, valid: Uint8Array, begin: number, count: number, present: number): void {
  // Without a branch: gaps come at random.
  for (let i = count - 1, from = present; i >= 0; i--) {
    const there = valid[begin + i]!;
    from -= there;
    out[i] = out[from]! & -there;
  }
}

function spread64(out: Int32Array, valid: Uint8Array, begin: number, count: number, present: number): void {
  for (let i = count - 1, from = present; i >= 0; i--) {
    const there = valid[begin + i] === 1;
    if (there) from--;
    out[2 * i + 1] = there ? out[2 * from + 1]! : 0;
    out[2 * i] = there ? out[2 * from]! : 0;
  }
}
