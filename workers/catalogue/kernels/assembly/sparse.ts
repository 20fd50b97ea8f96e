/** Events of a window that are far apart: sorted by number, each with its stream in the lower 16 bits. */
import { setBit } from './rank';

/** Appends event numbers of a stream to `out`. */
export function pack(keys: usize, count: usize, first: u64, stream: u32, out: usize): void {
  const end = keys + (count << 3);
  for (; keys < end; keys += 8, out += 8) store<u64>(out, ((load<u64>(keys) - first) << 16) | stream);
}

const DIGIT: u64 = 2047;

/** Sorts by eleven bits from `shift` on, and keeps the order of equal ones. @param places room for 2,048 numbers of 32 bits */
export function radixPass(from: usize, count: usize, shift: u64, to: usize, places: usize): void {
  memory.fill(places, 0, 2048 << 2);
  const end = from + (count << 3);
  for (let at = from; at < end; at += 8) {
    const place = places + (<usize>((load<u64>(at) >> shift) & DIGIT) << 2);
    store<u32>(place, load<u32>(place) + 1);
  }
  let sum: u32 = 0;
  for (let place = places; place < places + (2048 << 2); place += 4) {
    const own = load<u32>(place);
    store<u32>(place, sum);
    sum += own;
  }
  for (let at = from; at < end; at += 8) {
    const value = load<u64>(at);
    const place = places + (<usize>((value >> shift) & DIGIT) << 2);
    const slot = load<u32>(place);
    store<u32>(place, slot + 1);
    store<u64>(to + (<usize>slot << 3), value);
  }
}

/**
 * Sets bits of rows at ranks from `base` on.
 * @param distinct of each stream, 32 bits: new ones are added
 * @returns the rank behind the last
 */
export function placeSorted(from: usize, count: usize, base: u32, rows: usize, stride: usize, folds: usize, distinct: usize): u32 {
  if (count == 0) return base;
  const end = from + (count << 3);
  let before = load<u64>(from) >> 16;
  let rank = base;
  for (; from < end; from += 8) {
    const value = load<u64>(from);
    const event = value >> 16;
    rank += event != before ? 1 : 0;
    before = event;
    const stream = <usize>(value & 0xffff);
    const own = distinct + (stream << 2);
    store<u32>(own, load<u32>(own) + setBit(rows + stream * stride, rank, folds));
  }
  return rank + 1;
}
