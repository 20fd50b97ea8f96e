import { type ColumnData, VALUE_ARRAYS, type Values, type ValueType } from '../../core/schema/column.ts';
import type { EventRows } from '../engine/eventRows.ts';
import { otherItems } from './errors.ts';
import type { KeptItems } from './rows.ts';

/** The items of one collection in the rows that are kept, and which of them stay. */
interface Thinned {
  /** Of all items of these rows. */
  offsets: Uint32Array;
  mask: Uint8Array;
  /** Of those that stay. */
  keptOffsets: Uint32Array;
  /** Among the chunk's items; found with the first column, which tells where they begin. */
  kept?: KeptItems & { source: Uint32Array };
}

/** Collections of which items are left out, by masks that the table noted. */
export class ThinnedCollections {
  readonly #events: Uint32Array;
  readonly #collections = new Map<string, Thinned>();

  constructor(table: EventRows, masks: readonly { collection: string; list: number }[]) {
    this.#events = table.event;
    for (const { collection, list } of masks) {
      const { offsets, values, valid } = table.lists![list]!;
      const [bounds] = offsets as [Uint32Array];
      // A mask that is missing does not hold: its value is 0.
      const mask = values as Uint8Array;
      const keptOffsets = new Uint32Array(bounds.length);
      for (let row = 0; row + 1 < bounds.length; row++) {
        let count = 0;
        for (let i = bounds[row]!; i < bounds[row + 1]!; i++) count += valid && !valid[i] ? 0 : mask[i]!;
        keptOffsets[row + 1] = keptOffsets[row]! + count;
      }
      this.#collections.set(collection, { offsets: bounds, mask, keptOffsets });
    }
  }

  /** How many items each row keeps. */
  counts(collection: string, type: ValueType): Values {
    const { keptOffsets } = this.#of(collection);
    const counts = new VALUE_ARRAYS[type](keptOffsets.length - 1);
    for (let row = 0; row < counts.length; row++) {
      const count = keptOffsets[row + 1]! - keptOffsets[row]!;
      counts[row] = (type === 'int64' || type === 'uint64' ? BigInt(count) : count) as never;
    }
    return counts;
  }

  /** A column that counted all items, as one of those that stay. @throws LumiscopeError `format` where it counted something else */
  recount(collection: string, counts: ColumnData, name: string): ColumnData {
    const { offsets } = this.#of(collection);
    for (let row = 0; row < counts.length; row++) {
      if (Number(counts.values[row]) !== offsets[row + 1]! - offsets[row]!) throw otherItems(name, collection);
    }
    return { ...counts, values: this.counts(collection, counts.type) };
  }

  /** The items that stay, in a column of the chunk. @throws LumiscopeError `format` where the column has others than the collection */
  items(collection: string, column: ColumnData, name: string): KeptItems {
    const thinned = this.#of(collection);
    const [source] = column.offsets as [Uint32Array];
    if (thinned.kept) {
      if (!equal(thinned.kept.source, source)) throw otherItems(name, collection);
      return thinned.kept;
    }
    const { offsets, mask, keptOffsets } = thinned;
    const runs: number[] = [];
    for (const [row, event] of this.#events.entries()) {
      const shift = source[event]! - offsets[row]!;
      if (source[event + 1]! - source[event]! !== offsets[row + 1]! - offsets[row]!) throw otherItems(name, collection);
      for (let i = offsets[row]!; i < offsets[row + 1]!; i++) {
        if (!mask[i]) continue;
        if (runs.at(-1) === i + shift && runs.length > 0) runs[runs.length - 1] = i + shift + 1;
        else runs.push(i + shift, i + shift + 1);
      }
    }
    thinned.kept = { offsets: keptOffsets, items: Uint32Array.from(runs), source: source.slice() };
    return thinned.kept;
  }

  /** Indices into a collection as indices into what is left of it; −1 where the item is gone, or there was none. */
  pointInto(collection: string, indices: ColumnData): ColumnData {
    const { offsets, mask } = this.#of(collection);
    const places = new Int32Array(mask.length);
    for (let row = 0; row + 1 < offsets.length; row++) {
      let next = 0;
      for (let i = offsets[row]!; i < offsets[row + 1]!; i++) places[i] = mask[i] ? next++ : -1;
    }
    const [bounds] = indices.offsets as [Uint32Array];
    const big = indices.type === 'int64' || indices.type === 'uint64';
    const values = indices.values.slice() as Int32Array;
    for (let row = 0; row + 1 < bounds.length; row++) {
      const first = offsets[row]!;
      const count = offsets[row + 1]! - first;
      for (let i = bounds[row]!; i < bounds[row + 1]!; i++) {
        if (indices.valid && !indices.valid[i]) continue;
        const index = Number(values[i]);
        const place = index >= 0 && index < count ? places[first + index]! : -1;
        values[i] = (big ? BigInt(place) : place) as never;
      }
    }
    return { ...indices, values };
  }

  #of(collection: string): Thinned {
    const found = this.#collections.get(collection);
    if (!found) throw new TypeError(`no mask of ${collection}`);
    return found;
  }
}

function equal(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
