/**
 * What the parts of the WebGPU engine hand to one another. A program is lowered (`lower/`) with the numbers of `numbers/` and the
 * fills of `fill/` to one WGSL module; `device/` keeps columns on the GPU and runs it. Nothing here knows of workers or files.
 *
 * **Doubt.** The GPU has no doubles. Every float is a pair of singles with a bound of its error (`Num` in WGSL), and whatever can't be
 * decided within these bounds (a comparison, a bin, the order of two keys), a value that is not finite, an integer past 32 bits, or a
 * list past its capacity sets `doubt`. An event in doubt adds nothing on the GPU: its position is handed back, and the WebAssembly
 * engine runs it. So counts are exact.
 */
import type { Contents } from '../core/hist/contents.ts';
import type { ColumnData, ValueType } from '../core/schema/column.ts';

/** How a column lies on the GPU, as the code has to read it. */
export interface ColumnShape {
  type: ValueType;
  /** Levels of lists: 0 or 1. */
  depth: number;
  /** Whether a byte an entry tells which values are there. */
  nullable: boolean;
}

/**
 * One array of a chunk's columns, in 32-bit words of the buffer `columns`: `values` (8- and 16-bit values packed, 64-bit ones as two words,
 * low first; float64 as two singles, high first; strings as the device's own codes, the same in all chunks), `valid` (bytes), `offsets` of a
 * collection (as of its first column).
 */
export interface ResidentArray {
  column: string;
  part: 'values' | 'valid' | 'offsets';
}

/** A number that the code reads from the buffer `constants`, so that a change of it compiles nothing. */
export type ConstantWords =
  /** Words as they are: floats in parts, integers, thresholds. */
  | { kind: 'words'; words: Uint32Array }
  /** The device's code of a string: one of its own, which no value has, where it was never seen. */
  | { kind: 'string'; value: string };

/** What one histogram's accumulators hold, and where, in 32-bit words from the start of the buffer `results`. */
export interface HistogramLayout {
  /** Fills made, one word; undefined for counts, whose bins tell. */
  entries?: number;
  /** Fills not made, one word. */
  missing: number;
  /** First word of the bins, flow included, in the order of `Histogram.values`. */
  bins: number;
  binCount: number;
  /** Words of a bin: 1 for a count; 4 for Σw and Σw² in 64 bits each, low word first. */
  binWords: 1 | 4;
  /**
   * Which weight the bins add; undefined for counts, and for weighted ones of weight 1, which are counts too.
   */
  weight?: number;
  /** Whether each fill has a weight of its own, and not only the event's. */
  ownWeight?: true;
  storage: 'count' | 'weighted';
  /** Fills that one event makes at most: an event with more is in doubt. */
  fillsAtMost: number;
}

/** Where all numbers of a run lie in the buffer `results`. */
export interface ResultLayout {
  /** Events before any cut, then after each one: a word each. */
  cutflow: number;
  cuts: number;
  /** Four words a row beside `cutflow`: Σw and Σw²; undefined where the document has no weight, and both are the counts. */
  cutflowSums?: number;
  /** One word. */
  missingWeight: number;
  /** One word for each weight: bits of the largest |w| that the probe saw. */
  probe: number;
  histograms: HistogramLayout[];
  words: number;
}

/** A program as one WGSL module. */
export interface LoweredProgram {
  /** Equal texts are one pipeline. Entry point `main`. */
  code: string;
  /** Threads of a workgroup. */
  workgroup: number;
  /** What the buffer `columns` of a chunk holds, in the order of the bases in `params`. */
  arrays: ResidentArray[];
  /** Columns of one collection each: the code takes the first one's offsets for those of all. */
  collections: string[][];
  /** One after the other in the buffer `constants`. */
  constants: ConstantWords[];
  layout: ResultLayout;
  /** Weights in fixed point: the document's first, where it has one, then those of histograms. */
  weights: number;
}

/** Why a program does not run on the GPU: a sentence for people, without a stop: `histogram "x" has the storage mean`. */
export interface Refusal {
  reason: string;
}

/**
 * Words of a block of the uniform `params`. A dispatch goes over several chunks: `workgroup_id.y` says which block is a workgroup's own
 * (`declareParams` writes the WGSL that reads it). The bases of `LoweredProgram.arrays` follow from `BASES` on, then for each weight the
 * word that `chooseScales` (`fill/fixedPoint.ts`) gives: how Σw and Σw² are scaled.
 *
 * A base is the word at which the array would begin if all of it were in `columns`: it wraps where only a later part is, so that adding the
 * word of a value to it, in u32, is always right. Positions of events are always those in the chunk.
 */
