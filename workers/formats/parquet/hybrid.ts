/**
 * The hybrid of run lengths and bit packing, in which levels, dictionary indices and booleans are stored.
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 */
import { Corrupt } from './errors.ts';

/** Where a run begins and what it is; read by `readRun`. */
export interface Run {
  /** Offset of what follows the run's header (and value). */
  offset: number;
  count: number;
  packed: boolean;
  value: number;
}

/** @throws Corrupt where the header or the value is cut short */
export function readRun(bytes: Uint8Array, offset: number, end: number, width: number, run: Run): void {
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
 * The one value that a stretch consists of, where it is one run; else undefined. Levels of columns without missing
 * values are such a run, and need not be unpacked.
 */
export function singleRun(
  bytes: Uint8Array,
  offset: number,
  end: number,
  width: number,
  count: number,
): number | undefined {
  if (count === 0 || offset >= end) return undefined;
  const run: Run = { offset: 0, count: 0, packed: false, value: 0 };
  readRun(bytes, offset, end, width, run);
  return !run.packed && run.count >= count ? run.value : undefined;
}

/**
 * Decodes `count` values of `width` bits into `out`, from its start.
 * @throws Corrupt where the bytes end before
 */
export function decodeHybrid(
  bytes: Uint8Array,
  offset: number,
  end: number,
  width: number,
  count: number,
  out: Uint8Array | Int32Array,
): void {
  if (width > 32) throw new Corrupt(`values of ${width} bits`);
  if (width === 0) {
    out.fill(0, 0, count);
    return;
  }
  const run: Run = { offset: 0, count: 0, packed: false, value: 0 };
  let done = 0;
  let at = offset;
  while (done < count) {
    readRun(bytes, at, end, width, run);
    const length = Math.min(run.count, count - done);
    at = run.offset;
    if (run.packed) {
      const stored = (run.count / 8) * width;
      // Writers may leave out the padding of the last group.
      if (at + ((length * width + 7) >> 3) > end) throw new Corrupt('packed levels or indices are cut short');
      if (out instanceof Uint8Array) unpackBytes(bytes, at, width, length, out, done);
      else unpackWords(bytes, at, width, length, out, done);
      at += stored;
    } else {
      out.fill(run.value, done, done + length);
      if (run.count === 0) throw new Corrupt('an empty run of levels or indices');
    }
    done += length;
  }
}

function unpackBytes(bytes: Uint8Array, offset: number, width: number, count: number, out: Uint8Array, begin: number) {
  if (width === 1) return unpackBits(bytes, offset, count, out, begin);
  if (width === 2) return unpackPairs(bytes, offset, count, out, begin);
  const mask = (1 << width) - 1;
  const end = begin + count;
  let at = offset;
  let held = 0;
  let bits = 0;
  for (let i = begin; i < end; i++) {
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

/** Levels of lists whose items and selves may be missing. */
function unpackPairs(bytes: Uint8Array, offset: number, count: number, out: Uint8Array, begin: number): void {
  const whole = count >> 2;
  let i = begin;
  for (let at = offset; at < offset + whole; at++) {
    const byte = bytes[at]!;
    out[i] = byte & 3;
    out[i + 1] = (byte >> 2) & 3;
    out[i + 2] = (byte >> 4) & 3;
    out[i + 3] = byte >> 6;
    i += 4;
  }
  for (let bit = 0; bit < 2 * (count & 3); bit += 2) out[i++] = (bytes[offset + whole]! >> bit) & 3;
}

let packedWords = new Int32Array(1024);

function unpackWords(bytes: Uint8Array, offset: number, width: number, count: number, out: Int32Array, begin: number) {
  if (width === 8) return out.set(bytes.subarray(offset, offset + count), begin);
  const stored = (count * width + 7) >> 3;
  // Aligned, and one word longer, as the last value looks past its end.
  const needed = (stored + 7) >> 2;
  if (packedWords.length < needed) packedWords = new Int32Array(needed * 2);
  const words = packedWords;
  new Uint8Array(words.buffer).set(bytes.subarray(offset, offset + stored));
  const mask = width === 32 ? -1 : (1 << width) - 1;
  const end = begin + count;
  let bit = 0;
  for (let i = begin; i < end; i++) {
    const word = bit >>> 5;
    const shift = bit & 31;
    // Of the next word, nothing where the shift is 0: two shifts, as one by 32 would do nothing.
    out[i] = ((words[word]! >>> shift) | ((words[word + 1]! << 1) << (31 - shift))) & mask;
    bit += width;
  }
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
