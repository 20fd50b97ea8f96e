import { copyMatch } from './copyMatch';

/**
 * Decodes an LZ4 block. Both blocks need 32 bytes of slack after them.
 * @returns bytes written, or −1
 * @see https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
export function lz4(from: usize, length: usize, out: usize, size: usize): i32 {
  const end = from + length;
  const stop = out + size;
  let to = out;
  while (from < end) {
    const token: usize = load<u8>(from++);
    let literals = token >> 4;
    if (literals == 15) {
      let more: usize = 255;
      while (more == 255) {
        if (from >= end) return -1;
        more = load<u8>(from++);
        literals += more;
      }
    }
    if (literals > end - from || literals > stop - to) return -1;
    const last = to + literals;
    if (literals <= 16) v128.store(to, v128.load(from));
    else memory.copy(to, from, literals);
    to = last;
    from += literals;
    // The last sequence has literals only.
    if (from == end) break;
    if (end - from < 2) return -1;
    const distance: usize = load<u16>(from);
    from += 2;
    let match = token & 15;
    if (match == 15) {
      let more: usize = 255;
      while (more == 255) {
        if (from >= end) return -1;
        more = load<u8>(from++);
        match += more;
      }
    }
    match += 4;
    if (distance == 0 || distance > to - out || match > stop - to) return -1;
    copyMatch(to, distance, match);
    to += match;
  }
  return <i32>(to - out);
}
