import type { ByteBuffer } from './byteBuffer.ts';

/** Runs of one value that are shorter than these are packed with the others. */
const SHORTEST_RUN = 16;

/** Bits that numbers up to `largest` take. */
export function bitWidth(largest: number): number {
  return 32 - Math.clz32(largest);
}

/**
 * Parquet's hybrid of runs and packed bits: `[from, to)` of `values`, each below `2 ** width`, width 0 to 24.
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 */
export function writeHybrid(
  into: ByteBuffer,
  values: Uint8Array | Uint32Array,
  from: number,
  to: number,
  width: number,
): void {
  let packed = from;
  let at = from;
  while (at < to) {
    const value = values[at]!;
    let end = at + 1;
    while (end < to && values[end] === value) end++;
    // Packed values come in groups of eight: the run fills up the last one.
    const filled = at + ((8 - ((at - packed) & 7)) & 7);
    if (end - filled >= SHORTEST_RUN) {
      if (filled > packed) writePacked(into, values, packed, filled, width);
      into.varint((end - filled) * 2);
      for (let shift = 0; shift < width; shift += 8) into.byte((value >>> shift) & 255);
      packed = end;
    }
    at = end;
  }
  if (packed < to) writePacked(into, values, packed, to, width);
}

function writePacked(
  into: ByteBuffer,
  values: Uint8Array | Uint32Array,
  from: number,
  to: number,
  width: number,
): void {
  const groups = (to - from + 7) >> 3;
  into.varint(groups * 2 + 1);
  into.reserve(groups * width + 4);
  const { bytes } = into;
  const end = into.length + groups * width;
  const at =
    width === 1
      ? packBits(bytes, into.length, values, from, to)
      : packWide(bytes, into.length, end, values, from, to, width);
  bytes.fill(0, at, end);
  into.length = end;
}

/** One bit each. @returns where whole bytes end, and the last one */
function packBits(
  bytes: Uint8Array,
  begin: number,
  values: Uint8Array | Uint32Array,
  from: number,
  to: number,
): number {
  let at = begin;
  let i = from;
  for (; i + 8 <= to; i += 8)
    bytes[at++] =
      values[i]! |
      (values[i + 1]! << 1) |
      (values[i + 2]! << 2) |
      (values[i + 3]! << 3) |
      (values[i + 4]! << 4) |
      (values[i + 5]! << 5) |
      (values[i + 6]! << 6) |
      (values[i + 7]! << 7);
  if (i === to) return at;
  let held = 0;
  for (let bit = 0; i < to; i++, bit++) held |= values[i]! << bit;
  bytes[at++] = held;
  return at;
}

function packWide(
  bytes: Uint8Array,
  begin: number,
  end: number,
  values: Uint8Array | Uint32Array,
  from: number,
  to: number,
  width: number,
): number {
  let at = begin;
  let bits = 0;
  let held = 0;
  for (let i = from; i < to; i++) {
    held |= values[i]! << bits;
    bits += width;
    while (bits >= 8) {
      bytes[at++] = held;
      held >>>= 8;
      bits -= 8;
    }
  }
  if (at < end) bytes[at++] = held;
  return at;
}
