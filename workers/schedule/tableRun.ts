import type { AnalysisDocument } from '../../core/analysis/document.ts';
import { LumiscopeError } from '../../core/errors.ts';
import type { Program, Scalar } from '../../core/expr/typedForm.ts';
import type { LoopName, PartialResult } from '../engine/engine.ts';
import { type EventRows, RowCollector, rowBytes } from '../engine/eventRows.ts';
import type { EventTable, TableOptions } from '../eventTable.ts';
import { cancelled } from '../io/errors.ts';
import type { Compiler, KeyedProgram } from './compiler.ts';
import type { SessionFile } from './files.ts';
import type { WorkerPool } from './pool.ts';
import { Pruner } from './prune.ts';
import { runTasks, type Task } from './scheduler.ts';

/** Of the memory budget, what a table may take; and likewise the rows that wait for their turn. */
const TABLE_SHARE = 0.25;
const DEFAULT_LIMIT = 1_000_000;
const PROGRESS_MS = 100;

/** A chunk of which rows are taken. */
export interface TableTask extends Task {
  address: { dataset: number; file: number; begin: number };
  events: number;
}

/** What a table is made of: the data sets of the document, opened. */
export interface TableParts {
  pool: WorkerPool;
  compiler: Compiler;
  run: number;
  engine: LoopName;
  document: AnalysisDocument;
  /** Files of each data set. */
  files: readonly (readonly SessionFile[])[];
}

/**
 * The events that pass all cuts, with values.
 * @throws LumiscopeError as a run does; errors of the values have the keys `['values', k]`
 */
export async function collectTable(parts: TableParts, options: TableOptions): Promise<EventTable> {
  const { pool, run, engine } = parts;
  const { values, signal, stopAtLimit = false, onProgress } = options;
  const most = Math.floor((pool.budget * TABLE_SHARE) / (12 + rowBytes(values.length)));
  const limit = Math.max(1, Math.min(options.limit ?? DEFAULT_LIMIT, most));
  const { tasks, programs } = tableTasks(parts, values, limit);
  const rows = new TableRows(typesOf(programs, values), limit);
  const totalEvents = tasks.reduce((sum, { events }) => sum + events, 0);
  const stop = new AbortController();
  const timer = onProgress && setInterval(() => onProgress({ ...rows.progress, totalEvents }), PROGRESS_MS);
  try {
    await runTasks(pool, { run, engine, programs, urgent: true }, tasks, {
      signal: signal ? AbortSignal.any([signal, stop.signal]) : stop.signal,
      workers: pool.size,
      window: windowOf(tasks, limit, values.length, pool.budget),
      merged(index, result) {
        const merged = rows.add(index, result, tasks);
        if (stopAtLimit && rows.isFull) stop.abort();
        return merged;
      },
    });
  } catch (error) {
    if (!stop.signal.aborted || signal?.aborted) throw error;
  } finally {
    clearInterval(timer);
  }
  if (signal?.aborted) throw cancelled();
  return rows.table(values, tasks.length);
}

/**
 * Bytes that a table fetches.
 * @param isHeld whether a column of a chunk is in memory
 * @throws LumiscopeError as `collectTable`
 */
export function tableBytes(
  parts: Pick<TableParts, 'compiler' | 'document' | 'files'>,
  values: readonly string[],
  isHeld: (file: number, chunk: number, column: string) => boolean,
): number {
  const { tasks } = tableTasks(parts, values, DEFAULT_LIMIT);
  let bytes = 0;
  for (const { file, chunk, columns, address } of tasks) {
    const { summary } = parts.files[address.dataset]![address.file]!;
    for (const column of columns) {
      const index = summary.columns.findIndex(({ name }) => name === column);
      if (!isHeld(file.id, chunk, column)) bytes += summary.columnBytes[index * summary.chunks.length + chunk] ?? 0;
    }
  }
  return bytes;
}

/** What has to run, with its programs by key. */
function tableTasks(
  { compiler, document: whole, files }: Pick<TableParts, 'compiler' | 'document' | 'files'>,
  values: readonly string[],
  limit: number,
): { tasks: TableTask[]; programs: Map<string, Program> } {
  // Nothing is filled and nothing weighted: the columns of both need not be read.
  const { weight: _, ...document } = { ...whole, histograms: [], sliders: [] };
  const programs = new Map<string, Program>();
  const tasks = files.flatMap((list, dataset) =>
    list.flatMap((file, index) => {
      const compiled = compiler.compile(document, file.schema, document.datasets[dataset]!, file.name, {
        values,
        limit,
      });
      programs.set(compiled.key, compiled.program);
      return tasksOf(file, compiled, { dataset, file: index });
    }),
  );
  return { tasks, programs };
}

