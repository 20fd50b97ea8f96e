/**
 * Events of a window as bits. A window is a span of event numbers from `first` on; `union` has a bit for each number of the span, a row a bit for each event
 * of the union, in order (its rank), or for each number of the span.
 */

/** Sets the bits of event numbers in `union`. */
export function markUnion(keys: usize, count: usize, first: u64, union: usize): void {
  const end = keys + (count << 3);
  for (; keys < end; keys += 8) {
    const at = load<u64>(keys) - first;
    const word = union + (<usize>(at >> 6) << 3);
    store<u64>(word, load<u64>(word) | ((<u64>1) << (at & 63)));
  }
}

/** Ranks of the first bit of each word of `union`, from `base` on. @returns the rank behind the last */
export function countUnion(union: usize, words: usize, base: u32, ranks: usize): u32 {
  for (let i: usize = 0; i < words; i++) {
    store<u32>(ranks + (i << 2), base);
    base += <u32>popcnt<u64>(load<u64>(union + (i << 3)));
  }
  return base;
}

/**
 * Sets the bit of an event in a row, and counts it among the streams that have it.
 * @returns whether it was not set yet
 */
// @ts-ignore: decorator
@inline
export function setBit(row: usize, rank: u32, folds: usize): u32 {
  const word = row + (<usize>(rank >> 5) << 2);
  const before = load<u32>(word);
  const bit = (<u32>1) << (rank & 31);
  const isNew: u32 = (before & bit) == 0 ? 1 : 0;
  store<u32>(word, before | bit);
  const fold = folds + (<usize>rank << 1);
  store<u16>(fold, <u16>(load<u16>(fold) + isNew));
  return isNew;
}

/** Sets bits of a row at `base` + rank. @returns how many are new */
export function placeRanked(keys: usize, count: usize, first: u64, union: usize, ranks: usize, row: usize, folds: usize): u32 {
  const end = keys + (count << 3);
  let distinct: u32 = 0;
  for (; keys < end; keys += 8) {
    const at = load<u64>(keys) - first;
    const word = <usize>(at >> 6);
    const below = load<u64>(union + (word << 3)) & (((<u64>1) << (at & 63)) - 1);
    distinct += setBit(row, load<u32>(ranks + (word << 2)) + <u32>popcnt<u64>(below), folds);
  }
  return distinct;
}

/** Sets bits of a row at `base` + place in the span. @returns how many are new */
export function place(keys: usize, count: usize, first: u64, base: u32, row: usize, folds: usize): u32 {
  const end = keys + (count << 3);
  let distinct: u32 = 0;
  for (; keys < end; keys += 8) distinct += setBit(row, base + <u32>(load<u64>(keys) - first), folds);
  return distinct;
}
