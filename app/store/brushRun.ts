/** What brushes make of a document and its result: loaded with the first brush. */
import type { Brush } from '../../core/analysis/brush.ts';
import { BrushScope } from '../../core/analysis/brushCondition.ts';
import { type Brushed, brushedDocument, brushedResult, permanent, withCuts } from '../../core/analysis/brushed.ts';
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import type { DocumentEdit } from '../../core/analysis/yaml.ts';
import type { Schema } from '../../core/schema/schema.ts';
import { instantiateLibm, type Libm } from '../../workers/engine/libm/libm.ts';
import type { RunResult } from '../../workers/session.ts';

/** What has to run, and how what comes of it, partial or complete, is a result of the document. */
export interface BrushRun {
  document: AnalysisDocument;
  result(result: RunResult): Brushed<RunResult>;
}

let libm: Promise<Libm> | undefined;
const scopes = new WeakMap<AnalysisDocument, BrushScope>();

/** What brushes have to know of a document. */
export async function brushScope(document: AnalysisDocument, schema: Schema): Promise<BrushScope> {
  libm ??= instantiateLibm(new WebAssembly.Memory({ initial: 1 }));
  const math = await libm;
  const known = scopes.get(document);
  const scope = known?.schema === schema ? known : new BrushScope(document, schema, math);
  scopes.set(document, scope);
  return scope;
}

/**
 * The run of a document under its brushes.
 * @returns the brushes, too, with their bounds on the document's axes; one on a histogram that it lacks stays as it is
 */
export async function brushRun(
  document: AnalysisDocument,
  schema: Schema,
  given: readonly Brush[],
): Promise<BrushRun & { brushes: Brush[] }> {
  const scope = await brushScope(document, schema);
  const brushes = given.flatMap((brush) => scope.settled(brush) ?? (scope.spec(brush.histogram) ? [] : brush));
  const active = scope.settle(brushes);
  return {
    brushes,
    document: brushedDocument(scope, active),
    result: (result) => brushedResult(scope, active, result),
  };
}

/** The edits that make a brush a cut. */
export async function permanentCut(document: AnalysisDocument, schema: Schema, brush: Brush): Promise<DocumentEdit[]> {
  const scope = await brushScope(document, schema);
  const settled = scope.settled(brush);
  return settled ? permanent(scope, settled) : [];
}

/** The document with its brushes as cuts. */
export async function cutByBrushes(
  document: AnalysisDocument,
  schema: Schema,
  brushes: readonly Brush[],
): Promise<AnalysisDocument> {
  const scope = await brushScope(document, schema);
  return withCuts(scope, scope.settle(brushes));
}
