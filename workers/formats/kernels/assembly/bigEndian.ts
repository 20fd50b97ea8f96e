/** Numbers with their highest byte first, sixteen bytes a step. Blocks need 32 bytes of slack after them. */

// @ts-ignore: decorator
@inline
function swapped(bytes: v128, width: i32): v128 {
  if (width == 2) return i8x16.shuffle(bytes, bytes, 1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  if (width == 4) return i8x16.shuffle(bytes, bytes, 3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
  return i8x16.shuffle(bytes, bytes, 7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
}

/** Turns numbers of `width` bytes round, in place. */
export function swap(from: usize, length: usize, width: i32): void {
  const end = from + length;
  if (width == 2) for (; from < end; from += 16) v128.store(from, swapped(v128.load(from), 2));
  else if (width == 4) for (; from < end; from += 16) v128.store(from, swapped(v128.load(from), 4));
  else for (; from < end; from += 16) v128.store(from, swapped(v128.load(from), 8));
}

/**
 * Places of four bytes, less `base`, in place.
 * @returns whether none is less than the one before, the first one less than 0, or the last one more than `most`
 */
export function places(from: usize, count: usize, base: i32, most: i32): bool {
  const end = from + (count << 2);
  const less = i32x4.splat(base);
  let before = i32x4.splat(0);
  let wrong = i32x4.splat(0);
  let at = from;
  for (; at + 16 <= end; at += 16) {
    const here = i32x4.sub(swapped(v128.load(at), 4), less);
    // Each beside the one that comes before it.
    wrong = v128.or(wrong, i32x4.gt_s(i8x16.shuffle(before, here, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27), here));
    v128.store(at, here);
    before = here;
  }
  let last = i32x4.extract_lane(before, 3);
  let isWrong = v128.any_true(wrong);
  for (; at < end; at += 4) {
    const here = bswap<i32>(load<i32>(at)) - base;
    isWrong = isWrong || here < last;
    store<i32>(at, here);
    last = here;
  }
  return !isWrong && last <= most;
}
