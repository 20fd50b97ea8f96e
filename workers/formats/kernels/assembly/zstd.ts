/**
 * Zstandard frames, without dictionaries.
 * @see https://www.rfc-editor.org/rfc/rfc8878
 */
import { xxh64 } from './checksums';
import { copyMatch } from './copyMatch';
import {
  huffmanBits, huffmanTable, LITERAL_LENGTHS, logOf, MATCH_LENGTHS, OFFSETS, readHuffmanTable, readSequenceTable, resetTables, tableOf,
} from './zstdTables';

const MAGIC: u32 = 0xfd2fb528;
const SKIPPED: u32 = 0x184d2a50;
const MOST_BLOCK: usize = 131072;

const literalBuffer = memory.data(131072 + 64, 16);
/** Of the block's literals: in the buffer, or in the input itself. */
let literals: usize = 0;
let literalCount: usize = 0;

let rep1: u32 = 0;
let rep2: u32 = 0;
let rep3: u32 = 0;

/**
 * Decodes all frames. The input needs 32 bytes of slack after it, the output 320.
 * @returns bytes written, or −1
 */
export function zstd(from: usize, length: usize, out: usize, size: usize): i32 {
  const end = from + length;
  const stop = out + size;
  let to = out;
  while (from < end) {
    if (end - from < 5) return -1;
    const magic = load<u32>(from);
    if ((magic & 0xfffffff0) == SKIPPED) {
      const count: usize = load<u32>(from, 4);
      if (end - from < 8 || count > end - from - 8) return -1;
      from += 8 + count;
      continue;
    }
    if (magic != MAGIC) return -1;
    const descriptor: u32 = load<u8>(from, 4);
    from += 5;
    // No reserved bit, no dictionary.
    if (descriptor & 8 || descriptor & 3) return -1;
    const single = (descriptor >> 5) & 1;
    const sizeBytes: usize = descriptor >> 6 ? 1 << (descriptor >> 6) : single;
    from += 1 - single + sizeBytes;
    const begin = to;
    rep1 = 1;
    rep2 = 4;
    rep3 = 8;
    resetTables();
    let last: u32 = 0;
    while (last == 0) {
      if (from + 3 > end) return -1;
      const head = <u32>load<u16>(from) | ((<u32>load<u8>(from, 2)) << 16);
      from += 3;
      last = head & 1;
      const kind = (head >> 1) & 3;
      const count: usize = head >> 3;
      if (kind == 0) {
        if (count > end - from || count > stop - to) return -1;
        memory.copy(to, from, count);
        to += count;
        from += count;
      } else if (kind == 1) {
        if (from >= end || count > stop - to) return -1;
        memory.fill(to, load<u8>(from++), count);
        to += count;
      } else {
        if (kind == 3 || count > end - from || count > MOST_BLOCK) return -1;
        to = decodeBlock(from, from + count, begin, to, stop);
        if (to == 0) return -1;
        from += count;
      }
    }
    if (descriptor & 4) {
      if (from + 4 > end || <u32>xxh64(begin, to - begin) != load<u32>(from)) return -1;
      from += 4;
    }
  }
  return <i32>(to - out);
}

/** @returns where the output ends, or 0 */
function decodeBlock(from: usize, end: usize, begin: usize, to: usize, stop: usize): usize {
  from = readLiterals(from, end);
  if (from == 0 || from >= end) return 0;
  let sequences: u32 = load<u8>(from++);
  if (sequences >= 128) {
    if (sequences < 255) {
      sequences = ((sequences - 128) << 8) + load<u8>(from++);
    } else {
      sequences = <u32>load<u16>(from) + 0x7f00;
      from += 2;
    }
  }
  if (sequences > 0) {
    if (from >= end) return 0;
    const modes: u32 = load<u8>(from++);
    if (modes & 3) return 0;
    from = readSequenceTable(LITERAL_LENGTHS, modes >> 6, from, end);
    if (from == 0) return 0;
    from = readSequenceTable(OFFSETS, (modes >> 4) & 3, from, end);
    if (from == 0) return 0;
    from = readSequenceTable(MATCH_LENGTHS, (modes >> 2) & 3, from, end);
    if (from == 0 || from >= end) return 0;
    to = decodeSequences(from, end, sequences, begin, to, stop);
    if (to == 0) return 0;
  } else if (from != end) return 0;
  if (literalCount > stop - to) return 0;
  memory.copy(to, literals, literalCount);
  return to + literalCount;
}

