/**
 * Lists of bits as an object stores them: chain by chain instead of event by event. A chain fires in records that are about as far apart everywhere, so that differences take few bits; and of those
 * that fired before prescale, all or none of a chain's are left after it, as a rule.
 */
import type { ColumnData } from '../../../core/schema/column.ts';
import type { WrittenColumn } from '../../formats/parquet/write/types.ts';
import { BITS_OF_LEVEL } from './recordsDigest.ts';

/** Columns of bits. */
export const BIT_COLUMNS: readonly string[] = Object.values(BITS_OF_LEVEL).flat();
/** Lists that hold, as a rule, some of those of another one. */
const PART_OF: Readonly<Record<string, string>> = { tap: 'tbp', tav: 'tap' };

/** `bit × 65,536 + record`, ascending, where records count from 0 in their row group: all of them stand in its first record. */
export const hitsName = (name: string) => `${name}_hits`;
/** For each hit of the other list, whether this one has it too. */
export const flagsName = (name: string) => (PART_OF[name] === undefined ? undefined : `${name}_of_${PART_OF[name]}`);

/** The columns that may stand for a column of bits. */
export function packedColumns(name: string): WrittenColumn[] {
  const list = { depth: 1, nullable: false } as const;
  const flags = flagsName(name);
  return [
    { name: hitsName(name), type: 'uint32', ...list, encoding: 'DELTA_BINARY_PACKED' },
    ...(flags === undefined ? [] : [{ name: flags, type: 'bool', ...list } as const]),
  ];
}

/** The column of bits that a stored column belongs to. */
export const BITS_OF_PACKED: ReadonlyMap<string, string> = new Map(
  BIT_COLUMNS.flatMap((name) => packedColumns(name).map((column) => [column.name, name])),
);

/** Columns of bits that have to be read for some: those that they are a part of, too. */
export function withWholes(names: readonly string[]): Set<string> {
  const all = new Set(names);
  for (const name of all) if (PART_OF[name] !== undefined) all.add(PART_OF[name]);
  return all;
}

/** The first bit that does not ascend within its record, or is none of so many; undefined where all do. */
export function firstBadBit(
  { length, offsets, values }: ColumnData,
  bits: number,
): { row: number; bit: number } | undefined {
  const [ends] = offsets as [Uint32Array];
  for (let row = 0; row < length; row++) {
    let before = -1;
    for (let at = ends[row]!; at < ends[row + 1]!; at++) {
      const bit = values[at] as number;
      if (bit <= before || bit >= bits) return { row, bit };
      before = bit;
    }
  }
  return undefined;
}

/**
 * Columns of bits of a row group, as they are stored.
 * @param rows 65,536 at most
 * @param bits by name; lists ascend
 */
export function packBits(rows: number, bits: ReadonlyMap<string, ColumnData>): Map<string, ColumnData> {
  const packed = new Map<string, ColumnData>();
  const hits = new Map([...bits].map(([name, column]) => [name, hitsOf(column)]));
  for (const [name, own] of hits) {
    const all = hits.get(PART_OF[name] ?? '');
    const among = all && flagsAmong(all, own);
    packed.set(hitsName(name), inFirst(rows, 'uint32', among ? new Uint32Array(0) : own));
    const flags = flagsName(name);
    if (flags !== undefined) packed.set(flags, inFirst(rows, 'bool', among ?? new Uint8Array(0)));
  }
  return packed;
}

/**
 * The opposite: lists of bits of a row group, each below `bits`.
 * @param wanted names of columns of bits
 * @throws Error that says what is wrong
 */
export function unpackBits(
  rows: number,
  packed: ReadonlyMap<string, ColumnData>,
  wanted: readonly string[],
  bits: (name: string) => number,
): Map<string, ColumnData> {
  const known = new Map<string, Uint32Array>();
  const hits = (name: string): Uint32Array => {
    const before = known.get(name);
    if (before) return before;
    const own = firstOf(packed, hitsName(name)) as Uint32Array;
    const flags = firstOf(packed, flagsName(name) ?? '') as Uint8Array;
    const found = flags.length > 0 ? picked(name, hits(PART_OF[name]!), flags, own) : own;
    known.set(name, found);
    return found;
  };
  return new Map(wanted.map((name) => [name, listsOf(name, rows, hits(name), bits(name))]));
}

