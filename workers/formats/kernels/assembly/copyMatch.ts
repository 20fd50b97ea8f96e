/**
 * Copies `length` bytes from `distance` before `to`, as if one by one, so that they may overlap. Writes up to 32 bytes more than it
 * should: there must be slack.
 */
// @ts-ignore: decorator
@inline
export function copyMatch(to: usize, distance: usize, length: usize): void {
  let from = to - distance;
  const end = to + length;
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(from));
      to += 16;
      from += 16;
    } while (to < end);
  } else if (distance >= 8) {
    do {
      store<u64>(to, load<u64>(from));
      to += 8;
      from += 8;
    } while (to < end);
  } else if (distance == 1) {
    const byte = i8x16.splat(load<u8>(from));
    do {
      v128.store(to, byte);
      to += 16;
    } while (to < end);
  } else if (distance == 4) {
    const word = i32x4.splat(load<u32>(from));
    do {
      v128.store(to, word);
      to += 16;
    } while (to < end);
  } else {
    do {
      store<u8>(to++, load<u8>(from++));
    } while (to < end);
  }
}
