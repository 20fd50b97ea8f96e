import { compileDocument, type TableSpec } from '../../../core/analysis/compile.ts';
import type { AnalysisDocument, HistogramSpec } from '../../../core/analysis/document.ts';
import type { Program } from '../../../core/expr/typedForm.ts';
import { buildSchema } from '../../../core/schema/build.ts';
import type { ColumnData, ColumnInfo } from '../../../core/schema/column.ts';
import type { Schema } from '../../../core/schema/schema.ts';
import { drawData, type RandomData } from './arbitraryData.ts';
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

/** @throws Error naming document and errors, where the checker refuses what the generator wrote */
export function drawCase(draw: Draw): Case {
  const data = drawData(draw);
  const schema = buildSchema(data.columns);
  const { document, table } = drawDocument(draw, schema);
  return compileCase(draw, data, schema, document, table, [6, 1, 0, 12]);
}

/** As `drawCase`, of what a GPU can do: small documents, since their code takes long to compile, no table, no means, no histograms in tiles, and data that can mostly be held there. */
export function drawGpuCase(draw: Draw): Case {
  const data = drawData(draw, true);
  const schema = buildSchema(data.columns);
  const { document } = drawDocument(draw, schema, true);
  const histograms = document.histograms.map(
    ({ storage, sample, axes, ...rest }): HistogramSpec => ({
      ...rest,
      storage: storage === 'mean' ? 'weighted' : storage,
      axes: axes.filter(({ bins = 0 }) => bins < 1000),
    }),
  );
  return compileCase(draw, data, schema, { ...document, histograms }, undefined, [40, 1, 0, 80]);
}

function compileCase(
  draw: Draw,
  data: RandomData,
  schema: Schema,
  document: AnalysisDocument,
  table: TableSpec | undefined,
  sizes: number[],
): Case {
  const { program, errors } = compileDocument(document, schema, undefined, table);
  if (!program)
    throw new Error(`refused: ${JSON.stringify(errors, null, 1)}\n${JSON.stringify({ document, table }, null, 1)}`);
  const chunks = draw.times(draw.int(1, 2), () => {
    const events = draw.pick(sizes);
    const chunk = data.chunk(events);
    return { columns: program.columns.map((name) => chunk.get(name)!), events, cut: draw.int(0, events) };
  });
  return { document: { ...document, table }, program, columns: data.columns, chunks };
}