/** @returns where the section ends, or 0 */
function readLiterals(from: usize, end: usize): usize {
  if (end - from < 1) return 0;
  const head = load<u64>(from);
  const kind = <u32>head & 3;
  const format = (<u32>head >> 2) & 3;
  if (kind < 2) {
    const bytes: usize = format == 3 ? 3 : format == 1 ? 2 : 1;
    literalCount = bytes == 1 ? (<usize>head >> 3) & 31 : (<usize>head >> 4) & (bytes == 2 ? 0xfff : 0xfffff);
    from += bytes;
    if (literalCount > MOST_BLOCK || from > end) return 0;
    if (kind == 0) {
      literals = from;
      return literalCount > end - from ? 0 : from + literalCount;
    }
    if (from >= end) return 0;
    literals = literalBuffer;
    memory.fill(literals, load<u8>(from), literalCount);
    return from + 1;
  }
  const bits: u32 = format < 2 ? 10 : format == 2 ? 14 : 18;
  const mask: u64 = (1 << bits) - 1;
  literalCount = <usize>((head >> 4) & mask);
  const packed = <usize>((head >> (4 + bits)) & mask);
  from += format < 2 ? 3 : format == 2 ? 4 : 5;
  if (literalCount > MOST_BLOCK || from > end || packed > end - from) return 0;
  const stop = from + packed;
  if (kind == 2) {
    from = readHuffmanTable(from, stop);
    if (from == 0) return 0;
  } else if (huffmanBits == 0) return 0;
  literals = literalBuffer;
  if (format == 0) return decodeStream(from, stop, literals, literals + literalCount) ? stop : 0;
  return decodeStreams(from, stop) ? stop : 0;
}

/** Bits of a stream that are not yet taken, of those that were loaded: it is read from its end, after the highest bit that is set. */
// @ts-ignore: decorator
@inline
function firstBits(end: usize): u32 {
  return 1 + clz<u32>(<u32>load<u8>(end - 1) << 24);
}

/** A stream of Huffman codes, whole. Bytes before it may be looked at, but count for nothing. */
function decodeStream(from: usize, end: usize, to: usize, stop: usize): bool {
  if (from >= end || load<u8>(end - 1) == 0) return false;
  return finishStream(from, end - 8, firstBits(end), to, stop);
}

/** The rest of a stream: `taken` of the 64 bits at `at` are used. */
function finishStream(from: usize, at: usize, taken: u32, to: usize, stop: usize): bool {
  const shift: u64 = 64 - huffmanBits;
  while (to < stop) {
    at -= taken >> 3;
    taken &= 7;
    if (at + 8 < from) return false;
    const word = load<u64>(at);
    const last = min(to + 5, stop);
    while (to < last) {
      const entry: u32 = load<u16>(huffmanTable + (<usize>((word << taken) >> shift) << 1));
      store<u8>(to++, <u8>entry);
      taken += entry >> 8;
    }
  }
  // All bits are used, and no more.
  return <i32>((at - from) << 3) + 64 == <i32>taken;
}

/** Four streams side by side, of which a table tells the lengths of three. */
function decodeStreams(from: usize, end: usize): bool {
  if (end - from < 10) return false;
  const from0 = from + 6;
  const from1 = from0 + load<u16>(from);
  const from2 = from1 + load<u16>(from, 2);
  const from3 = from2 + load<u16>(from, 4);
  if (from3 >= end || from0 >= from1 || from1 >= from2 || from2 >= from3) return false;
  const part = (literalCount + 3) >> 2;
  if (part * 3 > literalCount) return false;
  if (load<u8>(from1 - 1) == 0 || load<u8>(from2 - 1) == 0 || load<u8>(from3 - 1) == 0 || load<u8>(end - 1) == 0) return false;
  let at0 = from1 - 8;
  let at1 = from2 - 8;
  let at2 = from3 - 8;
  let at3 = end - 8;
  let taken0: u64 = firstBits(from1);
  let taken1: u64 = firstBits(from2);
  let taken2: u64 = firstBits(from3);
  let taken3: u64 = firstBits(end);
  let to = literals;
  const stop3 = literals + literalCount;
  // The last part is the shortest.
  const stop = literals + (literalCount - 3 * part);
  const shift: u64 = 64 - huffmanBits;
  const part2 = part * 2;
  const part3 = part * 3;
  const table = huffmanTable;
  while (to + 5 <= stop) {
    at0 -= <usize>(taken0 >> 3);
    at1 -= <usize>(taken1 >> 3);
    at2 -= <usize>(taken2 >> 3);
    at3 -= <usize>(taken3 >> 3);
    if (at0 + 8 < from0 || at1 + 8 < from1 || at2 + 8 < from2 || at3 + 8 < from3) return false;
    taken0 &= 7;
    taken1 &= 7;
    taken2 &= 7;
    taken3 &= 7;
    const word0 = load<u64>(at0);
    const word1 = load<u64>(at1);
    const word2 = load<u64>(at2);
    const word3 = load<u64>(at3);
    for (let i = 0; i < 5; i++, to++) {
      const entry0: u64 = load<u16>(table + (<usize>((word0 << taken0) >> shift) << 1));
      const entry1: u64 = load<u16>(table + (<usize>((word1 << taken1) >> shift) << 1));
      const entry2: u64 = load<u16>(table + (<usize>((word2 << taken2) >> shift) << 1));
      const entry3: u64 = load<u16>(table + (<usize>((word3 << taken3) >> shift) << 1));
      store<u8>(to, <u8>entry0);
      store<u8>(to + part, <u8>entry1);
      store<u8>(to + part2, <u8>entry2);
      store<u8>(to + part3, <u8>entry3);
      taken0 += entry0 >> 8;
      taken1 += entry1 >> 8;
      taken2 += entry2 >> 8;
      taken3 += entry3 >> 8;
    }
  }
  return (
    finishStream(from0, at0, <u32>taken0, to, literals + part) &&
    finishStream(from1, at1, <u32>taken1, to + part, literals + part2) &&
    finishStream(from2, at2, <u32>taken2, to + part2, literals + part3) &&
    finishStream(from3, at3, <u32>taken3, to + part3, stop3)
  );
}

