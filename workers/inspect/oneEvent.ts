import { type ColumnData, VALUE_ARRAYS } from '../../core/schema/column.ts';
import type { Shown } from '../eventTable.ts';

/** One event of a column: a column of length 1, in memory of its own. */
export function oneEvent(column: ColumnData, event: number): ColumnData {
  let [begin, end] = [event, event + 1];
  const offsets = column.offsets.map((level) => {
    const part = level.slice(begin, end + 1);
    const first = part[0]!;
    [begin, end] = [first, part.at(-1)!];
    return part.map((offset) => offset - first);
  });
  const Values = VALUE_ARRAYS[column.type] as Uint8ArrayConstructor;
  return {
    type: column.type,
    length: 1,
    offsets,
    // A copy: the heap that the column lies in may grow.
    values: new Values((column.values as Uint8Array).subarray(begin, end)),
    ...(column.valid && { valid: column.valid.slice(begin, end) }),
    ...(column.dictionary && { dictionary: column.dictionary }),
  };
}

/** The value of a column of length 1, for people. */
export function shownColumn(column: ColumnData): Shown {
  const { values, valid, dictionary, type, offsets } = column;
  const level = (depth: number, at: number): Shown => {
    const bounds = offsets[depth];
    if (bounds)
      return Array.from({ length: bounds[at + 1]! - bounds[at]! }, (_, k) => level(depth + 1, bounds[at]! + k));
    if (valid && !valid[at]) return null;
    const value = values[at]!;
    if (type === 'string') return dictionary![value as number]!;
    return type === 'bool' ? value !== 0 : plain(value);
  };
  return level(0, 0);
}

/** An integer that a number holds exactly is one. */
export function plain(value: number | bigint): number | bigint {
  return typeof value === 'bigint' && value === BigInt.asIntN(54, value) ? Number(value) : value;
}
