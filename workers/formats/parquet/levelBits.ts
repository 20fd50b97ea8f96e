/**
 * Levels as bitmaps. What is asked of levels is which entries reach a threshold: where a list goes on, which entries are
 * items, which values are there. 32 entries are handled at a time, and work is done for each list, not for each item.
 * @see https://parquet.apache.org/docs/file-format/nestedencoding/
 */
import { eachRun } from './hybrid.ts';
import { decodeLevels, type Levels } from './page.ts';

/** Memory for the bitmaps of one page at a time, and for its levels of more than two bits. */
const Slot = { REPETITION: 0, LOW: 1, HIGH: 2, THRESHOLDS: 3 } as const;
const bitmaps = Array.from({ length: 5 }, () => new Int32Array(64));
let wideLevels = new Uint8Array(1024);

/** Which entries go on with the list of the entry before. Valid until the next call. @throws Corrupt */
export function repetitionBits(levels: Levels, count: number): Int32Array {
  if (levels.bitPacked) return wideBits(decodeWide(levels, count), count, 1, Slot.REPETITION);
  return decodeBits(levels, count, Slot.REPETITION);
}

/**
 * For each of up to two thresholds, which entries have a level that reaches it; bits past the count are 0. Valid until
 * the next call.
 * @throws Corrupt
 */
export function definitionBits(levels: Levels, count: number, thresholds: readonly number[]): Int32Array[] {
  if (levels.width === 1 && !levels.bitPacked) {
    const bits = decodeBits(levels, count, Slot.LOW);
    return thresholds.map(() => bits);
  }
  if (levels.width === 2 && !levels.bitPacked) {
    const [low, high] = decodePairs(levels, count);
    return thresholds.map((threshold, i) => pairBits(low, high, count, threshold, Slot.THRESHOLDS + i));
  }
  const wide = decodeWide(levels, count);
  return thresholds.map((threshold, i) => wideBits(wide, count, threshold, Slot.THRESHOLDS + i));
}

/** The same for one of two thresholds (0 or 1) of levels that are decoded already. */
export function thresholdBits(levels: Uint8Array, count: number, threshold: number, which: number): Int32Array {
  return wideBits(levels, count, threshold, Slot.THRESHOLDS + which);
}

/** How many bits of a bitmap are 1. */
export function countBits(bits: Int32Array, count: number): number {
  let sum = 0;
  for (let word = 0; word < wordsOf(count); word++) sum += popcount(bits[word]!);
  return sum;
}

/**
 * Writes `offsets[row…]`, the item that each list begins with: a list begins where it does not go on.
 * @returns the next row and item
 */
export function offsetsOfBits(
  repetition: Int32Array,
  items: Int32Array,
  count: number,
  offsets: Uint32Array,
  row: number,
  item: number,
): [row: number, item: number] {
  for (let word = 0; word < wordsOf(count); word++) {
    const own = items[word]!;
    let begins = ~repetition[word]! & wordMask(word, count);
    while (begins !== 0) {
      const lowest = begins & -begins;
      offsets[row++] = item + popcount(own & (lowest - 1));
      begins ^= lowest;
    }
    item += popcount(own);
  }
  return [row, item];
}

/** Writes a flag from `out[begin]` on for each item, or each entry where `items` is left out: 1 where it is present. */
export function writeFlags(
  items: Int32Array | undefined,
  present: Int32Array,
  count: number,
  out: Uint8Array,
  begin: number,
): void {
  let at = begin;
  for (let word = 0; word < wordsOf(count); word++) {
    const there = present[word]!;
    let own = items ? items[word]! : wordMask(word, count);
    if (own === -1) {
      for (let bit = 0; bit < 32; bit++) out[at + bit] = (there >>> bit) & 1;
      at += 32;
      continue;
    }
    while (own !== 0) {
      const lowest = own & -own;
      out[at++] = (there & lowest) === 0 ? 0 : 1;
      own ^= lowest;
    }
  }
}

function decodeBits({ bytes, begin, end }: Levels, count: number, slot: number): Int32Array {
  const bitmap = cleared(slot, count);
  const out = new Uint8Array(bitmap.buffer);
  eachRun(bytes, begin, end, 1, count, (run, length, bit) => {
    if (run.packed) appendBits(bytes, run.offset, (length + 7) >> 3, out, bit);
    else if (run.value !== 0) setBits(out, bit, bit + length);
  });
  return masked(bitmap, count);
}

