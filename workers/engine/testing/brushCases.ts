/** Random documents with random brushes over random events. */

import type { Brush } from '../../../core/analysis/brush.ts';
import { BrushScope } from '../../../core/analysis/brushCondition.ts';
import { compileDocument } from '../../../core/analysis/compile.ts';
import type { AnalysisDocument } from '../../../core/analysis/document.ts';
import { isTiled } from '../../../core/hist/contents.ts';
import type { Histogram } from '../../../core/hist/histogram.ts';
import type { AxisMath } from '../../../core/hist/indexer.ts';
import { buildSchema } from '../../../core/schema/build.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import type { Schema } from '../../../core/schema/schema.ts';
import { assemble } from '../../schedule/assemble.ts';
import type { RunResult } from '../../session.ts';
import type { Engine } from '../engine.ts';
import { drawData } from './arbitraryData.ts';
import { drawDocument } from './arbitraryDocument.ts';
import type { Draw } from './draw.ts';

export interface BrushCase {
  scope: BrushScope;
  schema: Schema;
  document: AnalysisDocument;
  brushes: Brush[];
  chunk: { columns: Map<string, ColumnData>; events: number };
}

/** A document of histograms that are not in tiles, and brushes on some of them. */
export function drawBrushCase(draw: Draw, math: AxisMath): BrushCase {
  const data = drawData(draw);
  const schema = buildSchema(data.columns);
  const { document: drawn } = drawDocument(draw, schema);
  const { program } = compileDocument(drawn, schema);
  const { lumis: _, ...rest } = drawn;
  const document = {
    ...rest,
    histograms: drawn.histograms.filter((_, k) => !isTiled(program!.histograms[k]!.axes.map(({ axis }) => axis))),
  };
  const scope = new BrushScope(document, schema, math);
  const brushes = document.histograms.flatMap(({ name }) => (draw.chance(70) ? drawBrush(draw, scope, name) : []));
  const events = draw.pick([6, 12, 3]);
  return { scope, schema, document, brushes, chunk: { columns: data.chunk(events), events } };
}

/** A brush between bounds of one or two axes. */
export function drawBrush(draw: Draw, scope: BrushScope, histogram: string): Brush {
  const spec = scope.spec(histogram)!;
  const axes = [...spec.axes.keys()].sort(() => draw.int(-1, 1)).slice(0, draw.int(1, 2));
  const ranges = axes.map((axis) => {
    const { bounds } = scope.fineAxis(spec.axes[axis]!, axes.length > 1);
    const from = draw.int(0, bounds.length - 2);
    return { axis, from: bounds[from]!, to: bounds[draw.int(from + 1, bounds.length - 1)]! };
  });
  return scope.settled({ histogram, ranges })!;
}

/** What a session would make of a document over one chunk; undefined where the document is more than the language takes. */
export async function runOver(
  engine: Engine,
  document: AnalysisDocument,
  { schema, chunk }: Pick<BrushCase, 'schema' | 'chunk'>,
  begin = 0,
  end = chunk.events,
): Promise<RunResult | undefined> {
  const { program, errors } = compileDocument(document, schema);
  if (!program) {
    if (errors.every(({ message }) => /longer than|more than|too deeply/.test(message))) return undefined;
    throw new Error(`refused: ${JSON.stringify(errors, null, 1)}\n${JSON.stringify(document.define, null, 1)}`);
  }
  const run = (await engine.prepare(program)).start(program.columns.map((name) => chunk.columns.get(name)!));
  run.run(begin, end);
  try {
    const parts = assemble([{ name: 'd', files: [], program, numbers: run.result() }]);
    return parts as unknown as RunResult;
  } finally {
    run.release();
  }
}

/** Bins of two histograms that hold the same but for the order of sums. */
export function sameBins(actual: Histogram, wanted: Histogram, relative = 1e-9): boolean {
  const near = (a: Float64Array | undefined, b: Float64Array | undefined, scale: Float64Array | undefined) =>
    a === b ||
    (a?.length === b?.length &&
      a!.every((x, k) => {
        const y = b![k]!;
        return (
          Object.is(x + 0, y + 0) || Math.abs(x - y) <= relative * (scale ? Math.sqrt(scale[k]! * 64) : Math.abs(y))
        );
      }));
  return near(actual.values, wanted.values, wanted.variances) && near(actual.variances, wanted.variances, undefined);
}