/** A task for each chunk in which an event may pass. */
export function tasksOf(
  { id, name, metadata, index, summary, schema }: SessionFile,
  keyed: KeyedProgram,
  place: { dataset: number; file: number },
): TableTask[] {
  const { key, program } = keyed;
  const file = { id, name, metadata, pinned: summary.file, ...(index && { index }) };
  const pruner = new Pruner(keyed, schema);
  return summary.chunks.flatMap(({ group, begin, end }, chunk): TableTask[] => {
    if (pruner.work(summary, chunk).kind !== 'whole') return [];
    const address = { ...place, begin };
    return [{ file, chunk, group, program: key, columns: program.columns, address, events: end - begin }];
  });
}

/** Chunks whose rows may wait for an earlier chunk's. */
function windowOf(tasks: readonly TableTask[], limit: number, values: number, budget: number): number {
  const largest = tasks.reduce((most, { events }) => Math.max(most, events), 1);
  return Math.max(1, Math.floor((budget * TABLE_SHARE) / (Math.min(limit, largest) * rowBytes(values))));
}

/** @throws LumiscopeError `document` where a value has different types in different files */
function typesOf(programs: ReadonlyMap<string, Program>, values: readonly string[]): Scalar[] {
  return values.map((text, k) => {
    const types = new Set([...programs.values()].map(({ table }) => table!.values[k]!.type.kind as Scalar));
    if (types.size > 1)
      throw new LumiscopeError('expression', `${text} is of type ${[...types].join(' in one file and ')} in another`, {
        hint: 'make it one type, e.g. with 1.0 * …',
        place: { keys: ['values', k], path: `values.${k}` },
      });
    return [...types][0] ?? 'float';
  });
}

/** Rows of chunks, taken in chunk order. */
class TableRows {
  readonly #collector: RowCollector;
  readonly #limit: number;
  readonly #waiting = new Map<number, PartialResult>();
  /** Where the rows of each chunk are from, and how many they are. */
  readonly #origins: { dataset: number; file: number; begin: number; rows: number }[] = [];
  #next = 0;
  #events = 0;
  #passed = 0;

  constructor(types: readonly Scalar[], limit: number) {
    this.#collector = new RowCollector(types);
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.#collector.rows >= this.#limit;
  }

  get progress(): { events: number; rows: number } {
    return { events: this.#events, rows: this.#collector.rows };
  }

  /** @returns how many chunks are taken without a gap */
  add(index: number, result: PartialResult, tasks: readonly TableTask[]): number {
    this.#waiting.set(index, result);
    this.#events += result.events;
    for (let next = this.#waiting.get(this.#next); next; next = this.#waiting.get(this.#next)) {
      this.#take(next.table!, tasks[this.#next]!.address);
      this.#passed += next.cutflow.at(-3)!;
      this.#waiting.delete(this.#next++);
    }
    return this.#next;
  }

  #take(rows: EventRows, address: TableTask['address']): void {
    const before = this.#collector.rows;
    this.#collector.add(rows, this.#limit - before);
    this.#origins.push({ ...address, rows: this.#collector.rows - before });
  }

  /** @param chunks how many there were to take */
  table(values: readonly string[], chunks: number): EventTable {
    const { rows } = this.#collector;
    const { event: inChunk, columns } = this.#collector.all();
    const table: EventTable = {
      rows,
      complete: rows === this.#passed && this.#next === chunks,
      passed: this.#passed,
      dataset: new Uint16Array(rows),
      file: new Uint16Array(rows),
      event: new Float64Array(rows),
      columns: columns.map((column, k) => ({ name: values[k]!, ...column })),
    };
    let at = 0;
    for (const { dataset, file, begin, rows: count } of this.#origins) {
      table.dataset.fill(dataset, at, at + count);
      table.file.fill(file, at, at + count);
      for (let row = at; row < at + count; row++) table.event[row] = begin + inChunk[row]!;
      at += count;
    }
    return table;
  }
}
