import type { AnalysisDocument, Dataset } from '../../core/analysis/document.ts';
import { fromPlain, LumiscopeError, toPlain } from '../../core/errors.ts';
import type { HistogramProgram, Program } from '../../core/expr/typedForm.ts';
import { NUMBERS_OF_BIN } from '../../core/hist/arrays.ts';
import type { Axis } from '../../core/hist/axis.ts';
import { binCount, type Contents, checkBins, emptyContents, isTiled } from '../../core/hist/contents.ts';
import type { EngineName, PartialResult } from '../engine/engine.ts';
import type { Compiler, KeyedProgram } from './compiler.ts';
import type { SessionFile } from './files.ts';
import { Pruner } from './prune.ts';
import { type Cutflow, type ResultCache, type Signature, signatureOf } from './resultCache.ts';
import type { Task } from './scheduler.ts';

/** What a run has to do for one data set. */
export interface DatasetJob {
  name: string;
  /** Which is to make what is not known, and which has made what is. */
  engine: EngineName;
  files: SessionFile[];
  /** The whole document, compiled for each file. */
  programs: Program[];
  /** Of the numbers of an engine. */
  signature: (engine: EngineName) => Signature;
  /** Known from earlier runs; the run fills in the rest. */
  cutflow?: Cutflow;
  histograms: (Contents | undefined)[];
  /** What has to run, for each file; none where all is known. */
  missing: KeyedProgram[];
  tasks: Task[];
  /** Programs of tasks that are `missing` cut short. */
  truncated: KeyedProgram[];
  /** Of chunks in which no event can pass some cut. */
  skipped: Skipped;
}

/** Chunks that are not read, or not all columns of which are: nothing in them passes. */
export interface Skipped {
  chunks: number;
  /** Events of those that need no task at all. */
  events: number;
}

/** @throws LumiscopeError where the document doesn't fit a file */
export function createJob(
  document: AnalysisDocument,
  dataset: Dataset,
  files: SessionFile[],
  engine: EngineName,
  compiler: Compiler,
  cache: ResultCache,
): DatasetJob {
  const compile = (what: AnalysisDocument) =>
    files.map((file, index) => compiler.compile(what, file.schema, dataset, index > 0 ? file.name : undefined));
  const whole = compile(document);
  const signature = (other: EngineName) => signatureOf(document, dataset, files, other);
  const own = signature(engine);
  const cutflow = cache.cutflow(own);
  const histograms = document.histograms.map((_, index) => cache.histogram(own, index));
  const complete = cutflow && !histograms.includes(undefined);
  const missing = complete
    ? []
    : compile({ ...document, histograms: document.histograms.filter((_, index) => !histograms[index]) });
  const work = planWork(files, complete ? whole : missing);
  const programs = whole.map(({ program }) => program);
  const known = { name: dataset.name, engine, files, programs, signature, cutflow, histograms, missing };
  return { ...known, ...(complete ? nothingOf(work) : work) };
}

/** Where all is known: only how many chunks were skipped is of interest. */
function nothingOf({ skipped }: Pick<DatasetJob, 'skipped'>): Pick<DatasetJob, 'tasks' | 'truncated' | 'skipped'> {
  return { tasks: [], truncated: [], skipped: { ...skipped, events: 0 } };
}

/** A task for each chunk that has to be read, with the whole program or as much of it as its events can reach. */
function planWork(
  files: readonly SessionFile[],
  programs: readonly KeyedProgram[],
): Pick<DatasetJob, 'tasks' | 'truncated' | 'skipped'> {
  const tasks: Task[] = [];
  const truncated = new Map<string, KeyedProgram>();
  const skipped: Skipped = { chunks: 0, events: 0 };
  const pruners = new Map<KeyedProgram, Pruner>();
  programs.forEach((whole, index) => {
    const { id, name, metadata, index: known, summary, schema } = files[index]!;
    const file = { id, name, metadata, pinned: summary.file, ...(known && { index: known }) };
    const pruner = pruners.get(whole) ?? new Pruner(whole, schema);
    pruners.set(whole, pruner);
    summary.chunks.forEach(({ begin, end, group }, chunk) => {
      const work = pruner.work(summary, chunk);
      if (work.kind !== 'whole') skipped.chunks++;
      if (work.kind === 'nothing') {
        skipped.events += end - begin;
        return;
      }
      if (work.kind === 'truncated') truncated.set(work.program.key, work.program);
      const { key, program } = work.kind === 'truncated' ? work.program : whole;
      tasks.push({ file, chunk, group, program: key, columns: program.columns });
    });
  });
  return { tasks, truncated: [...truncated.values()], skipped };
}