export const PARAMS = {
  /** First event of the chunk that this dispatch goes over, and the one behind the last. */
  BEGIN: 0,
  END: 1,
  /** 0: the probe, which only notes the largest |w| of each weight; 1: the run. */
  MODE: 2,
  /** Where the chunk's part of `doubts` begins, in words, and how many events it has room for, behind the word that counts them. */
  DOUBTS: 3,
  DOUBT_CAPACITY: 4,
  /**
   * Of results that are larger than a binding: words [first, end) of the layout are what `results` holds in this dispatch, both multiples of 4.
   * Other programs don't read these. Only the window that begins at 0 notes events in doubt.
   */
  WINDOW: 5,
  WINDOW_END: 6,
  /** Always 0, which no compiler knows: `main` sets the variable `zero` of `numbers/` to it. */
  ZERO: 7,
  BASES: 8,
} as const;

/** Bindings of group 0, in every module. */
export const BINDINGS = {
  /** uniform `array<vec4<u32>, N>`: see `declareParams` */
  PARAMS: 0,
  /** read-only storage `array<u32>` */
  COLUMNS: 1,
  /** read-only storage `array<u32>` */
  CONSTANTS: 2,
  /** storage `array<atomic<u32>>` */
  RESULTS: 3,
  /**
   * storage `array<atomic<u32>>`: for each chunk, from `PARAMS.DOUBTS` on, how many events are in doubt (may be more than there is room
   * for), then their positions in the chunk
   */
  DOUBTS: 4,
} as const;

/** Which chunk of which file; `file` is the session's number of it. */
export interface ChunkKey {
  file: number;
  chunk: number;
}

/** What a program is made for, of a device's limits. */
export interface GpuLimits {
  /** Memory that the threads of a workgroup share. */
  workgroupBytes: number;
  workgroupThreads: number;
  /** Bytes of a buffer that a program reaches. */
  bindingBytes: number;
}

export interface GpuInfo {
  vendor: string;
  architecture: string;
  description: string;
  /** A fallback adapter, or a software renderer under another name: right, but slower than WebAssembly. */
  isSoftware: boolean;
  /** Bytes that columns may take. */
  budget: number;
  limits: GpuLimits;
}

/** What the GPU adds to a result; with the events in doubt it is what a `PartialResult` of the same chunks is. */
export interface GpuPartial {
  /** Events that were counted here: not those in doubt. */
  events: number;
  cutflow: Float64Array;
  missingWeight: number;
  histograms: Contents[];
}

/** Events of a chunk that the GPU leaves to the WebAssembly engine, ascending. */
export interface DoubtfulEvents extends ChunkKey {
  rows: Uint32Array;
}

export interface GpuRunResult {
  partial: GpuPartial;
  doubtful: DoubtfulEvents[];
  /** Of the device alone, as far as it can be told. */
  seconds: number;
}

/** A chunk to run over: its columns have to be there. */
export interface GpuChunk extends ChunkKey {
  events: number;
}

export interface GpuRunOptions {
  signal?: AbortSignal;
  /** Told after each batch: events that were run. */
  onProgress?: (events: number) => void;
}

/** What goes wrong with a device: `lost` and `memory` are tried once more, on a new one or with less; `refused` is final. */
export class GpuTrouble extends Error {
  readonly kind: 'refused' | 'lost' | 'memory' | 'code';

  constructor(kind: GpuTrouble['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** One device with the columns that lie on it. */
export interface GpuHost {
  readonly info: GpuInfo;
  /** Columns of a chunk that are there. */
  resident(key: ChunkKey): ReadonlySet<string>;
  /** Bytes that columns take now. */
  bytes(): number;
  /**
   * Copies columns of a chunk to the GPU, beside those that are there; the least recently used chunks make room.
   * @throws GpuTrouble `memory` where there is none even so; `lost`
   */
  upload(key: ChunkKey, columns: ReadonlyMap<string, ColumnData>): Promise<void>;
  /**
   * Runs a program over chunks, all of whose columns are there. Two runs give the same bits.
   * @throws GpuTrouble; LumiscopeError-like `cancelled` as an AbortError
   */
  run(program: LoweredProgram, chunks: readonly GpuChunk[], options?: GpuRunOptions): Promise<GpuRunResult>;
  /** Settles when the device is gone without having been asked to, with the reason. */
  readonly lost: Promise<string>;
  destroy(): void;
}
