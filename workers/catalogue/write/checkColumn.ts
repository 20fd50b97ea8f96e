import type { Column } from '../../../core/catalogue/tables.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import { type ColumnData, VALUE_ARRAYS } from '../../../core/schema/column.ts';

/**
 * A column that was given, if it is what its table asks for. One that may be missing in part may be left out: it is then missing, or of empty lists.
 * @throws LumiscopeError `document`
 */
export function checkColumn(
  { name, type, depth, nullable }: Column,
  given: ColumnData | undefined,
  rows: number,
  what: string,
): ColumnData {
  const wrong = (problem: string) => new LumiscopeError('document', `column ${name} of ${what} ${problem}`);
  if (!given) {
    if (depth === 0 && !nullable) throw wrong('is not there');
    return depth > 0
      ? { type, length: rows, offsets: [new Uint32Array(rows + 1)], values: new VALUE_ARRAYS[type](0) }
      : { type, length: rows, offsets: [], values: new VALUE_ARRAYS[type](rows), valid: new Uint8Array(rows) };
  }
  if (given.type !== type) throw wrong(`is of type ${given.type}, not ${type}`);
  if (given.offsets.length !== depth) throw wrong(depth > 0 ? 'has no lists' : 'has lists');
  if (given.length !== rows) throw wrong(`has ${given.length} rows, not ${rows}`);
  if (!nullable && given.valid?.includes(0)) throw wrong('has missing values');
  return given;
}
