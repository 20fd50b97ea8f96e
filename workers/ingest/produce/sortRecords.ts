import type { RecordBatch } from '../../../core/catalogue/tables.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { gather, runsOf } from '../../convert/rows.ts';

/** By which records of a file are sorted, the first one first. */
const ORDER = ['eventno', 'oid1', 'oid2'] as const;
const DIGITS = 1 << 16;

/** A file's records, sorted by event number, then by their reference. */
export function sortRecords(records: RecordBatch): RecordBatch {
  const keys = ORDER.map((name) => wordsOf(records.columns.get(name)!));
  if (firstDescent(records) < 0) return records;
  const runs = runsOf(orderOf(keys, records.rows));
  return {
    rows: records.rows,
    columns: new Map([...records.columns].map(([name, column]) => [name, gather(column, runs)])),
  };
}

/**
 * The first record that should stand before the one ahead of it; −1 where there is none. Halves of numbers: comparing BigInts takes ten times as long.
 * @param before what came before the first record, if anything did
 */
export function firstDescent({ rows, columns }: RecordBatch, before?: RecordKey): number {
  if (rows === 0) return -1;
  const eventno = wordsOf(columns.get('eventno')!);
  const oid1 = wordsOf(columns.get('oid1')!);
  const oid2 = wordsOf(columns.get('oid2')!);
  if (before && precedes(keyAt(columns, 0), before)) return 0;
  for (let at = 2; at < 2 * rows; at += 2) {
    const high = eventno[at + 1]! - eventno[at - 1]!;
    if (high > 0) continue;
    const low = eventno[at]! - eventno[at - 2]!;
    if (high < 0 || low < 0) return at / 2;
    if (low > 0) continue;
    const first = oid1[at + 1]! - oid1[at - 1]! || oid1[at]! - oid1[at - 2]!;
    if (first < 0 || (first === 0 && (oid2[at + 1]! - oid2[at - 1]! || oid2[at]! - oid2[at - 2]!) < 0)) return at / 2;
  }
  return -1;
}

/** Event number, `oid1`, `oid2`. */
export type RecordKey = readonly [eventno: bigint, oid1: bigint, oid2: bigint];

export function keyAt(columns: RecordBatch['columns'], row: number): RecordKey {
  const at = (name: string) => columns.get(name)!.values[row] as bigint;
  return [at('eventno'), at('oid1'), at('oid2')];
}

function precedes(a: RecordKey, b: RecordKey): boolean {
  const differing = a.findIndex((value, k) => value !== b[k]);
  return differing >= 0 && a[differing]! < b[differing]!;
}

function wordsOf({ values }: ColumnData): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
}

/** Places of the records in their order: a radix sort from the last digit on, of which those that all records share are left out. */
function orderOf(keys: readonly Uint32Array[], rows: number): Uint32Array {
  let order = Uint32Array.from({ length: rows }, (_, row) => row);
  let next = new Uint32Array(rows);
  for (const words of keys.toReversed()) {
    for (const half of [0, 1]) {
      for (const shift of [0, 16]) {
        const starts = new Uint32Array(DIGITS + 1);
        for (let row = 0; row < rows; row++) starts[((words[2 * row + half]! >>> shift) & 0xffff) + 1]!++;
        if (starts.includes(rows)) continue;
        for (let digit = 0; digit < DIGITS; digit++) starts[digit + 1]! += starts[digit]!;
        for (let k = 0; k < rows; k++) {
          const row = order[k]!;
          next[starts[(words[2 * row + half]! >>> shift) & 0xffff]!++] = row;
        }
        [order, next] = [next, order];
      }
    }
  }
  return order;
}