/** Levels of two bits, as one bitmap of the low bits and one of the high ones. */
function decodePairs({ bytes, begin, end }: Levels, count: number): [low: Int32Array, high: Int32Array] {
  const planes = [cleared(Slot.LOW, count), cleared(Slot.HIGH, count)] as const;
  const low = new Uint8Array(planes[0].buffer);
  const high = new Uint8Array(planes[1].buffer);
  eachRun(bytes, begin, end, 2, count, (run, length, bit) => {
    if (run.packed) {
      appendPairs(bytes, run.offset, (length + 7) >> 3, low, high, bit);
      return;
    }
    if (run.value & 1) setBits(low, bit, bit + length);
    if (run.value & 2) setBits(high, bit, bit + length);
  });
  return [masked(planes[0], count), masked(planes[1], count)];
}

function pairBits(low: Int32Array, high: Int32Array, count: number, threshold: number, slot: number): Int32Array {
  if (threshold === 2) return high;
  const bits = sized(slot, count);
  for (let word = 0; word < wordsOf(count); word++)
    bits[word] = threshold === 1 ? low[word]! | high[word]! : low[word]! & high[word]!;
  return bits;
}

/** Levels of any width, one by one. */
function decodeWide(levels: Levels, count: number): Uint8Array {
  if (wideLevels.length < count) wideLevels = new Uint8Array(2 * count);
  decodeLevels(levels, count, wideLevels);
  return wideLevels;
}

function wideBits(levels: Uint8Array, count: number, threshold: number, slot: number): Int32Array {
  const bits = sized(slot, count);
  const below = threshold - 1;
  for (let word = 0; word < wordsOf(count); word++) {
    const first = 32 * word;
    const length = Math.min(32, count - first);
    let own = 0;
    // The sign says which levels are above.
    for (let bit = 0; bit < length; bit++) own |= ((below - levels[first + bit]!) >>> 31) << bit;
    bits[word] = own;
  }
  return bits;
}

function appendBits(bytes: Uint8Array, offset: number, stored: number, out: Uint8Array, bit: number): void {
  const at = bit >> 3;
  if ((bit & 7) === 0) out.set(bytes.subarray(offset, offset + stored), at);
  else for (let i = 0; i < stored; i++) append(bytes[offset + i]!, out, at + i, bit & 7);
}

function appendPairs(
  bytes: Uint8Array,
  offset: number,
  groups: number,
  low: Uint8Array,
  high: Uint8Array,
  bit: number,
): void {
  for (let i = 0; i < groups; i++) {
    const from = offset + 2 * i;
    const pairs = bytes[from]! | ((bytes[from + 1] ?? 0) << 8);
    // Low bits of the pairs in the lower half, high bits in the upper one; then both are moved together.
    let planes = (pairs & 0x5555) | ((pairs & 0xaaaa) << 15);
    planes = (planes | (planes >>> 1)) & 0x33333333;
    planes = (planes | (planes >>> 2)) & 0x0f0f0f0f;
    planes = (planes | (planes >>> 4)) & 0x00ff00ff;
    append(planes & 255, low, (bit >> 3) + i, bit & 7);
    append(planes >>> 16, high, (bit >> 3) + i, bit & 7);
  }
}

/** What a run has beyond its values is overwritten by the next run: it has to be 0 there. */
function append(byte: number, out: Uint8Array, at: number, shift: number): void {
  out[at]! |= byte << shift;
  out[at + 1] = byte >> (8 - shift);
}

function setBits(out: Uint8Array, from: number, to: number): void {
  const first = from >> 3;
  const last = to >> 3;
  const head = 0xff << (from & 7);
  const tail = (1 << (to & 7)) - 1;
  if (first === last) {
    out[first]! |= head & tail;
    return;
  }
  out[first]! |= head;
  out.fill(0xff, first + 1, last);
  out[last]! |= tail;
}

/** Whole words, and one more, as the last run may have up to eight groups of padding. */
function sized(slot: number, count: number): Int32Array {
  const needed = wordsOf(count) + 2;
  if (bitmaps[slot]!.length < needed) bitmaps[slot] = new Int32Array(2 * needed);
  return bitmaps[slot]!;
}

function cleared(slot: number, count: number): Int32Array {
  return sized(slot, count).fill(0, 0, wordsOf(count) + 2);
}

function masked(bits: Int32Array, count: number): Int32Array {
  if (count > 0) bits[wordsOf(count) - 1]! &= wordMask(wordsOf(count) - 1, count);
  return bits;
}

function wordsOf(count: number): number {
  return (count + 31) >> 5;
}

/** Ones for the bits of a word that are within the count. */
function wordMask(word: number, count: number): number {
  const left = count - 32 * word;
  return left >= 32 ? -1 : (1 << left) - 1;
}

function popcount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
