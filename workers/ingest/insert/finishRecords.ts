import { parseGuid } from '../../../core/catalogue/eventKey.ts';
import type { RecordBatch } from '../../../core/catalogue/tables.ts';
import type { Validation } from '../../../core/ingest/validation.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { BITS_OF_LEVEL } from '../produce/recordsDigest.ts';
import { TRIGGER_LEVELS, type TriggerLevel } from './datasetMenu.ts';
import { mapped } from './readObjects.ts';

/** What sorted records lack of those of a catalogue. */
export interface FinishOptions {
  references: Validation['references'];
  fileNumbers: Int32Array;
  tid: number;
  /** Of each data type of provenance. */
  dstypeids: Int16Array;
  /** The bit of each chain, where chains were numbered by themselves. */
  bits: Partial<Record<TriggerLevel, Uint16Array>>;
}

/** @returns makes records as `PartWriter` takes them from sorted ones, batch by batch */
export function recordFinisher({ references, fileNumbers, tid, dstypeids, bits }: FinishOptions) {
  const guids = references.map(({ guid }) => parseGuid(guid)!);
  const high = BigUint64Array.from(guids, ({ hi }) => hi);
  const low = BigUint64Array.from(guids, ({ lo }) => lo);
  return ({ rows, columns }: RecordBatch): RecordBatch => {
    const own = new Map(columns);
    const source = columns.get('source')!.values as Int32Array;
    const flat = (name: string, type: ColumnData['type'], values: ColumnData['values']) =>
      own.set(name, { type, length: rows, offsets: [], values });
    flat('tid', 'int64', new BigInt64Array(rows).fill(BigInt(tid)));
    const file = new Int32Array(rows);
    for (let row = 0; row < rows; row++) file[row] = fileNumbers[source[row]!]!;
    flat('file', 'int32', file);
    flat('guid_hi', 'uint64', pickWide(high, source));
    flat('guid_lo', 'uint64', pickWide(low, source));
    const types = columns.get('prov_type');
    if (types) {
      const values = new Int16Array(types.values.length);
      for (let i = 0; i < values.length; i++) values[i] = dstypeids[types.values[i] as number]!;
      own.set('prov_dstypeid', { type: 'int16', length: rows, offsets: types.offsets, values });
    }
    for (const level of TRIGGER_LEVELS) {
      const table = bits[level];
      if (!table) continue;
      for (const name of BITS_OF_LEVEL[level]) {
        const column = own.get(name);
        if (column) own.set(name, sortedLists(mapped(column, table)));
      }
    }
    own.delete('source');
    own.delete('prov_type');
    return { rows, columns: own };
  };
}

/** Halves of numbers: reading BigInts makes one of each. */
function pickWide(table: BigUint64Array, index: Int32Array): BigUint64Array<ArrayBuffer> {
  const from = new Uint32Array(table.buffer, table.byteOffset, 2 * table.length);
  const picked = new BigUint64Array(index.length);
  const into = new Uint32Array(picked.buffer);
  for (let row = 0; row < index.length; row++) {
    into[2 * row] = from[2 * index[row]!]!;
    into[2 * row + 1] = from[2 * index[row]! + 1]!;
  }
  return picked;
}

/** Bits of a list ascend; lists are short and nearly sorted. */
function sortedLists(column: ColumnData): ColumnData {
  const values = column.values as Uint16Array;
  const [offsets] = column.offsets as [Uint32Array];
  for (let row = 0; row < column.length; row++) {
    const from = offsets[row]!;
    for (let i = from + 1; i < offsets[row + 1]!; i++) {
      const value = values[i]!;
      let at = i;
      for (; at > from && values[at - 1]! > value; at--) values[at] = values[at - 1]!;
      values[at] = value;
    }
  }
  return column;
}
