/**
 * Tables of Zstandard: FSE for sequences and for weights of Huffman codes, Huffman for literals.
 * @see https://www.rfc-editor.org/rfc/rfc8878 (sections 4.1 and 4.2)
 */

/** Bits that the longest Huffman code may have. */
export const HUFFMAN_BITS: u32 = 11;
const WEIGHT_BITS: u32 = 6;

export const huffmanTable = memory.data(2 << HUFFMAN_BITS, 16);
/** Bits by which the present Huffman table is indexed; 0 where there is none. */
export let huffmanBits: u32 = 0;

/** One table for each: what codes of literal lengths, offsets and match lengths stand for. */
export const LITERAL_LENGTHS: u32 = 0;
export const OFFSETS: u32 = 1;
export const MATCH_LENGTHS: u32 = 2;

/** Entries: 32 bits of value, 16 of the next state's base, 8 of extra bits, 8 of the state's bits. */
const entries = memory.data(3 * (8 << 9), 16);
const logs = memory.data(3 * 4, 4);
const known = memory.data(3);

const frequencies = memory.data(256 * 2, 2);
const symbols = memory.data(512);
const nexts = memory.data(256 * 2, 2);
const weights = memory.data(256);
const weightTable = memory.data(8 << WEIGHT_BITS, 8);

