/** Saving a data set as one Parquet file: chunks on the pool, rows put together in chunk order, row groups written as they are full. */

import type { AnalysisDocument, Dataset } from '../../core/analysis/document.ts';
import { documentHash } from '../../core/analysis/link.ts';
import { type SaveChoice, type SavedSelection, savedSelection } from '../../core/analysis/saved.ts';
import { LumiscopeError } from '../../core/errors.ts';
import type { Program } from '../../core/expr/typedForm.ts';
import type { ColumnData } from '../../core/schema/column.ts';
import type { Schema } from '../../core/schema/schema.ts';
import { VERSION } from '../../core/version.ts';
import { type ByteSink, ParquetWriter } from '../formats/parquet/write/parquetWriter.ts';
import type { EncodedGroup } from '../formats/parquet/write/rowGroup.ts';
import type { Codec } from '../formats/parquet/write/types.ts';
import { cancelled } from '../io/errors.ts';
import type { SavedCodec, SaveOptions, SavePlan, SaveResult, SaveSink } from '../savedFile.ts';
import { branchTrouble } from '../schedule/branches.ts';
import type { Compiler, KeyedProgram } from '../schedule/compiler.ts';
import type { SessionFile } from '../schedule/files.ts';
import { refineBounds } from '../schedule/pageBounds.ts';
import type { WorkerPool } from '../schedule/pool.ts';
import { runTasks } from '../schedule/scheduler.ts';
import { type TableTask, tasksOf } from '../schedule/tableRun.ts';
import { type ChunkRows, GROUP_BYTES, GROUP_ROWS, type SavedRows } from './chunkRows.ts';
import { bytesOfColumn } from './rows.ts';
import { sourcesOf } from './sources.ts';

const CODECS: Record<SavedCodec, Codec> = { snappy: 'SNAPPY', gzip: 'GZIP', none: 'UNCOMPRESSED' };
const PROGRESS_MS = 100;

/** What is to be saved, and who does it. */
export interface SaveParts {
  pool: WorkerPool;
  compiler: Compiler;
  run: number;
  document: AnalysisDocument;
  dataset: Dataset;
  /** Of the data set. */
  files: readonly SessionFile[];
}

/** What runs: tasks in order, with their programs. */
interface Prepared {
  selection: SavedSelection;
  tasks: TableTask[];
  programs: Map<string, Program>;
  saved: Map<string, SavedRows>;
}

/**
 * Writes the file. Its bytes do not depend on the number of workers.
 * @throws LumiscopeError `document` for what can't be saved; as a run does; what the sink throws
 */
export async function saveParquet(parts: SaveParts, options: SaveOptions, sink: SaveSink): Promise<SaveResult> {
  const { pool, run, files } = parts;
  const { signal = new AbortController().signal, onProgress } = options;
  const started = performance.now();
  const { selection, tasks, programs, saved } = await prepare(parts, options);
  const heard: ByteSink = {
    async write(bytes) {
      if (signal.aborted) throw cancelled();
      await sink.write(bytes);
    },
  };
  const writer = new ParquetWriter(heard, selection.columns, {
    codec: codecOf(options),
    createdBy: `lumiscope version ${VERSION}`,
    metadata: metadataOf(parts, selection, choiceOf(options)),
  });
  const rows = new SavedChunks(pool, writer, selection, codecOf(options), tasks);
  const progress = () => ({ ...rows.progress, bytes: writer.bytes, seconds: (performance.now() - started) / 1000 });
  const totalEvents = tasks.reduce((sum, { events }) => sum + events, 0);
  const timer = onProgress && setInterval(() => onProgress({ ...progress(), totalEvents }), PROGRESS_MS);
  try {
    await runTasks(pool, { run, engine: 'wasm', programs, saved }, tasks, {
      signal,
      workers: pool.size,
      window: 2 * pool.size,
      merged: (index, result) => rows.add(index, result.saved!),
    });
    await rows.flush();
    await writer.finish();
  } finally {
    clearInterval(timer);
    // Whoever takes the file away is to find nobody writing to it.
    await rows.settled();
  }
  return {
    ...progress(),
    events: files.reduce((sum, { summary }) => sum + summary.events, 0),
    columns: selection.columns.length,
    rowGroups: rows.groups,
    leftOut: leftOut(selection, files),
  };
}

/** What saving reads. @throws LumiscopeError as `saveParquet` */
export async function savePlan(parts: SaveParts, options: SaveOptions): Promise<SavePlan> {
  const { selection, tasks, saved } = await prepare(parts, options);
  const plan = { bytes: 0, columnBytes: 0 };
  for (const { address, chunk, columns, program } of tasks) {
    const { summary } = parts.files[address.file]!;
    const own = new Set(saved.get(program)!.columns.map(({ from }) => (from.kind === 'column' ? from.column : '')));
    const read = new Set([...columns, ...own]);
    summary.columns.forEach(({ name }, at) => {
      const bytes = summary.columnBytes[at * summary.chunks.length + chunk]!;
      if (summary.rowWise || read.has(name)) plan.bytes += bytes;
      if (own.has(name)) plan.columnBytes += bytes;
    });
  }
  return {
    ...plan,
    columns: selection.columns,
    leftOut: leftOut(selection, parts.files),
    events: parts.files.reduce((sum, { summary }) => sum + summary.events, 0),
  };
}

function choiceOf(options: SaveOptions): SaveChoice {
  const { used = true, columns = [], define = [], allEvents = false, thin = [], weight } = options;
  return { used, columns, define, allEvents, thin, ...(weight !== undefined && { weight }) };
}

const codecOf = ({ codec = 'snappy' }: SaveOptions): Codec => CODECS[codec];

