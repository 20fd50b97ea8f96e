/** Sorted event numbers put together. */

// @ts-ignore: decorator
@inline
function copyRecord(keys: usize, files: usize, tids: usize, i: usize, outKeys: usize, outFiles: usize, outTids: usize, at: usize): void {
  store<u64>(outKeys + (at << 3), load<u64>(keys + (i << 3)));
  store<u32>(outFiles + (at << 2), load<u32>(files + (i << 2)));
  store<u64>(outTids + (at << 3), load<u64>(tids + (i << 3)));
}

/** Merges records [begin, middle) with [middle, end), both ascending by event number; of equal ones, those of the first go first. */
export function mergeRecords(
  keys: usize, files: usize, tids: usize, begin: usize, middle: usize, end: usize,
  outKeys: usize, outFiles: usize, outTids: usize,
): void {
  let a = begin;
  let b = middle;
  for (let at = begin; at < end; at++) {
    const first = b >= end || (a < middle && load<u64>(keys + (a << 3)) <= load<u64>(keys + (b << 3)));
    copyRecord(keys, files, tids, first ? a : b, outKeys, outFiles, outTids, at);
    if (first) a++;
    else b++;
  }
}

/**
 * Of two lists of ascending event numbers, those that both have, or that only the first has; each once.
 * @returns how many
 */
export function selectEvents(a: usize, aEnd: usize, b: usize, bEnd: usize, wantBoth: bool, out: usize): u32 {
  let found: u32 = 0;
  while (a < aEnd) {
    const event = load<u64>(a);
    do {
      a += 8;
    } while (a < aEnd && load<u64>(a) == event);
    while (b < bEnd && load<u64>(b) < event) b += 8;
    if ((b < bEnd && load<u64>(b) == event) != wantBoth) continue;
    store<u64>(out + (<usize>found << 3), event);
    found++;
  }
  return found;
}
