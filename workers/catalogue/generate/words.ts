/** Integers of 64 bits by their halves: BigInt costs an allocation each. */

/** A number of 64 bits that others are counted from. */
export interface Base {
  low: number;
  high: number;
}

export function baseOf(value: bigint): Base {
  return { low: Number(value & 0xffff_ffffn), high: Number((value >> 32n) & 0xffff_ffffn) };
}

/** The halves of an array of 64-bit integers, the lower one first. */
export function wordsOf({ buffer, byteOffset, length }: BigUint64Array | BigInt64Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, 2 * length);
}

/** Writes `base + offset` as number `at` of an array. @param offset whole, 0 … 2^53 */
export function putSum(words: Uint32Array, at: number, base: Base, offset: number): void {
  const low = base.low + (offset % 4294967296);
  words[2 * at] = low;
  words[2 * at + 1] = base.high + Math.floor(offset / 4294967296) + (low >= 4294967296 ? 1 : 0);
}
