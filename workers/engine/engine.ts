import type { Program } from '../../core/expr/typedForm.ts';
import type { Contents } from '../../core/hist/contents.ts';
import type { ColumnData } from '../../core/schema/column.ts';
import type { EventRows } from './eventRows.ts';

/** What one chunk contributes to a result; partial results of chunks are added in chunk order. */
export interface PartialResult {
  /** Events of the chunk. */
  events: number;
  /**
   * Rows of three — events, Σw, Σw² — before any cut and after each one: `3 * (cuts + 1)` numbers. An event
   * whose weight is missing counts as an event and adds nothing to the sums.
   */
  cutflow: Float64Array;
  /** Events that passed all cuts, but whose document weight is missing: they are in no histogram. */
  missingWeight: number;
  histograms: Contents[];
  /** Where the program has a table. */
  table?: EventRows;
}

/** The event loop of one program over one chunk. */
export interface ChunkRun {
  /**
   * Runs events `[begin, end)` of the chunk; slices come in order and cover it.
   * @throws LumiscopeError `limit` where the tiles of a histogram pass what they may take
   */
  run(begin: number, end: number): void;
  /** After the last slice. */
  result(): PartialResult;
  /** Gives back the memory that the run holds: after `result`, or instead of it where the run is given up. */
  release(): void;
}

/** A program made ready to run, in one worker. Its runs don't overlap. */
export interface PreparedProgram {
  /**
   * @param columns as many as `program.columns`, in that order, all with the same number of events
   * @param tileBytes bytes that each histogram in tiles may take; default: `TILE_BYTES`
   * @throws LumiscopeError `format` where columns of one collection differ in their offsets
   */
  start(columns: ColumnData[], tileBytes?: number): ChunkRun;
}

/** Engines that run chunks in a worker's own memory. */
export type LoopName = 'wasm' | 'reference';

/** What makes a result. `gpu`: the GPU, and the WebAssembly engine for what it leaves. */
export type EngineName = LoopName | 'gpu';

/** What a run is asked to use; `auto` is whichever is taken to be faster. */
export type EngineChoice = EngineName | 'auto';

export interface Engine {
  readonly name: LoopName;
  prepare(program: Program): Promise<PreparedProgram>;
}
