import type { List, Scalar, TableProgram } from '../../../core/expr/typedForm.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { COLUMN_TYPES, type EventRows, type RowColumn, valuesOf } from '../eventRows.ts';
import type { Interpreter } from './interpreter.ts';
import type { Value } from './values.ts';

/** The rows of a table, event by event. */
export class ReferenceTable {
  private readonly program: TableProgram;
  private readonly events: number[] = [];
  private readonly rows: Value[][] = [];
  /** Of each row, the items of each list. */
  private readonly items: Value[][][] = [];

  constructor(program: TableProgram) {
    this.program = program;
  }

  /** Adds an event that passed all cuts. */
  add(event: number, interpreter: Interpreter): void {
    if (this.events.length >= this.program.limit) return;
    this.events.push(event);
    this.rows.push(this.program.values.map((value) => interpreter.expr(value, undefined)));
    this.items.push((this.program.lists ?? []).map((list) => interpreter.list(list, undefined)));
  }

  result(): EventRows {
    const columns = this.program.values.map(({ type }, k) =>
      columnOf(
        type.kind as Scalar,
        this.rows.map((row) => row[k]),
      ),
    );
    const lists = this.program.lists?.map((list, k) =>
      listOf(
        list,
        this.items.map((row) => row[k]!),
      ),
    );
    return { event: Uint32Array.from(this.events), columns, ...(lists && { lists }) };
  }
}

function listOf({ item }: List, rows: Value[][]): ColumnData {
  const { values, valid, dictionary } = columnOf(item.kind as Scalar, rows.flat());
  const offsets = new Uint32Array(rows.length + 1);
  rows.forEach((row, k) => {
    offsets[k + 1] = offsets[k]! + row.length;
  });
  return {
    type: COLUMN_TYPES[item.kind as Scalar],
    length: rows.length,
    offsets: [offsets],
    values: item.kind === 'bool' ? Uint8Array.from(values as Float64Array) : values,
    ...(valid && { valid }),
    ...(dictionary && { dictionary }),
  };
}

function columnOf(type: Scalar, cells: Value[]): RowColumn {
  const values = valuesOf(type, cells.length);
  const dictionary: string[] = [];
  cells.forEach((cell, row) => {
    if (cell === undefined) return;
    if (type === 'string' && !dictionary.includes(cell as string)) dictionary.push(cell as string);
    values[row] =
      type === 'string' ? dictionary.indexOf(cell as string) : type === 'bool' ? Number(cell) : (cell as number);
  });
  return {
    type,
    values,
    ...(cells.includes(undefined) && { valid: Uint8Array.from(cells, (cell) => (cell === undefined ? 0 : 1)) }),
    ...(type === 'string' && { dictionary }),
  };
}
