import type { Scalar, TableProgram } from '../../../core/expr/typedForm.ts';
import { type EventRows, type RowColumn, valuesOf } from '../eventRows.ts';
import type { Interpreter } from './interpreter.ts';
import type { Value } from './values.ts';

/** The rows of a table, event by event. */
export class ReferenceTable {
  private readonly program: TableProgram;
  private readonly events: number[] = [];
  private readonly rows: Value[][] = [];

  constructor(program: TableProgram) {
    this.program = program;
  }

  /** Adds an event that passed all cuts. */
  add(event: number, interpreter: Interpreter): void {
    if (this.events.length >= this.program.limit) return;
    this.events.push(event);
    this.rows.push(this.program.values.map((value) => interpreter.expr(value, undefined)));
  }

  result(): EventRows {
    const columns = this.program.values.map(({ type }, k) =>
      columnOf(
        type.kind as Scalar,
        this.rows.map((row) => row[k]),
      ),
    );
    return { event: Uint32Array.from(this.events), columns };
  }
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
