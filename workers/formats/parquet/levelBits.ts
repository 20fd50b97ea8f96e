/**
 * Levels of one bit, as bits: lists without missing values have repetition and definition levels 0 and 1 only. 32 of them
 * are handled at a time, and work is done for each list, not for each item.
 */
import { Corrupt } from './errors.ts';
import { type Run, readRun } from './hybrid.ts';

/** Two bitmaps that are used in turn, page by page. */
const scratch = [new Int32Array(64), new Int32Array(64)];

/**
 * Decodes `count` one-bit levels of the hybrid encoding; bits past them are 0.
 * @param which of two bitmaps to use: it is valid until the next call with the same
 * @throws Corrupt
 */
export function decodeBits(bytes: Uint8Array, offset: number, end: number, count: number, which: 0 | 1): Int32Array {
  // Whole words, and one more, as the last run may have up to eight groups of padding.
  const words = (count + 31) >> 5;
  if (scratch[which]!.length < words + 2) scratch[which] = new Int32Array(2 * words + 2);
  const bitmap = scratch[which]!;
  bitmap.fill(0, 0, words + 2);
  const out = new Uint8Array(bitmap.buffer);
  const run: Run = { offset: 0, count: 0, packed: false, value: 0 };
  for (let done = 0, at = offset; done < count; ) {
    readRun(bytes, at, end, 1, run);
    const length = Math.min(run.count, count - done);
    if (length === 0) throw new Corrupt('an empty run of levels');
    at = run.offset;
    if (run.packed) {
      const stored = (length + 7) >> 3;
      if (at + stored > end) throw new Corrupt('packed levels are cut short');
      appendBits(bytes, at, stored, out, done);
      at += run.count >> 3;
    } else if (run.value !== 0) {
      setBits(out, done, done + length);
    }
    done += length;
  }
  if (count & 31) bitmap[words - 1]! &= (1 << (count & 31)) - 1;
  return bitmap;
}

function appendBits(bytes: Uint8Array, offset: number, stored: number, out: Uint8Array, bit: number): void {
  const at = bit >> 3;
  const shift = bit & 7;
  if (shift === 0) {
    out.set(bytes.subarray(offset, offset + stored), at);
    return;
  }
  // What a run has beyond its values is overwritten by the next run: it has to be 0 there.
  for (let i = 0; i < stored; i++) {
    const byte = bytes[offset + i]!;
    out[at + i]! |= byte << shift;
    out[at + i + 1] = byte >> (8 - shift);
  }
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

/**
 * Writes `offsets[row…]`, the item that each list begins with: a list begins where the repetition level is 0, and an item
 * where the definition level is 1.
 * @returns the next row and item
 */
export function offsetsOfBits(
  repetition: Int32Array,
  definition: Int32Array,
  count: number,
  offsets: Uint32Array,
  row: number,
  item: number,
): [row: number, item: number] {
  const words = (count + 31) >> 5;
  for (let word = 0; word < words; word++) {
    const items = definition[word]!;
    let begins = ~repetition[word]!;
    if (word === words - 1 && count & 31) begins &= (1 << (count & 31)) - 1;
    while (begins !== 0) {
      const lowest = begins & -begins;
      offsets[row++] = item + popcount(items & (lowest - 1));
      begins ^= lowest;
    }
    item += popcount(items);
  }
  return [row, item];
}

function popcount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