/** Literals and matches in turn. @returns where the output ends, or 0; `literals` are then those after the last match */
function decodeSequences(from: usize, end: usize, sequences: u32, begin: usize, to: usize, stop: usize): usize {
  if (load<u8>(end - 1) == 0) return 0;
  const literalTable = tableOf(LITERAL_LENGTHS);
  const offsetTable = tableOf(OFFSETS);
  const matchTable = tableOf(MATCH_LENGTHS);
  const literalEnd = literals + literalCount;
  let source = literals;
  let at = end - 8;
  let taken: u64 = firstBits(end);
  let word = load<u64>(at);
  let bits: u64 = logOf(LITERAL_LENGTHS);
  // Shifting twice, since by 64 is by 0.
  let literalState = <usize>(((word << taken) >> 1) >> (63 - bits));
  taken += bits;
  bits = logOf(OFFSETS);
  let offsetState = <usize>(((word << taken) >> 1) >> (63 - bits));
  taken += bits;
  bits = logOf(MATCH_LENGTHS);
  let matchState = <usize>(((word << taken) >> 1) >> (63 - bits));
  taken += bits;
  for (;;) {
    at -= <usize>(taken >> 3);
    taken &= 7;
    if (at + 8 < from) return 0;
    word = load<u64>(at);
    const literalEntry = load<u64>(literalTable + (literalState << 3));
    const offsetEntry = load<u64>(offsetTable + (offsetState << 3));
    const matchEntry = load<u64>(matchTable + (matchState << 3));
    const literalBits = (literalEntry >> 48) & 255;
    const offsetBits = (offsetEntry >> 48) & 255;
    const matchBits = (matchEntry >> 48) & 255;
    let offset: u32 = <u32>offsetEntry + <u32>(((word << taken) >> 1) >> (63 - offsetBits));
    taken += offsetBits;
    const match: usize = <u32>matchEntry + <u32>(((word << taken) >> 1) >> (63 - matchBits));
    taken += matchBits;
    // Of the 57 bits, 26 are for the states.
    if (literalBits + offsetBits + matchBits > 30) {
      at -= <usize>(taken >> 3);
      taken &= 7;
      if (at + 8 < from) return 0;
      word = load<u64>(at);
    }
    const count: usize = <u32>literalEntry + <u32>(((word << taken) >> 1) >> (63 - literalBits));
    taken += literalBits;
    if (offset > 3) {
      offset -= 3;
      rep3 = rep2;
      rep2 = rep1;
      rep1 = offset;
    } else {
      const which = offset - (count == 0 ? 0 : 1);
      if (which == 0) {
        offset = rep1;
      } else {
        offset = which == 1 ? rep2 : which == 2 ? rep3 : rep1 - 1;
        if (which > 1) rep3 = rep2;
        rep2 = rep1;
        rep1 = offset;
      }
    }
    if (count > literalEnd - source || count > stop - to) return 0;
    if (count <= 16) {
      v128.store(to, v128.load(source));
    } else {
      memory.copy(to, source, count);
    }
    to += count;
    source += count;
    if (offset == 0 || <usize>offset > to - begin || match > stop - to) return 0;
    copyMatch(to, offset, match);
    to += match;
    if (--sequences == 0) break;
    bits = literalEntry >> 56;
    literalState = (<usize>(literalEntry >> 32) & 0xffff) + <usize>(((word << taken) >> 1) >> (63 - bits));
    taken += bits;
    bits = matchEntry >> 56;
    matchState = (<usize>(matchEntry >> 32) & 0xffff) + <usize>(((word << taken) >> 1) >> (63 - bits));
    taken += bits;
    bits = offsetEntry >> 56;
    offsetState = (<usize>(offsetEntry >> 32) & 0xffff) + <usize>(((word << taken) >> 1) >> (63 - bits));
    taken += bits;
  }
  if (<i32>((at - from) << 3) + 64 != <i32>taken) return 0;
  literals = source;
  literalCount = literalEnd - source;
  return to;
}
