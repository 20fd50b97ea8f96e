/** One chunk of columns, read value by value as the typed form sees them. */

import { LumiscopeError } from '../../../core/errors.ts';
import type { Program } from '../../../core/expr/typedForm.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import type { Value } from './values.ts';

/** The columns of a chunk by name, and the sizes of its collections. */
export class ReferenceChunk {
  readonly events: number;
  private readonly columns = new Map<string, ColumnData>();
  /** Offsets of each collection. */
  private readonly collections = new Map<string, Uint32Array>();

  /** @throws LumiscopeError `format` where columns of one collection differ in their offsets */
  constructor(program: Program, columns: ColumnData[]) {
    this.events = columns[0]?.length ?? 0;
    program.columns.forEach((name, k) => {
      const column = columns[k];
      if (!column) throw new TypeError(`no data for column ${name}`);
      if (column.length !== this.events)
        throw new TypeError(`column ${name} has ${column.length} events, not ${this.events}`);
      this.columns.set(name, column);
    });
    for (const { name, columns: members } of program.collections) {
      const [first, ...others] = members;
      const offsets = this.offsets(first!);
      for (const other of others) {
        const mine = this.offsets(other);
        if (mine.length !== offsets.length || mine.some((offset, k) => offset !== offsets[k])) {
          throw new LumiscopeError(
            'format',
            `columns ${first} and ${other} of ${name} have different numbers of items`,
            {
              hint: 'the file is inconsistent: leave out one of the two columns',
              place: { column: other },
            },
          );
        }
      }
      this.collections.set(name, offsets);
    }
  }

  private column(name: string): ColumnData {
    const column = this.columns.get(name);
    if (!column) throw new TypeError(`the program reads column ${name} without listing it`);
    return column;
  }

  private offsets(name: string): Uint32Array {
    const { offsets } = this.column(name);
    if (offsets.length !== 1) throw new TypeError(`column ${name} is not a list an event`);
    return offsets[0]!;
  }

  /** Number of items of a collection in an event. */
  size(collection: string, event: number): number {
    const offsets = this.collections.get(collection);
    if (!offsets) throw new TypeError(`the program reads collection ${collection} without listing it`);
    return offsets[event + 1]! - offsets[event]!;
  }

  /** A flat column's value. */
  flat(name: string, event: number): Value {
    return widened(this.column(name), event);
  }

  /** A jagged column's value at an item. */
  field(name: string, event: number, index: number): Value {
    const offsets = this.offsets(name);
    const place = offsets[event]! + index;
    if (index < 0 || place >= offsets[event + 1]!)
      throw new TypeError(`item ${index} of ${name} is out of range in event ${event}`);
    return widened(this.column(name), place);
  }
}

/** Integers as bigints (uint64 as it is), floats as numbers, strings by the dictionary, missing as undefined. */
function widened(column: ColumnData, place: number): Value {
  if (column.valid && !column.valid[place]) return undefined;
  const value = column.values[place]!;
  switch (column.type) {
    case 'bool':
      return value !== 0;
    case 'string':
      return column.dictionary![value as number];
    case 'float32':
    case 'float64':
      return value as number;
    default:
      return BigInt(value);
  }
}
