import type { ByteBuffer } from './byteBuffer.ts';

/** Runs of one value that are shorter than these are packed with the others. */
const SHORTEST_RUN = 16;

/** Bits that numbers up to `largest` take. */
export function bitWidth(largest: number): number {
  return 32 - Math.clz32(largest);
}

/**
 * Parquet's hybrid of runs and packed bits: `[from, to)` of `values`, each below `2 ** width`, width 0 to 31.
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 */
export function writeHybrid(into: ByteBuffer, values: Uint32Array, from: number, to: number, width: number): void {
  let packed = from;
  let at = from;
  // Packed values come in groups of eight: a run can only begin where a group does.
  while (at + SHORTEST_RUN <= to) {
    const value = values[at]!;
    let end = at + 1;
    const least = at + SHORTEST_RUN;
    while (end < least && values[end] === value) end++;
    if (end < least) {
      at += 8;
      continue;
    }
    while (end < to && values[end] === value) end++;
    if (at > packed) writePacked(into, values, packed, at, width);
    writeRun(into, end - at, value, width);
    packed = end;
    at = end;
  }
  if (packed < to) writePacked(into, values, packed, to, width);
}

/** The same of values of one bit, which come as bits already, the lowest first; there are zeros behind the last one, up to its byte's end. */
export function writeHybridBits(into: ByteBuffer, bits: Uint8Array, count: number): void {
  let packed = 0;
  let at = 0;
  while (at + SHORTEST_RUN <= count) {
    const group = bitsAt(bits, at);
    if (group !== 0 && group !== 0xffff) {
      at += 8;
      continue;
    }
    const end = runEnd(bits, at + SHORTEST_RUN, count, group & 1);
    if (at > packed) packBits(into, bits, packed, at);
    writeRun(into, end - at, group & 1, 1);
    packed = end;
    at = end;
  }
  if (packed < count) packBits(into, bits, packed, count);
}

/** Sixteen bits from anywhere. */
function bitsAt(bits: Uint8Array, at: number): number {
  const byte = at >> 3;
  const next = bits[byte]! | (bits[byte + 1]! << 8);
  const shift = at & 7;
  return shift === 0 ? next : ((next | (bits[byte + 2]! << 16)) >>> shift) & 0xffff;
}

/** Where the run of a bit ends that is there up to `from`. */
function runEnd(bits: Uint8Array, from: number, count: number, bit: number): number {
  const whole = bit === 0 ? 0 : 0xff;
  let at = from;
  while (at < count && ((bits[at >> 3]! >> (at & 7)) & 1) === bit) {
    if ((at & 7) === 0 && at + 8 <= count && bits[at >> 3] === whole) at += 8;
    else at++;
  }
  return at;
}

function writeRun(into: ByteBuffer, count: number, value: number, width: number): void {
  into.varint(count * 2);
  for (let shift = 0; shift < width; shift += 8) into.byte((value >>> shift) & 255);
}

/** Bits `[from, to)`, in groups of eight. */
function packBits(into: ByteBuffer, bits: Uint8Array, from: number, to: number): void {
  const groups = (to - from + 7) >> 3;
  into.varint(groups * 2 + 1);
  into.reserve(groups);
  const { bytes } = into;
  const end = into.length + groups;
  const shift = from & 7;
  let byte = from >> 3;
  if (shift === 0) for (let at = into.length; at < end; at++) bytes[at] = bits[byte++]!;
  else {
    const last = (to - 1) >> 3;
    for (let at = into.length; at < end; at++, byte++)
      bytes[at] = (bits[byte]! >> shift) | (byte < last ? bits[byte + 1]! << (8 - shift) : 0);
  }
  into.length = end;
}

function writePacked(into: ByteBuffer, values: Uint32Array, from: number, to: number, width: number): void {
  const groups = (to - from + 7) >> 3;
  into.varint(groups * 2 + 1);
  into.reserve(groups * width + 4);
  const { bytes } = into;
  const end = into.length + groups * width;
  bytes.fill(0, packWide(bytes, into.length, values, from, to, width), end);
  into.length = end;
}

/** Word by word; what is behind the last value is not set. @returns where its last byte ends */
function packWide(
  bytes: Uint8Array,
  begin: number,
  values: Uint32Array,
  from: number,
  to: number,
  width: number,
): number {
  let at = begin;
  let bits = 0;
  let held = 0;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    held |= value << bits;
    bits += width;
    if (bits < 32) continue;
    bytes[at] = held;
    bytes[at + 1] = held >>> 8;
    bytes[at + 2] = held >>> 16;
    bytes[at + 3] = held >>> 24;
    at += 4;
    bits -= 32;
    held = value >>> (width - bits);
  }
  for (; bits > 0; bits -= 8) {
    bytes[at++] = held;
    held >>>= 8;
  }
  return at;
}
