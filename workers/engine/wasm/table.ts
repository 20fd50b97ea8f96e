/** A table of events: the loop writes rows into a buffer of the heap, the host takes them out after each batch of events. */
import { tableRoots } from '../../../core/analysis/needed.ts';
import type { Scalar, TableProgram } from '../../../core/expr/typedForm.ts';
import { type EventRows, RowCollector, type RowColumn, valuesOf } from '../eventRows.ts';
import { I32 } from './code.ts';
import { cells } from './frame.ts';
import type { Generator } from './generator.ts';
import { emitItems, ListReader } from './tableList.ts';

export { ListReader };

/** Events that the loop runs over at a time: the buffer has a row for each. */
export const TABLE_BATCH = 16384;

/** Where the parts of the buffer lie, in bytes from its start. */
export interface TableLayout {
  bytes: number;
  /** Of each value: its array, and that of the flags that say whether it is there. */
  columns: { type: Scalar; values: number; valid?: number }[];
  /** Of each list: the array with the number of its items. */
  counts: number[];
}

/** The buffer of a table: positions of events first (i32), then an array for each value. */
export function tableLayout({ values, lists = [] }: TableProgram): TableLayout {
  let bytes = 4 * TABLE_BATCH;
  const take = (size: number) => {
    const at = bytes;
    bytes += size * TABLE_BATCH;
    return at;
  };
  const columns = values.map(({ type, optional }) => ({
    type: type.kind as Scalar,
    values: take(type.kind === 'string' ? 4 : 8),
    ...(optional && { valid: take(4) }),
  }));
  const counts = lists.map(() => take(4));
  return { bytes, columns, counts };
}

/** Code that writes one row for the event at hand. */
export function emitRow(g: Generator, table: TableProgram): void {
  const { code } = g;
  const { columns, counts } = tableLayout(table);
  const count = g.frame.cell(cells.tableRows);
  g.prepareEvent(tableRoots(table));
  code.recycled(() => {
    const buffer = g.pointer(cells.table);
    const row = code.get(g.framePointer).mem('i32.load', count).hold(I32);
    const at4 = code.get(row).i32(2).op('i32.shl').get(buffer).op('i32.add').hold(I32);
    const at8 = code.get(row).i32(3).op('i32.shl').get(buffer).op('i32.add').hold(I32);
    code.get(at4).get(g.event).mem('i32.store');
    for (const [k, { type, values, valid }] of columns.entries()) {
      const held = g.value(table.values[k]);
      const [slot] = held.slots;
      if (type === 'string') code.get(at4).get(slot).mem('i32.store', values);
      else if (type === 'bool') code.get(at8).get(slot).op('f64.convert_i32_u').mem('f64.store', values);
      else
        code
          .get(at8)
          .get(slot)
          .mem(type === 'float' ? 'f64.store' : 'i64.store', values);
      if (valid === undefined) continue;
      code.get(at4);
      if (held.valid) code.get(held.valid);
      else code.i32(1);
      code.mem('i32.store', valid);
    }
    for (const [k, list] of (table.lists ?? []).entries()) {
      const items = emitItems(g, k, list);
      code.get(at4).get(items).mem('i32.store', counts[k]);
    }
    code.get(g.framePointer).get(row).i32(1).op('i32.add').mem('i32.store', count);
  });
}

/** Takes rows out of the buffer after each batch. */
export class TableReader {
  private readonly layout: TableLayout;
  private readonly limit: number;
  private readonly collector: RowCollector;
  private readonly lists: ListReader[];

  constructor(table: TableProgram, lists: ListReader[]) {
    this.lists = lists;
    this.layout = tableLayout(table);
    this.limit = table.limit;
    this.collector = new RowCollector(this.layout.columns.map(({ type }) => type));
  }

  /** @param texts what interned numbers stand for, from 1 */
  take(memory: ArrayBufferLike, at: number, rows: number, texts: readonly string[]): void {
    const count = Math.min(rows, this.limit - this.collector.rows);
    for (const [k, list] of this.lists.entries())
      list.endBatch(new Uint32Array(memory, at + this.layout.counts[k], rows), count, texts);
    if (count === 0) return;
    const columns = this.layout.columns.map(({ type, values, valid }): RowColumn => {
      const flags = valid === undefined ? undefined : new Uint32Array(memory, at + valid, count);
      const there = flags?.includes(0) ? Uint8Array.from(flags) : undefined;
      const read = arrayOf(type, memory, at + values, count);
      there?.forEach((flag, row) => {
        if (!flag) read[row] = typeof read[row] === 'bigint' ? 0n : 0;
      });
      return {
        type,
        // Interned numbers start at 1.
        values: type === 'string' ? (read as Uint32Array).map((id) => Math.max(0, id - 1)) : read,
        ...(there && { valid: there }),
        ...(type === 'string' && { dictionary: texts as string[] }),
      };
    });
    this.collector.add({ event: new Uint32Array(memory, at, count).slice(), columns });
  }

  result(): EventRows {
    const rows = this.collector.all();
    return this.lists.length > 0 ? { ...rows, lists: this.lists.map((list) => list.result()) } : rows;
  }
}

/** A copy of `count` values at an address. */
function arrayOf(type: Scalar, memory: ArrayBufferLike, at: number, count: number): RowColumn['values'] {
  const values = valuesOf(type, count);
  new Uint8Array(values.buffer).set(new Uint8Array(memory, at, values.byteLength));
  return values;
}
