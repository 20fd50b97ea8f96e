import { compileDocument, type TableSpec } from '../../../core/analysis/compile.ts';
import type { AnalysisDocument } from '../../../core/analysis/document.ts';
import type { Program } from '../../../core/expr/typedForm.ts';
import { buildSchema } from '../../../core/schema/build.ts';
import type { ColumnData, ColumnInfo } from '../../../core/schema/column.ts';
import { drawData } from './arbitraryData.ts';
import { drawDocument } from './arbitraryDocument.ts';
import type { Draw } from './draw.ts';

/** A document with chunks of data that it is run over. */
export interface Case {
  /** With its table, for messages. */
  document: AnalysisDocument & { table?: TableSpec };
  program: Program;
  /** All columns of the data. */
  columns: ColumnInfo[];
  /** Columns in the program's order, and where the run is cut into slices. */
  chunks: { columns: ColumnData[]; events: number; cut: number }[];
}

/**
 * @param withTable whether some documents note their events in a table
 * @throws Error naming document and errors, where the checker refuses what the generator wrote
 */
export function drawCase(draw: Draw, withTable = true): Case {
  const data = drawData(draw);
  const schema = buildSchema(data.columns);
  const drawn = drawDocument(draw, schema);
  const { document, table } = withTable ? drawn : { document: drawn.document, table: undefined };
  const { program, errors } = compileDocument(document, schema, undefined, table);
  if (!program)
    throw new Error(`refused: ${JSON.stringify(errors, null, 1)}\n${JSON.stringify({ document, table }, null, 1)}`);
  const chunks = draw.times(draw.int(1, 2), () => {
    const events = draw.pick([6, 1, 0, 12]);
    const chunk = data.chunk(events);
    return { columns: program.columns.map((name) => chunk.get(name)!), events, cut: draw.int(0, events) };
  });
  return { document: { ...document, table }, program, columns: data.columns, chunks };
}
