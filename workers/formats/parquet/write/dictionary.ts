import type { ColumnData, Values } from '../../../../core/schema/column.ts';

/** Distinct values in the order in which they come, and of each value which one it is. */
export interface Dictionary {
  entries: Values;
  codes: Uint32Array;
}

/** A longer dictionary is no gain: pages would be read with it in mind all the time. */
const MOST_ENTRIES = 1 << 15;
/** One entry for so many values at least. */
const VALUES_PER_ENTRY = 4;
const GOLDEN = 0x9e3779b1;

/** Memory for codes, which grows: each call writes over what the one before gave. */
export interface CodeRoom {
  codes?: Uint32Array;
}

/** A dictionary where it makes the column smaller: few values that come again and again. Booleans are bits as they are. */
export function dictionaryOf({ type }: ColumnData, values: Values, room: CodeRoom = {}): Dictionary | undefined {
  const limit = Math.min(MOST_ENTRIES, Math.floor(values.length / VALUES_PER_ENTRY));
  if (type === 'bool' || limit === 0) return undefined;
  if (!room.codes || room.codes.length < values.length) room.codes = new Uint32Array(values.length);
  const codes = room.codes.subarray(0, values.length);
  const first = firstPlaces(values, codes, limit);
  if (!first) return undefined;
  return { entries: pick(values, first), codes };
}

/** Values at some places: of those of 64 bits their halves, as reading BigInts makes one of each. */
function pick(values: Values, places: Uint32Array): Values {
  const picked = values.slice(0, places.length);
  if (values.BYTES_PER_ELEMENT === 8) {
    const from = new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
    const into = new Uint32Array(picked.buffer);
    for (let code = 0; code < places.length; code++) {
      into[2 * code] = from[2 * places[code]!]!;
      into[2 * code + 1] = from[2 * places[code]! + 1]!;
    }
  } else if (values instanceof Uint16Array) {
    const into = picked as Uint16Array;
    for (let code = 0; code < places.length; code++) into[code] = values[places[code]!]!;
  } else for (let code = 0; code < places.length; code++) picked[code] = values[places[code]!]!;
  return picked;
}

/** Fills in `codes`. @returns where each distinct value comes first; undefined where there are too many */
function firstPlaces(values: Values, codes: Uint32Array, limit: number): Uint32Array | undefined {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT } = values;
  switch (BYTES_PER_ELEMENT) {
    case 8:
      return lookUpPairs(new Uint32Array(buffer, byteOffset, byteLength / 4), codes, limit);
    case 4:
      return lookUp(new Uint32Array(buffer, byteOffset, byteLength / 4), codes, limit);
    case 2:
      return lookUpShort(new Uint16Array(buffer, byteOffset, byteLength / 2), codes, limit);
    default:
      return lookUpShort(new Uint16Array(values as Uint8Array), codes, limit);
  }
}

/** The code of each value of 16 bits, and one more; all 0 between two calls. */
const shortCodes = new Uint16Array(1 << 16);

/** The same for values of 16 bits: each has a place of its own. */
function lookUpShort(words: Uint16Array, codes: Uint32Array, limit: number): Uint32Array | undefined {
  const first = new Uint32Array(limit);
  let count = 0;
  let i = 0;
  for (; i < words.length; i++) {
    const word = words[i]!;
    let code = shortCodes[word]!;
    if (code === 0) {
      if (count === limit) break;
      first[count++] = i;
      shortCodes[word] = code = count;
    }
    codes[i] = code - 1;
  }
  for (let k = 0; k < count; k++) shortCodes[words[first[k]!]!] = 0;
  return i < words.length ? undefined : first.subarray(0, count);
}

/** By a table of hashes. */
function lookUp(words: Uint32Array, codes: Uint32Array, limit: number): Uint32Array | undefined {
  const { table, mask, shift } = emptyTable(limit);
  const first = new Uint32Array(limit);
  let count = 0;
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    let slot = Math.imul(word, GOLDEN) >>> shift;
    let code = table[slot]!;
    while (code !== 0 && words[first[code - 1]!] !== word) {
      slot = (slot + 1) & mask;
      code = table[slot]!;
    }
    if (code === 0) {
      if (count === limit) return undefined;
      first[count++] = i;
      table[slot] = code = count;
    }
    codes[i] = code - 1;
  }
  return first.subarray(0, count);
}

/** The same for values of 64 bits. */
function lookUpPairs(words: Uint32Array, codes: Uint32Array, limit: number): Uint32Array | undefined {
  const { table, mask, shift } = emptyTable(limit);
  const first = new Uint32Array(limit);
  let count = 0;
  for (let i = 0; i < codes.length; i++) {
    const low = words[2 * i]!;
    const high = words[2 * i + 1]!;
    let slot = Math.imul(low ^ Math.imul(high, 0x85ebca6b), GOLDEN) >>> shift;
    let code = table[slot]!;
    while (code !== 0 && (words[2 * first[code - 1]!] !== low || words[2 * first[code - 1]! + 1] !== high)) {
      slot = (slot + 1) & mask;
      code = table[slot]!;
    }
    if (code === 0) {
      if (count === limit) return undefined;
      first[count++] = i;
      table[slot] = code = count;
    }
    codes[i] = code - 1;
  }
  return first.subarray(0, count);
}

function emptyTable(entries: number): { table: Uint32Array; mask: number; shift: number } {
  const bits = Math.max(4, 33 - Math.clz32(entries));
  return { table: new Uint32Array(1 << bits), mask: (1 << bits) - 1, shift: 32 - bits };
}
