import type { Values } from '../../../../core/schema/column.ts';
import type { ByteBuffer } from './byteBuffer.ts';

/** Differences of a block, and of each of its miniblocks: what other writers take. */
const BLOCK = 128;
const MINIBLOCK = 32;
const MINIBLOCKS = BLOCK / MINIBLOCK;

/** Differences of a block, less the least one; upper halves only of values of 64 bits. */
const lows = new Int32Array(BLOCK);
const highs = new Int32Array(BLOCK);
const widths = new Uint8Array(MINIBLOCKS);
/** A miniblock: as many words as its values have bits. One more takes what shifts past its end. */
const packed = new Int32Array(66);
const packedBytes = new Uint8Array(packed.buffer);

/**
 * DELTA_BINARY_PACKED: the first value, then differences in blocks, each less the least one of its block. Arithmetic wraps, so that any two values have a
 * difference, whatever their sign. Integers of fewer than 32 bits are widened.
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTAENC
 */
export function writeDelta(into: ByteBuffer, values: Values): void {
  const wide = values.BYTES_PER_ELEMENT === 8;
  const words = wordsOf(values);
  const count = values.length;
  into.varint(BLOCK);
  into.varint(MINIBLOCKS);
  into.varint(count);
  if (count === 0) zigzag(into, 0, 0);
  else if (wide) zigzag(into, words[0]!, words[1]!);
  else zigzag(into, words[0]!, words[0]! >> 31);
  for (let from = 1; from < count; from += BLOCK) {
    const length = Math.min(BLOCK, count - from);
    if (wide) wideBlock(into, words, from, length);
    else narrowBlock(into, words, from, length);
    writeMiniblocks(into, length);
  }
}

/** Values as words of 32 bits: one each, or two, the lower one first. */
function wordsOf(values: Values): Int32Array {
  if (values.BYTES_PER_ELEMENT < 4) return new Int32Array(values as Int16Array);
  return new Int32Array(values.buffer, values.byteOffset, values.byteLength / 4);
}

/** Differences of 32 bits, into `lows`. */
function narrowBlock(into: ByteBuffer, words: Int32Array, from: number, length: number): void {
  let least = 0x7fff_ffff;
  for (let i = 0; i < length; i++) {
    const delta = (words[from + i]! - words[from + i - 1]!) | 0;
    lows[i] = delta;
    if (delta < least) least = delta;
  }
  zigzag(into, least, least >> 31);
  for (let i = 0; i < length; i++) lows[i] = lows[i]! - least;
  highs.fill(0);
}

/** Differences of 64 bits, into `lows` and `highs`. */
function wideBlock(into: ByteBuffer, words: Int32Array, from: number, length: number): void {
  let leastLow = -1;
  let leastHigh = 0x7fff_ffff;
  let low = words[2 * from - 2]!;
  let high = words[2 * from - 1]!;
  for (let i = 0, at = 2 * from; i < length; i++, at += 2) {
    const nextLow = words[at]!;
    const nextHigh = words[at + 1]!;
    const borrow = nextLow >>> 0 < low >>> 0 ? 1 : 0;
    const deltaLow = (nextLow - low) | 0;
    const deltaHigh = (nextHigh - high - borrow) | 0;
    lows[i] = deltaLow;
    highs[i] = deltaHigh;
    if (deltaHigh < leastHigh || (deltaHigh === leastHigh && deltaLow >>> 0 < leastLow >>> 0)) {
      leastLow = deltaLow;
      leastHigh = deltaHigh;
    }
    low = nextLow;
    high = nextHigh;
  }
  zigzag(into, leastLow, leastHigh);
  for (let i = 0; i < length; i++) {
    const borrow = lows[i]! >>> 0 < leastLow >>> 0 ? 1 : 0;
    lows[i] = lows[i]! - leastLow;
    highs[i] = highs[i]! - leastHigh - borrow;
  }
}

/** Widths of all miniblocks, then the miniblocks that hold something, filled up with zeros. */
function writeMiniblocks(into: ByteBuffer, length: number): void {
  lows.fill(0, length);
  highs.fill(0, length);
  for (let block = 0; block < MINIBLOCKS; block++) {
    let [low, high] = [0, 0];
    for (let i = block * MINIBLOCK; i < (block + 1) * MINIBLOCK; i++) {
      low |= lows[i]!;
      high |= highs[i]!;
    }
    widths[block] = high !== 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(low);
  }
  into.append(widths);
  for (let block = 0; block * MINIBLOCK < length; block++) pack(into, block * MINIBLOCK, widths[block]!);
}

function pack(into: ByteBuffer, from: number, width: number): void {
  if (width === 0) return;
  packed.fill(0, 0, width + 2);
  for (let i = 0; i < MINIBLOCK; i++) {
    const bit = i * width;
    const at = bit >>> 5;
    const shift = bit & 31;
    const low = lows[from + i]!;
    packed[at]! |= low << shift;
    if (shift !== 0) packed[at + 1]! |= low >>> (32 - shift);
    if (width > 32) {
      const high = highs[from + i]!;
      packed[at + 1]! |= high << shift;
      if (shift !== 0) packed[at + 2]! |= high >>> (32 - shift);
    }
  }
  into.append(packedBytes.subarray(0, 4 * width));
}

/** A signed number of 64 bits, as its zigzag form in seven bits a byte. */
function zigzag(into: ByteBuffer, low: number, high: number): void {
  const sign = high >> 31;
  let restLow = (low << 1) ^ sign;
  let restHigh = ((high << 1) | (low >>> 31)) ^ sign;
  while (restHigh !== 0 || restLow >>> 0 > 127) {
    into.byte((restLow & 127) | 128);
    restLow = (restLow >>> 7) | (restHigh << 25);
    restHigh >>>= 7;
  }
  into.byte(restLow);
}
