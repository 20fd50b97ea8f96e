/**
 * The hybrid of run lengths and bit packing, in which levels, dictionary indices and booleans are stored.
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 */
import { Corrupt } from '../errors.ts';

/** Where a run begins and what it is; read by `readRun`. */
export interface Run {
  /** Offset of what follows the run's header (and value). */
  offset: number;
  count: number;
  packed: boolean;
  value: number;
}

/** @throws Corrupt where the header or the value is cut short */
function readRun(bytes: Uint8Array, offset: number, end: number, width: number, run: Run): void {
  let header = 0;
  let at = offset;
  for (let shift = 0; ; shift += 7) {
    if (at >= end || shift > 28) throw new Corrupt('a run of levels or indices is cut short');
    const byte = bytes[at++]!;
    header |= (byte & 127) << shift;
    if (byte < 128) break;
  }
  header >>>= 0;
  run.packed = (header & 1) === 1;
  if (run.packed) {
    run.count = (header >>> 1) * 8;
  } else {
    run.count = header >>> 1;
    run.value = 0;
    const valueBytes = (width + 7) >> 3;
    if (at + valueBytes > end) throw new Corrupt('a run of levels or indices is cut short');
    for (let i = 0; i < valueBytes; i++) run.value |= bytes[at++]! << (8 * i);
    run.value >>>= 0;
  }
  run.offset = at;
}

/**
 * Calls `take` with each run of `count` values of `width` bits, the length that counts, and how many came before.
 * @throws Corrupt where the bytes end before
 */
export function eachRun(
  bytes: Uint8Array,
  begin: number,
  end: number,
  width: number,
  count: number,
  take: (run: Run, length: number, done: number) => void,
): void {
  const run: Run = { offset: 0, count: 0, packed: false, value: 0 };
  for (let done = 0, at = begin; done < count; ) {
    readRun(bytes, at, end, width, run);
    const length = Math.min(run.count, count - done);
    if (length === 0) throw new Corrupt('an empty run of levels or indices');
    at = run.offset;
    if (run.packed) {
      // Writers may leave out the padding of the last group.
      if (at + ((length * width + 7) >> 3) > end) throw new Corrupt('packed levels or indices are cut short');
      at += (run.count >> 3) * width;
    }
    take(run, length, done);
    done += length;
  }
}

/** Decodes `count` values of up to 8 bits into `out`, from its start. @throws Corrupt where the bytes end before */
export function decodeHybrid(
  bytes: Uint8Array,
  offset: number,
  end: number,
  width: number,
  count: number,
  out: Uint8Array,
): void {
  eachRun(bytes, offset, end, width, count, (run, length, done) => {
    if (run.packed) unpackBytes(bytes, run.offset, width, length, out, done);
    else out.fill(run.value, done, done + length);
  });
}

function unpackBytes(bytes: Uint8Array, offset: number, width: number, count: number, out: Uint8Array, begin: number) {
  if (width === 1) return unpackBits(bytes, offset, count, out, begin);
  const mask = (1 << width) - 1;
  const end = begin + count;
  let at = offset;
  let i = begin;
  // Lists of structs with all parts nullable have levels of three bits.
  for (; width === 3 && i + 8 <= end; i += 8, at += 3) {
    const group = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    out[i] = group & 7;
    out[i + 1] = (group >> 3) & 7;
    out[i + 2] = (group >> 6) & 7;
    out[i + 3] = (group >> 9) & 7;
    out[i + 4] = (group >> 12) & 7;
    out[i + 5] = (group >> 15) & 7;
    out[i + 6] = (group >> 18) & 7;
    out[i + 7] = group >> 21;
  }
  let held = 0;
  let bits = 0;
  for (; i < end; i++) {
    if (bits < width) {
      held |= bytes[at++]! << bits;
      bits += 8;
    }
    out[i] = held & mask;
    held >>>= width;
    bits -= width;
  }
}

/** Bits, the lowest first: booleans and levels of one bit. */
export function unpackBits(bytes: Uint8Array, offset: number, count: number, out: Uint8Array, begin: number): void {
  const whole = count >> 3;
  let i = begin;
  for (let at = offset; at < offset + whole; at++) {
    const byte = bytes[at]!;
    out[i] = byte & 1;
    out[i + 1] = (byte >> 1) & 1;
    out[i + 2] = (byte >> 2) & 1;
    out[i + 3] = (byte >> 3) & 1;
    out[i + 4] = (byte >> 4) & 1;
    out[i + 5] = (byte >> 5) & 1;
    out[i + 6] = (byte >> 6) & 1;
    out[i + 7] = byte >> 7;
    i += 8;
  }
  const rest = count & 7;
  for (let bit = 0; bit < rest; bit++) out[i++] = (bytes[offset + whole]! >> bit) & 1;
}

/** Levels in the deprecated bit-packed encoding: the highest bit first, no runs. */
export function decodeBitPackedLevels(
  bytes: Uint8Array,
  offset: number,
  end: number,
  width: number,
  count: number,
  out: Uint8Array,
) {
  if (offset + ((count * width + 7) >> 3) > end) throw new Corrupt('packed levels are cut short');
  for (let i = 0, bit = 0; i < count; i++) {
    let value = 0;
    for (let b = 0; b < width; b++, bit++)
      value = (value << 1) | ((bytes[offset + (bit >> 3)]! >> (7 - (bit & 7))) & 1);
    out[i] = value;
  }
}