/** Tells events of the chunks of a job's tasks. */
export function eventCounter({ files }: Pick<DatasetJob, 'files'>): (task: Task) => number {
  const summaries = new Map(files.map(({ id, summary }) => [id, summary] as const));
  return ({ file, chunk }) => {
    const { begin, end } = summaries.get(file.id)!.chunks[chunk]!;
    return end - begin;
  };
}

/** What was known of a data set and what a run added to it, in the document's order. */
export function completeJob(job: DatasetJob, added: PartialResult): PartialResult {
  const { events, cutflow, missingWeight } = job.cutflow ?? added;
  let next = 0;
  const histograms = job.histograms.map((known) => known ?? added.histograms[next++]!);
  return { events, cutflow, missingWeight, histograms };
}

/** Bytes that the result of a program takes. */
export function resultBytes({ cuts, histograms }: Program): number {
  const ofHistogram = (one: HistogramProgram) => histogramBytes(one) ?? EXPECTED_TILE_BYTES;
  return histograms.reduce((bytes, histogram) => bytes + ofHistogram(histogram), 24 * (cuts.length + 1));
}

/** What a chunk may well fill of a histogram in tiles. */
const EXPECTED_TILE_BYTES = 16e6;

/** Undefined for a histogram in tiles: nobody knows before it is filled, and `ActiveRun` watches what it holds. */
function histogramBytes({ axes: programs, storage }: HistogramProgram): number | undefined {
  const axes = programs.map(({ axis }) => axis);
  return isTiled(axes) ? undefined : binCount(axes) * 8 * NUMBERS_OF_BIN[storage];
}

/** @throws LumiscopeError `limit` for a histogram of too many bins, or where all results take more than `budget` bytes */
export function checkResultSize(jobs: readonly DatasetJob[], budget: number): void {
  const histograms = jobs[0]?.programs[0]?.histograms ?? [];
  let bytes = 0;
  for (const histogram of histograms) {
    const place = { path: `histograms.${histogram.name}`, keys: ['histograms', histogram.name] };
    try {
      const sets: Axis[] = jobs.length > 1 ? [{ type: 'strCategory', categories: jobs.map(({ name }) => name) }] : [];
      checkBins([...sets, ...histogram.axes.map(({ axis }) => axis)]);
    } catch (error) {
      throw fromPlain({ ...toPlain(error), place });
    }
    bytes += (histogramBytes(histogram) ?? 0) * jobs.length;
    if (bytes <= budget) continue;
    const sets = jobs.length > 1 ? ` of ${jobs.length} data sets` : '';
    const message = `with this one, the histograms${sets} take more than ${Math.floor(budget / 1e6)} MB of memory`;
    throw new LumiscopeError('limit', message, { hint: 'take fewer histograms, or fewer bins on their axes', place });
  }
}

/** The result of a program over so many events of which none passes the first cut; without a weight, if there are any. */
export function emptyResult({ cuts, histograms }: Program, events = 0): PartialResult {
  const cutflow = new Float64Array(3 * (cuts.length + 1));
  return {
    events,
    cutflow: cutflow.fill(events, 0, 3),
    missingWeight: 0,
    histograms: histograms.map(emptyHistogram),
  };
}

function emptyHistogram({ axes, storage }: HistogramProgram): Contents {
  return emptyContents(
    axes.map(({ axis }) => axis),
    storage,
  );
}
