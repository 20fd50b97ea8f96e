import type { RecordBatch } from '../catalogue/tables.ts';
import { type ColumnData, VALUE_ARRAYS, type ValueType } from '../schema/column.ts';
import { STAGED_COLUMNS } from './stagedHeader.ts';

/** A record, in words of 32 bits: numbers of 64 bits have their low half first, GUIDs the four words in the order of their text. */
export const WORD = {
  /** Bytes of the record: a multiple of 8. */
  BYTES: 0,
  /** Which input, from 0; the line in it, from 1, as float64 in the two words behind. */
  INPUT: 1,
  LINE: 2,
  EVENT: 4,
  GUID: 6,
  OID1: 10,
  OID2: 12,
  CHANNEL: 14,
  LB: 15,
  WEIGHT: 16,
  TIME: 18,
  L1ID: 20,
  BCID: 21,
  L1PSK: 22,
  HPSK: 23,
  /** Which values are there: `HAS`; in the upper half, how many origins. */
  HAS: 24,
  /** How many bits each list has, in halves of words: nine of them. */
  COUNTS: 25,
  /** Origins, then bits: halves of words, list after list. */
  REST: 30,
} as const;

/** Bits of `WORD.HAS`. */
export const HAS = { LB: 1, BCID: 2, TIME: 4, L1ID: 8, L1PSK: 16, HPSK: 32, CHANNEL: 64, WEIGHT: 128 } as const;

/** Words of an origin: its type, one unused, GUID, `oid1`, `oid2`. */
export const ORIGIN_WORDS = 10;

/** Lists of bits, in the order of `WORD.COUNTS`. */
export const BIT_LISTS = ['tbp', 'tap', 'tav', 'lph', 'lpt', 'lrs', 'ph', 'pt', 'rs'] as const;

/** Of a record, at most: three origins, nine lists. */
export const LONGEST_RECORD = 4 * WORD.REST + 3 * 4 * ORIGIN_WORDS + 2 * (3 * 512 + 6 * 4096);

/** Event records one behind the other in one buffer, as this machine orders bytes. */
export class PackedRecords {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  readonly halves: Uint16Array;
  readonly doubles: Float64Array;
  /** Bytes that are used. */
  length = 0;
  rows = 0;

  /** @param buffer of a multiple of 8 bytes */
  constructor(buffer: ArrayBuffer) {
    this.bytes = new Uint8Array(buffer);
    this.words = new Uint32Array(buffer);
    this.halves = new Uint16Array(buffer);
    this.doubles = new Float64Array(buffer);
  }

  /** Whether any record still fits. */
  get hasRoom(): boolean {
    return this.bytes.length - this.length >= LONGEST_RECORD;
  }

  clear(): void {
    this.length = 0;
    this.rows = 0;
  }
}

/**
 * Records as columns of a staged object.
 * @param places where each record begins, in words
 * @param names columns that are wanted
 */
export function unpackRecords(records: PackedRecords, places: Uint32Array, names: ReadonlySet<string>): RecordBatch {
  const columns = new Map<string, ColumnData>();
  for (const { name, type } of STAGED_COLUMNS) {
    if (!names.has(name)) continue;
    const single = SINGLE[name];
    if (single) columns.set(name, unpackSingle(records, places, type, ...single));
    else if (name.startsWith('prov_')) columns.set(name, unpackOrigins(records, places, type, ORIGIN[name]!));
    else columns.set(name, unpackBits(records, places, BIT_LISTS.indexOf(name as 'tbp')));
  }
  return { rows: places.length, columns };
}

/** Where a value lies, and the bit that says whether it is there. */
const SINGLE: Record<string, [word: number, has: number]> = {
  eventno: [WORD.EVENT, 0],
  oid1: [WORD.OID1, 0],
  oid2: [WORD.OID2, 0],
  mc_channel: [WORD.CHANNEL, HAS.CHANNEL],
  mc_weight: [WORD.WEIGHT, HAS.WEIGHT],
  lb: [WORD.LB, HAS.LB],
  bcid: [WORD.BCID, HAS.BCID],
  l1psk: [WORD.L1PSK, HAS.L1PSK],
  time: [WORD.TIME, HAS.TIME],
  l1id: [WORD.L1ID, HAS.L1ID],
  hpsk: [WORD.HPSK, HAS.HPSK],
};

/** Words of an origin that a column holds, the low half first. */
const ORIGIN: Record<string, [low: number, high: number]> = {
  prov_type: [0, 0],
  prov_guid_hi: [3, 2],
  prov_guid_lo: [5, 4],
  prov_oid1: [6, 7],
  prov_oid2: [8, 9],
};

function unpackSingle(
  { words }: PackedRecords,
  places: Uint32Array,
  type: ValueType,
  word: number,
  has: number,
): ColumnData {
  const length = places.length;
  const values = new VALUE_ARRAYS[type](length);
  const valid = new Uint8Array(length);
  let missing = 0;
  const isLong = values.BYTES_PER_ELEMENT === 8;
  const cells = isLong ? new Uint32Array(values.buffer) : (values as Uint32Array);
  for (let row = 0; row < length; row++) {
    const at = places[row]!;
    if (has !== 0 && (words[at + WORD.HAS]! & has) === 0) {
      missing++;
      continue;
    }
    valid[row] = 1;
    if (isLong) {
      cells[2 * row] = words[at + word]!;
      cells[2 * row + 1] = words[at + word + 1]!;
    } else cells[row] = words[at + word]!;
  }
  return { type, length, offsets: [], values, ...(missing > 0 && { valid }) };
}

function unpackOrigins(
  { words }: PackedRecords,
  places: Uint32Array,
  type: ValueType,
  [low, high]: [number, number],
): ColumnData {
  const offsets = offsetsOf(places, (at) => words[at + WORD.HAS]! >>> 16);
  const values = new VALUE_ARRAYS[type](offsets[places.length]!);
  const isLong = values.BYTES_PER_ELEMENT === 8;
  const cells = isLong ? new Uint32Array(values.buffer) : (values as Uint8Array);
  let entry = 0;
  for (let row = 0; row < places.length; row++) {
    let at = places[row]! + WORD.REST;
    for (; entry < offsets[row + 1]!; entry++, at += ORIGIN_WORDS) {
      if (isLong) {
        cells[2 * entry] = words[at + low]!;
        cells[2 * entry + 1] = words[at + high]!;
      } else cells[entry] = words[at + low]!;
    }
  }
  return { type, length: places.length, offsets: [offsets], values };
}

function unpackBits({ words, halves }: PackedRecords, places: Uint32Array, list: number): ColumnData {
  const offsets = offsetsOf(places, (at) => halves[2 * (at + WORD.COUNTS) + list]!);
  const values = new Uint16Array(offsets[places.length]!);
  for (let row = 0; row < places.length; row++) {
    const at = places[row]!;
    const counts = 2 * (at + WORD.COUNTS);
    let from = 2 * (at + WORD.REST + (words[at + WORD.HAS]! >>> 16) * ORIGIN_WORDS);
    for (let before = 0; before < list; before++) from += halves[counts + before]!;
    const begin = offsets[row]!;
    const end = offsets[row + 1]!;
    for (let entry = begin; entry < end; entry++) values[entry] = halves[from + entry - begin]!;
  }
  return { type: 'uint16', length: places.length, offsets: [offsets], values };
}

function offsetsOf(places: Uint32Array, count: (at: number) => number): Uint32Array {
  const offsets = new Uint32Array(places.length + 1);
  for (let row = 0; row < places.length; row++) offsets[row + 1] = offsets[row]! + count(places[row]!);
  return offsets;
}
