/**
 * LZMA2 streams: chunks that are stored, or packed by LZMA, whose probabilities and last distances go on from chunk to chunk unless a chunk
 * resets them.
 * @see https://github.com/tukaani-project/xz/blob/master/doc/xz-file-format.txt and the LZMA specification of the LZMA SDK
 */
import { copyMatch } from './copyMatch';

// Places of the probabilities, two bytes each.
const IS_MATCH: u32 = 0;
const IS_REP: u32 = 192;
const IS_REP0: u32 = 204;
const IS_REP1: u32 = 216;
const IS_REP2: u32 = 228;
const IS_REP0_LONG: u32 = 240;
const SLOTS: u32 = 432;
/** Distances of slots 4 to 13. */
const SPECIAL: u32 = 688;
const ALIGN: u32 = 816;
/** Of a match's length: whether it is past 8, past 16, then trees for sixteen positions and one of 256. */
const LENGTH: u32 = 832;
const REP_LENGTH: u32 = 1346;
const MIDDLE: u32 = 2 + 128;
const HIGH: u32 = 2 + 256;
const LITERALS: u32 = 1860;

/** LZMA2 allows no more than four bits of context. */
const PROBABILITIES: u32 = LITERALS + (0x300 << 4);
const table = memory.data(PROBABILITIES * 2, 16);

const TOP: u32 = 1 << 24;
const HALF: u16 = 1024;

// What goes on from chunk to chunk.
let contextBits: u32 = 0;
let literalMask: u32 = 0;
let positionMask: u32 = 0;
let state: u32 = 0;
let rep0: u32 = 0;
let rep1: u32 = 0;
let rep2: u32 = 0;
let rep3: u32 = 0;

/**
 * Decodes a stream up to its end mark. The input needs 32 bytes of slack after it, the output 320.
 * @returns bytes of the input that were taken, or −1, also where it does not give exactly `size` bytes
 */
export function lzma2(from: usize, length: usize, out: usize, size: usize): i32 {
  const begin = from;
  const end = from + length;
  const stop = out + size;
  let to = out;
  // The first chunk must reset the dictionary, the first packed one the properties.
  let needed: u32 = 0xe0;
  for (;;) {
    if (from >= end) return -1;
    const control: u32 = load<u8>(from++);
    if (control == 0) break;
    if (end - from < 5) return -1;
    const high: usize = (control & 0x1f) << 16;
    const size16: usize = ((<u32>load<u8>(from)) << 8) | load<u8>(from, 1);
    if (control < 0x80) {
      if (control > 2 || (control == 2 && needed == 0xe0)) return -1;
      if (control == 1) needed = 0xc0;
      const count = size16 + 1;
      from += 2;
      if (count > end - from || count > stop - to) return -1;
      memory.copy(to, from, count);
      to += count;
      from += count;
      continue;
    }
    if (control < needed) return -1;
    const unpacked = high + size16 + 1;
    const packed: usize = (((<u32>load<u8>(from, 2)) << 8) | load<u8>(from, 3)) + 1;
    from += 4;
    if (control >= 0xc0) {
      const properties: u32 = load<u8>(from++);
      if (properties > 224) return -1;
      contextBits = properties % 9;
      const literalPosition = (properties / 9) % 5;
      if (contextBits + literalPosition > 4) return -1;
      literalMask = (1 << literalPosition) - 1;
      positionMask = (1 << (properties / 45)) - 1;
    }
    if (control >= 0xa0) resetState();
    needed = 0x80;
    if (packed < 5 || packed > end - from || unpacked > stop - to) return -1;
    if (!decodeChunk(from, packed, out, to, unpacked)) return -1;
    from += packed;
    to += unpacked;
  }
  return to == stop ? <i32>(from - begin) : -1;
}

function resetState(): void {
  state = 0;
  rep0 = rep1 = rep2 = rep3 = 0;
  for (let i: usize = 0; i < PROBABILITIES; i++) store<u16>(table + (i << 1), HALF);
}

/**
 * One chunk of packed bytes. The coder's state is held in locals, so that its steps are written out wherever a bit is decoded: `bound` is
 * the part of the range that a 0 has.
 */
