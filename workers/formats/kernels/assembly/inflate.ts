/**
 * Deflate streams (RFC 1951). 64 bits of input are held ready, codes are looked up eleven bits at a time (eight of distances), longer
 * ones in a second table.
 */
import { copyMatch } from './copyMatch';

const LITERAL_BITS: u32 = 11;
const DISTANCE_BITS: u32 = 8;
/** Entries of both levels that any complete code can need, for 288 and 32 symbols of at most 15 bits. */
const LITERAL_ENTRIES: i32 = 2400;
const DISTANCE_ENTRIES: i32 = 512;

/**
 * An entry: bits 0–7 how many bits to pass over, 8–12 how many extra bits, 13 a second table (at entry `value`, of `extra` bits), 14 the end
 * of the block, 16–30 the value, 31 a literal. 0: no code begins so.
 */
const SECOND: u32 = 1 << 13;
const END: u32 = 1 << 14;
const LITERAL: u32 = 1 << 31;

const literalTable = memory.data(LITERAL_ENTRIES * 4, 16);
const distanceTable = memory.data(DISTANCE_ENTRIES * 4, 16);
const codeTable = memory.data(128 * 4, 16);
const lengths = memory.data(512);
const counts = memory.data(16 * 4, 4);
const nexts = memory.data(16 * 4, 4);
const literalMeanings = memory.data(288 * 4, 4);
const distanceMeanings = memory.data(32 * 4, 4);
const codeMeanings = memory.data(19 * 4, 4);
const codeOrder = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

/** What each symbol means: an entry without its code's length; 0 where a symbol is not allowed. */
function setMeanings(): void {
  for (let i: u32 = 0; i < 256; i++) store<u32>(literalMeanings + (i << 2), LITERAL | (i << 16));
  store<u32>(literalMeanings + (256 << 2), END);
  let base: u32 = 3;
  for (let i: u32 = 0; i < 28; i++) {
    const extra: u32 = i < 8 ? 0 : (i >> 2) - 1;
    store<u32>(literalMeanings + ((257 + i) << 2), (base << 16) | (extra << 8));
    base += 1 << extra;
  }
  store<u32>(literalMeanings + (285 << 2), 258 << 16);
  base = 1;
  for (let i: u32 = 0; i < 30; i++) {
    const extra: u32 = i < 4 ? 0 : (i >> 1) - 1;
    store<u32>(distanceMeanings + (i << 2), (base << 16) | (extra << 8));
    base += 1 << extra;
  }
  for (let i: u32 = 0; i < 19; i++) store<u32>(codeMeanings + (i << 2), LITERAL | (i << 16));
}

/**
 * Fills a table from the lengths of codes. @returns false for lengths that no code can have; codes that are missing are found when they
 * come up
 */
