/**
 * Values whose type in memory is another than the one that is stored: small integers, half-precision floats, decimals.
 * @see https://github.com/apache/parquet-format/blob/master/LogicalTypes.md
 */
import type { Values } from '../../core/schema/column.ts';
import { Corrupt } from './errors.ts';

/** Small integers are stored in 32 bits. */
export function narrow(stored: Uint8Array<ArrayBuffer>, out: Values, begin: number): void {
  (out as Int8Array).set(new Int32Array(stored.buffer, 0, stored.length / 4), begin);
}

const EPOCH_DAY = 2_440_588n;
const DAY_NANOSECONDS = 86_400_000_000_000n;

/**
 * Timestamps of 96 bits (nanoseconds within a day, and the Julian day) as nanoseconds since 1970.
 * @throws Corrupt where 64 bits don't hold them: before 1677, after 2262
 */
export function nanoseconds(stored: Uint8Array<ArrayBuffer>, out: BigInt64Array, begin: number): void {
  const view = new DataView(stored.buffer);
  for (let i = 0, at = 0; at < stored.length; i++, at += 12) {
    const day = view.getUint32(at + 8, true);
    const value = (BigInt(day) - EPOCH_DAY) * DAY_NANOSECONDS + view.getBigInt64(at, true);
    if (BigInt.asIntN(64, value) !== value)
      throw new Corrupt(`a timestamp of Julian day ${day}, past what 64 bits hold`);
    out[begin + i] = value;
  }
}

/** IEEE 754 binary16, little-endian. */
export function widenHalves(stored: Uint8Array<ArrayBuffer>, out: Float32Array, begin: number): void {
  const halves = new Uint16Array(stored.buffer, 0, stored.length / 2);
  for (let i = 0; i < halves.length; i++) out[begin + i] = half(halves[i]!);
}

/** The number that 16 bits of IEEE 754 binary16 stand for. */
export function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/**
 * An unscaled integer, big-endian in two's complement, divided by ten to the power of its scale. Doubles hold some 16
 * digits: integers up to 2^53 with up to 22 decimal places come out as the nearest double, others within a few units in
 * the last place.
 */
export function decimalOfBytes(bytes: Uint8Array, begin: number, end: number, scale: number): number {
  let value = 0;
  const negative = end > begin && bytes[begin]! >= 128;
  // Of a negative number the complement is added up, so that small ones lose nothing.
  for (let i = begin; i < end; i++) value = value * 256 + (negative ? 255 - bytes[i]! : bytes[i]!);
  return (negative ? -value - 1 : value) / 10 ** scale;
}

/** The same of a little-endian integer of any width. */
export function decimalOfLittleEndian(bytes: Uint8Array, begin: number, width: number, scale: number): number {
  let value = 0;
  const negative = bytes[begin + width - 1]! >= 128;
  for (let i = begin + width - 1; i >= begin; i--) value = value * 256 + (negative ? 255 - bytes[i]! : bytes[i]!);
  return (negative ? -value - 1 : value) / 10 ** scale;
}

/** The same of little-endian integers of 32 or 64 bits. */
export function decimals(
  stored: Uint8Array<ArrayBuffer>,
  width: number,
  scale: number,
  out: Float64Array,
  begin: number,
): void {
  const divisor = 10 ** scale;
  const integers = width === 4 ? new Int32Array(stored.buffer) : new BigInt64Array(stored.buffer);
  for (let i = 0; i < integers.length; i++) out[begin + i] = Number(integers[i]) / divisor;
}