const literalFrequencies = memory.data<i8>([
  4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
]);
const matchFrequencies = memory.data<i8>([
  1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
  1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
]);
const offsetFrequencies = memory.data<i8>([
  1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
]);
/** Extra bits of codes 16 and up, 32 and up; the values follow. */
const literalBits = memory.data<u8>([1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
const matchBits = memory.data<u8>([1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
const meanings = memory.data(3 * 64 * 8, 8);

export function tableOf(kind: u32): usize {
  return entries + kind * (8 << 9);
}

export function logOf(kind: u32): u32 {
  return load<u32>(logs + (kind << 2));
}

/** Nothing goes on from the frame before. */
export function resetTables(): void {
  huffmanBits = 0;
  memory.fill(known, 0, 3);
  if (load<u64>(meanings) == 0) setMeanings();
}

/** What each code stands for: value and extra bits. */
function setMeanings(): void {
  let value: u32 = 0;
  for (let code: u32 = 0; code < 36; code++) {
    const bits: u32 = code < 16 ? 0 : load<u8>(literalBits + code - 16);
    store<u64>(meanings + (code << 3), <u64>value | (<u64>bits << 48));
    value += 1 << bits;
  }
  for (let code: u32 = 0; code < 32; code++)
    store<u64>(meanings + ((64 + code) << 3), (<u64>1 << code) | (<u64>code << 48));
  value = 3;
  for (let code: u32 = 0; code < 53; code++) {
    const bits: u32 = code < 32 ? 0 : load<u8>(matchBits + code - 32);
    store<u64>(meanings + ((128 + code) << 3), <u64>value | (<u64>bits << 48));
    value += 1 << bits;
  }
}

function codesOf(kind: u32): u32 {
  return kind == LITERAL_LENGTHS ? 36 : kind == OFFSETS ? 32 : 53;
}

/**
 * Reads the table of a kind of code, in one of four modes: predefined, one symbol, described, as before.
 * @returns where its description ends, or 0
 */
export function readSequenceTable(kind: u32, mode: u32, from: usize, end: usize): usize {
  const table = tableOf(kind);
  const known1 = known + kind;
  if (mode == 3) return load<u8>(known1) ? from : 0;
  store<u8>(known1, 1);
  if (mode == 1) {
    if (from >= end) return 0;
    const code: u32 = load<u8>(from);
    if (code >= codesOf(kind)) return 0;
    store<u64>(table, load<u64>(meanings + ((kind * 64 + code) << 3)));
    store<u32>(logs + (kind << 2), 0);
    return from + 1;
  }
  let log: u32;
  let count: u32;
  let next = from;
  if (mode == 0) {
    const source = kind == LITERAL_LENGTHS ? literalFrequencies : kind == OFFSETS ? offsetFrequencies : matchFrequencies;
    count = kind == OFFSETS ? 29 : codesOf(kind);
    log = kind == OFFSETS ? 5 : 6;
    for (let i: u32 = 0; i < count; i++) store<i16>(frequencies + (i << 1), <i16>load<i8>(source + i));
  } else {
    next = readFrequencies(from, end, codesOf(kind), kind == OFFSETS ? 8 : 9);
    if (next == 0) return 0;
    log = describedLog;
    count = describedCount;
  }
  if (!spread(count, log)) return 0;
  for (let i: u32 = 0; i < 1 << log; i++)
    store<u64>(table + (i << 3), load<u64>(meanings + ((kind * 64 + <u32>load<u8>(symbols + i)) << 3)) | nextState(i, log));
  store<u32>(logs + (kind << 2), log);
  return next;
}

let describedLog: u32 = 0;
let describedCount: u32 = 0;

/** Reads how often each symbol comes: to `frequencies`. @returns where the description ends, or 0 */
function readFrequencies(from: usize, end: usize, most: u32, mostLog: u32): usize {
  if (from >= end) return 0;
  let at: u32 = 4;
  const log = (<u32>load<u8>(from) & 15) + 5;
  if (log > mostLog) return 0;
  let left: i32 = 1 << log;
  let symbol: u32 = 0;
  while (left > 0) {
    if (symbol >= most || from + (at >> 3) > end) return 0;
    const bits: u32 = 32 - clz<u32>(left + 1);
    const word = load<u32>(from + (at >> 3)) >> (at & 7);
    const low = (1 << (bits - 1)) - 1;
    const spare = (1 << bits) - 2 - left;
    let value: i32 = word & ((1 << bits) - 1);
    if ((value & low) < spare) {
      value &= low;
      at += bits - 1;
    } else {
      if (value > low) value -= spare;
      at += bits;
    }
    const frequency = value - 1;
    left -= abs(frequency);
    store<i16>(frequencies + (symbol++ << 1), <i16>frequency);
    if (frequency == 0) {
      let repeat: u32;
      do {
        if (from + (at >> 3) > end) return 0;
        repeat = (load<u32>(from + (at >> 3)) >> (at & 7)) & 3;
        at += 2;
        if (symbol + repeat > most) return 0;
        for (let i: u32 = 0; i < repeat; i++) store<i16>(frequencies + (symbol++ << 1), 0);
      } while (repeat == 3);
    }
  }
  if (left != 0) return 0;
  describedLog = log;
  describedCount = symbol;
  const next = from + ((at + 7) >> 3);
  return next > end ? 0 : next;
}

/** Gives each state a symbol. */
function spread(count: u32, log: u32): bool {
  const size: u32 = 1 << log;
  let high = size;
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    const frequency: i32 = load<i16>(frequencies + (symbol << 1));
    if (frequency < 0) store<u8>(symbols + --high, <u8>symbol);
    store<u16>(nexts + (symbol << 1), frequency < 0 ? 1 : <u16>frequency);
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let at: u32 = 0;
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    const frequency: i32 = load<i16>(frequencies + (symbol << 1));
    for (let i = 0; i < frequency; i++) {
      store<u8>(symbols + at, <u8>symbol);
      do at = (at + step) & (size - 1);
      while (at >= high);
    }
  }
  return at == 0;
}

/** Of a state, in the order of states: the next one's base and how many bits are added to it. */
function nextState(state: u32, log: u32): u64 {
  const at = nexts + (<usize>load<u8>(symbols + state) << 1);
  const next: u32 = load<u16>(at);
  store<u16>(at, <u16>(next + 1));
  const bits = log - (31 - clz<u32>(next));
  return (<u64>bits << 56) | (<u64>((next << bits) - (1 << log)) << 32);
}

/** Reads a Huffman table. @returns where its description ends, or 0 */
export function readHuffmanTable(from: usize, end: usize): usize {
  if (from >= end) return 0;
  const head: u32 = load<u8>(from++);
  let count: u32;
  let next: usize;
  if (head >= 128) {
    count = head - 127;
    next = from + ((count + 1) >> 1);
    if (next > end) return 0;
    for (let i: u32 = 0; i < count; i++) {
      const two: u32 = load<u8>(from + (i >> 1));
      store<u8>(weights + i, <u8>(i & 1 ? two & 15 : two >> 4));
    }
  } else {
    next = from + head;
    if (next > end) return 0;
    count = readWeights(from, next);
    if (count == 0) return 0;
  }
  let sum: u32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    const weight: u32 = load<u8>(weights + i);
    if (weight > HUFFMAN_BITS) return 0;
    sum += (1 << weight) >> 1;
  }
  if (sum == 0) return 0;
  // The last weight fills the table up.
  const bits: u32 = 32 - clz<u32>(sum);
  const left = (1 << bits) - sum;
  if (bits > HUFFMAN_BITS || (left & (left - 1)) != 0) return 0;
  store<u8>(weights + count++, <u8>(32 - clz<u32>(left)));
  let at: u32 = 0;
  for (let weight: u32 = 1; weight <= bits; weight++) {
    const length: u32 = 1 << (weight - 1);
    const code: u16 = <u16>((bits + 1 - weight) << 8);
    for (let symbol: u32 = 0; symbol < count; symbol++) {
      if (load<u8>(weights + symbol) != weight) continue;
      for (let i: u32 = 0; i < length; i++) store<u16>(huffmanTable + (at++ << 1), code | <u16>symbol);
    }
  }
  huffmanBits = bits;
  return next;
}

/** Weights that are packed themselves, by two states in turn. @returns how many, or 0 */
function readWeights(from: usize, end: usize): u32 {
  const begin = readFrequencies(from, end, 256, WEIGHT_BITS);
  if (begin == 0 || begin >= end) return 0;
  const log = describedLog;
  if (!spread(describedCount, log)) return 0;
  for (let i: u32 = 0; i < 1 << log; i++) store<u64>(weightTable + (i << 3), <u64>load<u8>(symbols + i) | nextState(i, log));
  const last: u32 = load<u8>(end - 1);
  if (last == 0) return 0;
  // Bits from the end on, after the highest one that is set.
  let left: i32 = <i32>((end - begin) << 3) - <i32>clz<u32>(last << 24) - 1;
  left -= log;
  let one = bitsAt(begin, left, log);
  left -= log;
  let two = bitsAt(begin, left, log);
  if (left < 0) return 0;
  let count: u32 = 0;
  while (count < 254) {
    const entry = load<u64>(weightTable + (one << 3));
    store<u8>(weights + count++, <u8>entry);
    const bits = <u32>(entry >> 56);
    left -= bits;
    if (left < 0) {
      store<u8>(weights + count++, load<u8>(weightTable + (two << 3)));
      return count;
    }
    one = two;
    two = (<u32>(entry >> 32) & 0xffff) + bitsAt(begin, left, bits);
  }
  return 0;
}

/** Up to eight bits, of which the lowest is bit `at` of the stream. */
function bitsAt(begin: usize, at: i32, count: u32): u32 {
  if (at < 0) return 0;
  return (<u32>load<u16>(begin + (at >> 3)) >> (at & 7)) & ((1 << count) - 1);
}