function buildTable(from: usize, symbols: u32, meanings: usize, table: usize, bits: u32, entries: i32): bool {
  memory.fill(counts, 0, 64);
  for (let i: u32 = 0; i < symbols; i++) {
    const at = counts + (<usize>load<u8>(from + i) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  memory.fill(table, 0, <usize>entries << 2);
  let code: u32 = 0;
  let left: i32 = 1;
  store<u32>(counts, 0);
  for (let length: usize = 1; length < 16; length++) {
    const count = load<u32>(counts + (length << 2));
    left = (left << 1) - <i32>count;
    if (left < 0) return false;
    code = (code + load<u32>(counts + ((length - 1) << 2))) << 1;
    store<u32>(nexts + (length << 2), code);
  }
  let free: u32 = 1 << bits;
  for (let length: u32 = 1; length < 16; length++) {
    if (load<u32>(counts + (<usize>length << 2)) == 0) continue;
    for (let symbol: u32 = 0; symbol < symbols; symbol++) {
      if (load<u8>(from + symbol) != length) continue;
      const meaning = load<u32>(meanings + (symbol << 2));
      const at = nexts + (<usize>length << 2);
      const next = load<u32>(at);
      store<u32>(at, next + 1);
      const reversed = reverse(next, length);
      const unplaced = counts + (<usize>length << 2);
      if (meaning == 0) {
        store<u32>(unplaced, load<u32>(unplaced) - 1);
        continue;
      }
      if (length <= bits) {
        for (let i = reversed; i < 1 << bits; i += 1 << length) store<u32>(table + (i << 2), meaning | length);
        store<u32>(unplaced, load<u32>(unplaced) - 1);
        continue;
      }
      const first = table + (<usize>(reversed & ((1 << bits) - 1)) << 2);
      let link = load<u32>(first);
      if (link == 0) {
        // Wide enough for all codes that begin so: the lengths come in order, and a prefix is filled before the next one begins.
        let wide = length - bits;
        let room: i32 = 1 << wide;
        while (wide + bits < 15) {
          room -= <i32>load<u32>(counts + (<usize>(wide + bits) << 2));
          if (room <= 0) break;
          wide++;
          room <<= 1;
        }
        if (free + (1 << wide) > <u32>entries) return false;
        link = SECOND | (free << 16) | (wide << 8) | bits;
        store<u32>(first, link);
        free += 1 << wide;
      }
      const second = table + (<usize>(link >> 16) << 2);
      const wide = (link >> 8) & 31;
      for (let i = reversed >> bits; i < 1 << wide; i += 1 << (length - bits))
        store<u32>(second + (i << 2), meaning | (length - bits));
      store<u32>(unplaced, load<u32>(unplaced) - 1);
    }
  }
  return true;
}

function reverse(code: u32, length: u32): u32 {
  let out: u32 = 0;
  for (let i: u32 = 0; i < length; i++, code >>= 1) out = (out << 1) | (code & 1);
  return out;
}

/**
 * Inflates a stream. The input needs 32 bytes of slack after it, the output 320.
 * @returns bytes written, or −1
 */
export function inflate(from: usize, length: usize, out: usize, size: usize): i32 {
  if (load<u32>(literalMeanings) == 0) setMeanings();
  const end = from + length;
  const stop = out + size;
  let to = out;
  let bits: u64 = 0;
  let held: u32 = 0;
  let last: u32 = 0;
  while (last == 0) {
    // Where input ran out, bits of the slack were taken: no more than these.
    if (from > end + 8) return -1;
    bits |= load<u64>(from) << held;
    from += (63 - held) >> 3;
    held |= 56;
    last = <u32>bits & 1;
    const kind = (<u32>bits >> 1) & 3;
    bits >>= 3;
    held -= 3;
    if (kind == 0) {
      // Stored: from the next whole byte on.
      from -= held >> 3;
      bits = 0;
      held = 0;
      if (from + 4 > end) return -1;
      const count: usize = load<u16>(from);
      if ((<u32>count ^ load<u16>(from, 2)) != 0xffff) return -1;
      from += 4;
      if (count > end - from || count > stop - to) return -1;
      memory.copy(to, from, count);
      to += count;
      from += count;
      continue;
    }
    if (kind == 1) {
      memory.fill(lengths, 8, 144);
      memory.fill(lengths + 144, 9, 112);
      memory.fill(lengths + 256, 7, 24);
      memory.fill(lengths + 280, 8, 8);
      buildTable(lengths, 288, literalMeanings, literalTable, LITERAL_BITS, LITERAL_ENTRIES);
      memory.fill(lengths, 5, 32);
      buildTable(lengths, 32, distanceMeanings, distanceTable, DISTANCE_BITS, DISTANCE_ENTRIES);
    } else if (kind == 2) {
      const literals = (<u32>bits & 31) + 257;
      const distances = ((<u32>bits >> 5) & 31) + 1;
      const codes = ((<u32>bits >> 10) & 15) + 4;
      bits >>= 14;
      held -= 14;
      if (literals > 286) return -1;
      memory.fill(lengths, 0, 19);
      for (let i: u32 = 0; i < codes; i++) {
        if (held < 8) {
          if (from > end + 8) return -1;
          bits |= load<u64>(from) << held;
          from += (63 - held) >> 3;
          held |= 56;
        }
        store<u8>(lengths + load<u8>(codeOrder + i), <u8>bits & 7);
        bits >>= 3;
        held -= 3;
      }
      if (!buildTable(lengths, 19, codeMeanings, codeTable, 7, 128)) return -1;
      const total = literals + distances;
      for (let i: u32 = 0; i < total; ) {
        if (from > end + 8) return -1;
        bits |= load<u64>(from) << held;
        from += (63 - held) >> 3;
        held |= 56;
        const entry = load<u32>(codeTable + ((<usize>bits & 127) << 2));
        if (entry == 0) return -1;
        bits >>= entry & 255;
        held -= entry & 255;
        const symbol = (entry >> 16) & 255;
        if (symbol < 16) {
          store<u8>(lengths + i++, <u8>symbol);
          continue;
        }
        let repeated: u8 = 0;
        let times: u32;
        if (symbol == 16) {
          if (i == 0) return -1;
          repeated = load<u8>(lengths + i - 1);
          times = 3 + (<u32>bits & 3);
          bits >>= 2;
          held -= 2;
        } else if (symbol == 17) {
          times = 3 + (<u32>bits & 7);
          bits >>= 3;
          held -= 3;
        } else {
          times = 11 + (<u32>bits & 127);
          bits >>= 7;
          held -= 7;
        }
        if (i + times > total) return -1;
        memory.fill(lengths + i, repeated, times);
        i += times;
      }
      if (!buildTable(lengths, literals, literalMeanings, literalTable, LITERAL_BITS, LITERAL_ENTRIES)) return -1;
      if (!buildTable(lengths + literals, distances, distanceMeanings, distanceTable, DISTANCE_BITS, DISTANCE_ENTRIES)) return -1;
    } else return -1;

    for (;;) {
      if (from > end + 8 || to > stop) return -1;
      bits |= load<u64>(from) << held;
      from += (63 - held) >> 3;
      held |= 56;
      let entry = load<u32>(literalTable + ((<usize>bits & ((1 << LITERAL_BITS) - 1)) << 2));
      // Up to three literals that are in the first table: 33 bits.
      if (entry & LITERAL) {
        bits >>= entry & 255;
        held -= entry & 255;
        store<u8>(to++, <u8>(entry >> 16));
        entry = load<u32>(literalTable + ((<usize>bits & ((1 << LITERAL_BITS) - 1)) << 2));
        if (entry & LITERAL) {
          bits >>= entry & 255;
          held -= entry & 255;
          store<u8>(to++, <u8>(entry >> 16));
          entry = load<u32>(literalTable + ((<usize>bits & ((1 << LITERAL_BITS) - 1)) << 2));
          if (entry & LITERAL) {
            bits >>= entry & 255;
            held -= entry & 255;
            store<u8>(to++, <u8>(entry >> 16));
            continue;
          }
        }
        // What follows takes up to 48 bits.
        bits |= load<u64>(from) << held;
        from += (63 - held) >> 3;
        held |= 56;
      }
      if (entry & SECOND) {
        bits >>= LITERAL_BITS;
        held -= LITERAL_BITS;
        entry = load<u32>(literalTable + ((<usize>(entry >> 16) + (<usize>bits & ((1 << ((entry >> 8) & 31)) - 1))) << 2));
      }
      if (entry == 0) return -1;
      bits >>= entry & 255;
      held -= entry & 255;
      if (entry & LITERAL) {
        store<u8>(to++, <u8>(entry >> 16));
        continue;
      }
      if (entry & END) break;
      let extra = (entry >> 8) & 31;
      const match: usize = (entry >> 16) + (<u32>bits & ((1 << extra) - 1));
      bits >>= extra;
      held -= extra;
      entry = load<u32>(distanceTable + ((<usize>bits & ((1 << DISTANCE_BITS) - 1)) << 2));
      if (entry & SECOND) {
        bits >>= DISTANCE_BITS;
        held -= DISTANCE_BITS;
        entry = load<u32>(distanceTable + ((<usize>(entry >> 16) + (<usize>bits & ((1 << ((entry >> 8) & 31)) - 1))) << 2));
      }
      if (entry == 0) return -1;
      bits >>= entry & 255;
      held -= entry & 255;
      extra = (entry >> 8) & 31;
      const distance: usize = (entry >> 16) + (<u32>bits & ((1 << extra) - 1));
      bits >>= extra;
      held -= extra;
      if (distance > to - out || to > stop || match > stop - to) return -1;
      copyMatch(to, distance, match);
      to += match;
    }
    if (to > stop) return -1;
  }
  if (from - (held >> 3) > end) return -1;
  return <i32>(to - out);
}