/** Sorts bits by chain, then record. */
function hitsOf({ length, offsets, values }: ColumnData): Uint32Array {
  const [ends] = offsets as [Uint32Array];
  const bits = values as Uint16Array;
  let most = 0;
  for (let i = 0; i < bits.length; i++) if (bits[i]! > most) most = bits[i]!;
  const starts = new Uint32Array(most + 2);
  for (let i = 0; i < bits.length; i++) starts[bits[i]! + 1]!++;
  for (let bit = 0; bit <= most; bit++) starts[bit + 1]! += starts[bit]!;
  const hits = new Uint32Array(bits.length);
  for (let row = 0; row < length; row++)
    for (let at = ends[row]!; at < ends[row + 1]!; at++) {
      const bit = bits[at]!;
      hits[starts[bit]!++] = bit * 0x10000 + row;
    }
  return hits;
}

/** Which of `all` are among `some`; undefined where some are not among them, or there are none. */
function flagsAmong(all: Uint32Array, some: Uint32Array): Uint8Array | undefined {
  if (some.length === 0) return undefined;
  const flags = new Uint8Array(all.length);
  let next = 0;
  for (let i = 0; i < all.length && next < some.length; i++) {
    if (all[i] !== some[next]) continue;
    flags[i] = 1;
    next++;
  }
  return next === some.length ? flags : undefined;
}

function inFirst(rows: number, type: 'uint32' | 'bool', values: Uint32Array | Uint8Array): ColumnData {
  return { type, length: rows, offsets: [new Uint32Array(rows + 1).fill(values.length, 1)], values };
}

function firstOf(packed: ReadonlyMap<string, ColumnData>, name: string): ColumnData['values'] {
  const column = packed.get(name);
  if (!column) return new Uint32Array(0);
  if (column.valid) throw new Error(`${name} lacks values`);
  if (column.offsets[0]![1] !== column.values.length) throw new Error(`${name} stands in other records than the first`);
  return column.values;
}

function picked(name: string, all: Uint32Array, flags: Uint8Array, own: Uint32Array): Uint32Array {
  if (own.length > 0 || flags.length !== all.length)
    throw new Error(`${flagsName(name)} does not go with its other list`);
  let count = 0;
  for (let i = 0; i < flags.length; i++) count += flags[i]! & 1;
  // One more: those that are not picked are written too, and written over.
  const found = new Uint32Array(count + 1);
  for (let i = 0, at = 0; i < flags.length; i++) {
    found[at] = all[i]!;
    at += flags[i]! & 1;
  }
  return found.subarray(0, count);
}

function listsOf(name: string, rows: number, hits: Uint32Array, bits: number): ColumnData {
  const last = hits.at(-1);
  if (last !== undefined && last >>> 16 >= bits)
    throw new Error(`${hitsName(name)} has bit ${last >>> 16}, which no chain has`);
  const offsets = new Uint32Array(rows + 1);
  let before = hits[0] ?? 0;
  for (let i = 0; i < hits.length; i++) {
    const hit = hits[i]!;
    const row = hit & 0xffff;
    if ((hit <= before && i > 0) || row >= rows)
      throw new Error(`${hitsName(name)} does not ascend, or goes beyond the last record`);
    before = hit;
    offsets[row + 1]!++;
  }
  for (let row = 0; row < rows; row++) offsets[row + 1]! += offsets[row]!;
  const next = offsets.slice(0, rows);
  const values = new Uint16Array(hits.length);
  for (let i = 0; i < hits.length; i++) {
    const hit = hits[i]!;
    values[next[hit & 0xffff]!++] = hit >>> 16;
  }
  return { type: 'uint16', length: rows, offsets: [offsets], values };
}