function decodeChunk(from: usize, packed: usize, out: usize, to: usize, unpacked: usize): bool {
  const end = from + packed;
  const stop = to + unpacked;
  if (load<u8>(from) != 0) return false;
  let code: u32 = bswap<u32>(load<u32>(from, 1));
  let range: u32 = 0xffffffff;
  from += 5;
  let bound: u32;
  let p: u32;
  let at: usize;

  while (to < stop) {
    // A symbol takes less than 32 bytes of input.
    if (from > end) return false;
    const position = <u32>(to - out) & positionMask;
    at = table + ((IS_MATCH + (state << 4) + position) << 1);
    p = load<u16>(at);
    bound = (range >>> 11) * p;
    if (code < bound) {
      range = bound;
      store<u16>(at, p + ((2048 - p) >>> 5));
      if (range < TOP) {
        range <<= 8;
        code = (code << 8) | load<u8>(from++);
      }
      const before: u32 = to > out ? load<u8>(to - 1) : 0;
      const context = ((<u32>(to - out) & literalMask) << contextBits) + (before >> (8 - contextBits));
      const probabilities = table + ((LITERALS + 0x300 * context) << 1);
      let symbol: u32 = 1;
      if (state >= 7) {
        if (<usize>rep0 >= <usize>(to - out)) return false;
        let matched: u32 = load<u8>(to - <usize>rep0 - 1);
        let offset: u32 = 0x100;
        do {
          matched <<= 1;
          const bit = matched & offset;
          at = probabilities + ((offset + bit + symbol) << 1);
          p = load<u16>(at);
          bound = (range >>> 11) * p;
          // All ones for a 1.
          const mask: u32 = 0 - <u32>(code >= bound);
          range = bound + (mask & (range - bound - bound));
          code -= bound & mask;
          store<u16>(at, p + (<i32>(2048 - (mask & 2017) - p) >> 5));
          symbol = (symbol << 1) - mask;
          offset &= ~(bit ^ (mask & 0x100));
          if (range < TOP) {
            range <<= 8;
            code = (code << 8) | load<u8>(from++);
          }
        } while (symbol < 0x100);
      } else {
        do {
          at = probabilities + (symbol << 1);
          p = load<u16>(at);
          bound = (range >>> 11) * p;
          const mask: u32 = 0 - <u32>(code >= bound);
          range = bound + (mask & (range - bound - bound));
          code -= bound & mask;
          store<u16>(at, p + (<i32>(2048 - (mask & 2017) - p) >> 5));
          symbol = (symbol << 1) - mask;
          if (range < TOP) {
            range <<= 8;
            code = (code << 8) | load<u8>(from++);
          }
        } while (symbol < 0x100);
      }
      store<u8>(to++, <u8>symbol);
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
      continue;
    }
    range -= bound;
    code -= bound;
    store<u16>(at, p - (p >>> 5));
    if (range < TOP) {
      range <<= 8;
      code = (code << 8) | load<u8>(from++);
    }

    let lengthTable: usize;
    let repeated = false;
    at = table + ((IS_REP + state) << 1);
    p = load<u16>(at);
    bound = (range >>> 11) * p;
    if (code < bound) {
      range = bound;
      store<u16>(at, p + ((2048 - p) >>> 5));
      lengthTable = table + (LENGTH << 1);
    } else {
      range -= bound;
      code -= bound;
      store<u16>(at, p - (p >>> 5));
      repeated = true;
      lengthTable = table + (REP_LENGTH << 1);
      if (range < TOP) {
        range <<= 8;
        code = (code << 8) | load<u8>(from++);
      }
      at = table + ((IS_REP0 + state) << 1);
      p = load<u16>(at);
      bound = (range >>> 11) * p;
      if (code < bound) {
        range = bound;
        store<u16>(at, p + ((2048 - p) >>> 5));
        if (range < TOP) {
          range <<= 8;
          code = (code << 8) | load<u8>(from++);
        }
        at = table + ((IS_REP0_LONG + (state << 4) + position) << 1);
        p = load<u16>(at);
        bound = (range >>> 11) * p;
        if (code < bound) {
          range = bound;
          store<u16>(at, p + ((2048 - p) >>> 5));
          if (range < TOP) {
            range <<= 8;
            code = (code << 8) | load<u8>(from++);
          }
          if (<usize>rep0 >= <usize>(to - out)) return false;
          store<u8>(to, load<u8>(to - <usize>rep0 - 1));
          to++;
          state = state < 7 ? 9 : 11;
          continue;
        }
        range -= bound;
        code -= bound;
        store<u16>(at, p - (p >>> 5));
      } else {
        range -= bound;
        code -= bound;
        store<u16>(at, p - (p >>> 5));
        if (range < TOP) {
          range <<= 8;
          code = (code << 8) | load<u8>(from++);
        }
        at = table + ((IS_REP1 + state) << 1);
        p = load<u16>(at);
        bound = (range >>> 11) * p;
        let distance: u32;
        if (code < bound) {
          range = bound;
          store<u16>(at, p + ((2048 - p) >>> 5));
          distance = rep1;
        } else {
          range -= bound;
          code -= bound;
          store<u16>(at, p - (p >>> 5));
          if (range < TOP) {
            range <<= 8;
            code = (code << 8) | load<u8>(from++);
          }
          at = table + ((IS_REP2 + state) << 1);
          p = load<u16>(at);
          bound = (range >>> 11) * p;
          if (code < bound) {
            range = bound;
            store<u16>(at, p + ((2048 - p) >>> 5));
            distance = rep2;
          } else {
            range -= bound;
            code -= bound;
            store<u16>(at, p - (p >>> 5));
            distance = rep3;
            rep3 = rep2;
          }
          rep2 = rep1;
        }
        rep1 = rep0;
        rep0 = distance;
      }
    }
    if (range < TOP) {
      range <<= 8;
      code = (code << 8) | load<u8>(from++);
    }

    // The length: of a tree of three bits, another one, or one of eight.
    let count: u32;
    let bits: u32;
    let tree: usize;
    p = load<u16>(lengthTable);
    bound = (range >>> 11) * p;
    if (code < bound) {
      range = bound;
      store<u16>(lengthTable, p + ((2048 - p) >>> 5));
      tree = lengthTable + ((2 + (position << 3)) << 1);
      bits = 3;
      count = 2;
    } else {
      range -= bound;
      code -= bound;
      store<u16>(lengthTable, p - (p >>> 5));
      if (range < TOP) {
        range <<= 8;
        code = (code << 8) | load<u8>(from++);
      }
      p = load<u16>(lengthTable, 2);
      bound = (range >>> 11) * p;
      if (code < bound) {
        range = bound;
        store<u16>(lengthTable, p + ((2048 - p) >>> 5), 2);
        tree = lengthTable + ((MIDDLE + (position << 3)) << 1);
        bits = 3;
        count = 10;
      } else {
        range -= bound;
        code -= bound;
        store<u16>(lengthTable, p - (p >>> 5), 2);
        tree = lengthTable + (HIGH << 1);
        bits = 8;
        count = 18;
      }
    }
    if (range < TOP) {
      range <<= 8;
      code = (code << 8) | load<u8>(from++);
    }
    let node: u32 = 1;
    for (let left = bits; left > 0; left--) {
      at = tree + (node << 1);
      p = load<u16>(at);
      bound = (range >>> 11) * p;
      const mask: u32 = 0 - <u32>(code >= bound);
      range = bound + (mask & (range - bound - bound));
      code -= bound & mask;
      store<u16>(at, p + (<i32>(2048 - (mask & 2017) - p) >> 5));
      node = (node << 1) - mask;
      if (range < TOP) {
        range <<= 8;
        code = (code << 8) | load<u8>(from++);
      }
    }
    count += node - (1 << bits);

    if (repeated) state = state < 7 ? 8 : 11;
    else {
      rep3 = rep2;
      rep2 = rep1;
      rep1 = rep0;
      state = state < 7 ? 7 : 10;
      tree = table + ((SLOTS + (min<u32>(count - 2, 3) << 6)) << 1);
      node = 1;
      do {
        at = tree + (node << 1);
        p = load<u16>(at);
        bound = (range >>> 11) * p;
        const mask: u32 = 0 - <u32>(code >= bound);
        range = bound + (mask & (range - bound - bound));
        code -= bound & mask;
        store<u16>(at, p + (<i32>(2048 - (mask & 2017) - p) >> 5));
        node = (node << 1) - mask;
        if (range < TOP) {
          range <<= 8;
          code = (code << 8) | load<u8>(from++);
        }
      } while (node < 64);
      const slot = node - 64;
      let distance = slot;
      if (slot >= 4) {
        let left = (slot >> 1) - 1;
        distance = (2 | (slot & 1)) << left;
        let shift: u32 = 0;
        if (slot < 14) {
          tree = table + ((SPECIAL + distance - slot) << 1);
        } else {
          let direct: u32 = 0;
          for (; left > 4; left--) {
            range >>>= 1;
            const mask: u32 = 0 - <u32>(code >= range);
            code -= range & mask;
            direct = (direct << 1) - mask;
            if (range < TOP) {
              range <<= 8;
              code = (code << 8) | load<u8>(from++);
            }
          }
          distance += direct << 4;
          tree = table + (ALIGN << 1);
        }
        node = 1;
        for (; left > 0; left--, shift++) {
          at = tree + (node << 1);
          p = load<u16>(at);
          bound = (range >>> 11) * p;
          const mask: u32 = 0 - <u32>(code >= bound);
          range = bound + (mask & (range - bound - bound));
          code -= bound & mask;
          store<u16>(at, p + (<i32>(2048 - (mask & 2017) - p) >> 5));
          node = (node << 1) - mask;
          distance += (mask & 1) << shift;
          if (range < TOP) {
            range <<= 8;
            code = (code << 8) | load<u8>(from++);
          }
        }
      }
      rep0 = distance;
    }
    if (<usize>rep0 >= <usize>(to - out) || <usize>count > stop - to) return false;
    copyMatch(to, <usize>rep0 + 1, count);
    to += count;
  }
  return from == end && code == 0;
}
