import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { LumiscopeError, toPlain } from '../../core/errors.ts';
import type { HistogramProgram, Program } from '../../core/expr/typedForm.ts';
import { createHistogram } from '../../core/hist/contents.ts';
import type { EngineName, PartialHistogram, PartialResult } from '../engine/engine.ts';
import type { Compiler, KeyedProgram } from './compiler.ts';
import type { SessionFile } from './files.ts';
import { type Cutflow, type ResultCache, type Signature, signatureOf } from './resultCache.ts';
import type { Task } from './scheduler.ts';

/** What a run has to do for one data set. */
export interface DatasetJob {
  name: string;
  files: SessionFile[];
  /** The whole document, compiled for each file. */
  programs: Program[];
  signature: Signature;
  /** Known from earlier runs; the run fills in the rest. */
  cutflow?: Cutflow;
  histograms: (PartialHistogram | undefined)[];
  /** What has to run, for each file; none where all is known. */
  missing: KeyedProgram[];
  tasks: Task[];
}

/** @throws LumiscopeError where the document doesn't fit a file */
export function createJob(
  document: AnalysisDocument,
  name: string,
  files: SessionFile[],
  engine: EngineName,
  compiler: Compiler,
  cache: ResultCache,
): DatasetJob {
  const compile = (what: AnalysisDocument) =>
    files.map((file, index) => compiler.compile(what, file.schema, index > 0 ? file.name : undefined));
  const programs = compile(document).map(({ program }) => program);
  const signature = signatureOf(document, files, engine);
  const cutflow = cache.cutflow(signature);
  const histograms = document.histograms.map((_, index) => cache.histogram(signature, index));
  const complete = cutflow && !histograms.includes(undefined);
  const missing = complete
    ? []
    : compile({ ...document, histograms: document.histograms.filter((_, index) => !histograms[index]) });
  const tasks = missing.flatMap(({ key, program }, index) => {
    const { id, name: fileName, metadata, summary } = files[index]!;
    const file = { id, name: fileName, metadata, pinned: summary.file };
    return summary.chunks.map(({ group }, chunk) => ({ file, chunk, group, program: key, columns: program.columns }));
  });
  return { name, files, programs, signature, cutflow, histograms, missing, tasks };
}

/** What was known of a data set and what a run added to it, in the document's order. */
export function completeJob(job: DatasetJob, added: PartialResult): PartialResult {
  const { events, cutflow, missingWeight } = job.cutflow ?? added;
  let next = 0;
  const histograms = job.histograms.map((known) => known ?? added.histograms[next++]!);
  return { events, cutflow, missingWeight, histograms };
}

/**
 * The result of a program over no event.
 * @throws LumiscopeError `limit` for a histogram of too many bins
 */
export function emptyResult(program: Program): PartialResult {
  return {
    events: 0,
    cutflow: new Float64Array(3 * (program.cuts.length + 1)),
    missingWeight: 0,
    histograms: program.histograms.map(emptyHistogram),
  };
}

function emptyHistogram({ name, axes, storage }: HistogramProgram): PartialHistogram {
  try {
    return createHistogram(
      axes.map(({ axis }) => axis),
      storage,
    );
  } catch (error) {
    const { tag, message, hint } = toPlain(error);
    throw new LumiscopeError(tag, message, { hint, place: { path: `histograms.${name}`, keys: ['histograms', name] } });
  }
}