async function prepare(parts: SaveParts, options: SaveOptions): Promise<Prepared> {
  const { pool, compiler, document, dataset, files } = parts;
  if (files.length === 0)
    throw new LumiscopeError('document', `data set "${dataset.name}" has no files`, { hint: 'add a file to it' });
  const choice = choiceOf(options);
  const trouble = choice.used && branchTrouble(document, [files]);
  if (trouble) throw trouble;
  const schemas = [...new Set(files.map(({ schema }) => schema))];
  const selection = savedSelection(document, dataset, schemas, choice);
  await refineBounds(pool, compiler, { ...selection.document, datasets: [dataset] }, [files]);
  const compiled = new Map<Schema, KeyedProgram>();
  const saved = new Map<string, SavedRows>();
  for (const [k, schema] of schemas.entries()) {
    const { name } = files.find((file) => file.schema === schema)!;
    const keyed = compiler.compile(selection.document, schema, dataset, name, selection.table);
    compiled.set(schema, keyed);
    saved.set(keyed.key, { columns: selection.files[k]!.columns, masks: selection.masks, codec: codecOf(options) });
  }
  return {
    selection,
    saved,
    tasks: files.flatMap((file, index) => tasksOf(file, compiled.get(file.schema)!, { dataset: 0, file: index })),
    programs: new Map([...compiled.values()].map(({ key, program }) => [key, program])),
  };
}

/** Columns that a pattern asked for and that no file gives. */
function leftOut(selection: SavedSelection, files: readonly SessionFile[]): SavePlan['leftOut'] {
  const unsupported = new Map(files.flatMap(({ summary }) => summary.unsupported.map((one) => [one.name, one])));
  const asked = selection.patterns;
  return [
    ...selection.leftOut,
    ...[...unsupported.values()].filter(({ name }) => asked.some((test) => test.test(name))),
  ];
}

function metadataOf(
  { document, files }: SaveParts,
  { document: selected }: SavedSelection,
  { allEvents, thin }: SaveChoice,
): Record<string, string> {
  const simulated = files.every(({ summary }) => summary.metadata['lumiscope.simulated'] === 'true');
  const title = document.title ?? files[0]!.summary.metadata.title;
  const cuts = selected.select.filter(({ enabled }) => enabled).map(({ name, expression }) => ({ name, expression }));
  return {
    ...(title !== undefined && { title }),
    ...(simulated && { 'lumiscope.simulated': 'true' }),
    'lumiscope.version': VERSION,
    'lumiscope.document': documentHash(document),
    'lumiscope.sources': JSON.stringify(sourcesOf(files)),
    'lumiscope.selection': JSON.stringify({
      select: allEvents ? [] : cuts,
      ...(document.lumis && !allEvents && { lumis: true }),
      ...(thin.length > 0 && { thin: Object.fromEntries(thin.map(({ collection, mask }) => [collection, mask])) }),
    }),
  };
}

/** Rows of chunks, taken in chunk order, and put together until they fill a row group. */
class SavedChunks {
  groups = 0;
  readonly #pool: WorkerPool;
  readonly #writer: ParquetWriter;
  readonly #selection: SavedSelection;
  readonly #codec: Codec;
  readonly #tasks: readonly TableTask[];
  readonly #waiting = new Map<number, ChunkRows>();
  #work: Promise<number> = Promise.resolve(0);
  #next = 0;
  #parts: ColumnData[][] = [];
  #partRows = 0;
  #partBytes = 0;
  #progress = { events: 0, rows: 0 };

  constructor(
    pool: WorkerPool,
    writer: ParquetWriter,
    selection: SavedSelection,
    codec: Codec,
    tasks: readonly TableTask[],
  ) {
    this.#pool = pool;
    this.#writer = writer;
    this.#selection = selection;
    this.#codec = codec;
    this.#tasks = tasks;
  }

  get progress(): { events: number; rows: number } {
    return { ...this.#progress };
  }

  /** @returns how many chunks are written, once those are that can be */
  add(index: number, rows: ChunkRows): Promise<number> {
    this.#waiting.set(index, rows);
    this.#work = this.#work.then(() => this.#drain());
    return this.#work;
  }

  /** When nothing is written any more, for whatever reason. */
  async settled(): Promise<void> {
    await this.#work.catch(() => {});
  }

  async #drain(): Promise<number> {
    for (let rows = this.#waiting.get(this.#next); rows; rows = this.#waiting.get(this.#next)) {
      this.#waiting.delete(this.#next);
      await this.#take(rows);
      this.#progress.events += this.#tasks[this.#next]!.events;
      this.#next++;
    }
    return this.#next;
  }

  async #take(rows: ChunkRows): Promise<void> {
    if ('groups' in rows) {
      await this.flush();
      for (const group of rows.groups) await this.#write(group);
      return;
    }
    const count = rows.rows[0]?.length ?? 0;
    if (count === 0) return;
    this.#parts.push(rows.rows);
    this.#partRows += count;
    for (const column of rows.rows) this.#partBytes += bytesOfColumn(column);
    if (this.#partRows >= GROUP_ROWS || this.#partBytes >= GROUP_BYTES) await this.flush();
  }

  /** Writes the rows that wait as a row group. */
  async flush(): Promise<void> {
    if (this.#partRows === 0) return;
    const parts = this.#parts;
    this.#parts = [];
    this.#partRows = 0;
    this.#partBytes = 0;
    const workers = this.#pool.running();
    const worker = workers[this.groups % workers.length] ?? this.#pool.worker(0);
    const task = { columns: this.#selection.columns, parts, codec: this.#codec };
    await this.#write(await worker.call((api) => api.encodeRows(task)));
  }

  async #write(group: EncodedGroup): Promise<void> {
    await this.#writer.group(group);
    this.groups++;
    this.#progress.rows += group.rows;
  }
}
