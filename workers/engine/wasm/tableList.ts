/** Lists of a table: the loop writes items into a buffer, the host takes them out when it is full and after each batch of events. */
import type { List, Scalar } from '../../../core/expr/typedForm.ts';
import { type ColumnData, VALUE_ARRAYS } from '../../../core/schema/column.ts';
import { concatenate, slice } from '../../convert/rows.ts';
import { COLUMN_TYPES } from '../eventRows.ts';
import { I32, type Local } from './code.ts';
import { cells } from './frame.ts';
import type { Generator } from './generator.ts';
import { type RowLayout, rowLayout, storeRow } from './layout.ts';
import { walk } from './lists.ts';

/** Items that a buffer has room for. */
export const LIST_ITEMS = 8192;

/** Code that writes the items of list `k` for the event at hand. @returns how many */
export function emitItems(g: Generator, k: number, list: List): Local {
  const { code } = g;
  const layout = rowLayout(list.item, list.itemOptional);
  const cell = g.frame.cell(cells.listNext(k));
  const next = code.get(g.framePointer).mem('i32.load', cell).hold(I32);
  const end = code
    .get(g.framePointer)
    .mem('i32.load', g.frame.cell(cells.listEnd(k)))
    .hold(I32);
  const count = code.i32(0).hold(I32);
  const top = code.get(g.top).hold(I32);
  walk(g, list, (item) => {
    code.get(next).get(end).op('i32.ge_u');
    code.if(() => code.i32(k).call('host', 'takeItems', [I32], [I32]).set(next));
    storeRow(code, layout, next, item);
    code.get(next).i32(layout.size).op('i32.add').set(next);
    code.get(count).i32(1).op('i32.add').set(count);
  });
  code.get(top).set(g.top);
  code.get(g.framePointer).get(next).mem('i32.store', cell);
  return count;
}

/** Takes items out of a list's buffer, and puts them together by rows. */
export class ListReader {
  /** Of the buffer. */
  readonly bytes: number;
  private readonly layout: RowLayout;
  private readonly scalar: Scalar;
  private readonly optional: boolean;
  /** Items of the batch at hand. */
  private items: Pick<ColumnData, 'values' | 'valid'>[] = [];
  private readonly batches: ColumnData[] = [];

  constructor({ item, itemOptional }: List) {
    this.layout = rowLayout(item, itemOptional);
    this.bytes = LIST_ITEMS * this.layout.size;
    this.scalar = item.kind as Scalar;
    this.optional = itemOptional;
  }

  /** Copies the items from `start` to `end`. */
  take(memory: ArrayBufferLike, start: number, end: number): void {
    const { size, validAt = 0 } = this.layout;
    const count = (end - start) / size;
    if (count === 0) return;
    const type = COLUMN_TYPES[this.scalar];
    const values = new VALUE_ARRAYS[type](count);
    const words =
      this.scalar === 'bool' || this.scalar === 'string'
        ? new Uint32Array(memory, start, (count * size) / 4)
        : new VALUE_ARRAYS[type as 'float64'](memory, start, (count * size) / 8);
    const step = size / words.BYTES_PER_ELEMENT;
    for (let k = 0; k < count; k++) values[k] = words[k * step] as never;
    if (!this.optional) {
      this.items.push({ values });
      return;
    }
    const flags = new Uint32Array(memory, start, (count * size) / 4);
    const valid = new Uint8Array(count);
    const nothing = (type === 'int64' || type === 'uint64' ? 0n : 0) as never;
    for (let k = 0; k < count; k++) {
      valid[k] = flags[(k * size + validAt) / 4];
      if (valid[k] === 0) values[k] = nothing;
    }
    this.items.push({ values, valid });
  }

  /** The items so far are those of a batch's rows. @param limit rows that count; @param texts what interned numbers stand for, from 1 */
  endBatch(counts: Uint32Array, limit: number, texts: readonly string[]): void {
    const type = COLUMN_TYPES[this.scalar];
    const offsets = new Uint32Array(counts.length + 1);
    for (let row = 0; row < counts.length; row++) offsets[row + 1] = offsets[row] + counts[row];
    const parts = this.items.map(
      ({ values, valid }): ColumnData => ({
        type,
        length: values.length,
        offsets: [],
        // Interned numbers start at 1; a missing text has none.
        values: type === 'string' ? (values as Uint32Array).map((id) => Math.max(0, id - 1)) : values,
        ...(valid && { valid }),
        ...(type === 'string' && { dictionary: texts as string[] }),
      }),
    );
    this.items = [];
    const items = parts.length > 0 ? concatenate(parts) : noItems(type);
    this.batches.push(slice({ ...items, length: counts.length, offsets: [offsets] }, 0, limit));
  }

  result(): ColumnData {
    const type = COLUMN_TYPES[this.scalar];
    if (this.batches.length === 0) return { ...noItems(type), offsets: [new Uint32Array(1)] };
    const { valid, ...joined } = concatenate(this.batches);
    return valid?.includes(0) ? { ...joined, valid } : joined;
  }
}

function noItems(type: ColumnData['type']): ColumnData {
  return {
    type,
    length: 0,
    offsets: [],
    values: new VALUE_ARRAYS[type](0),
    ...(type === 'string' && { dictionary: [] }),
  };
}
