import { LumiscopeError } from '../../../core/errors.ts';
import type { Program } from '../../../core/expr/typedForm.ts';
import type { BinArrays } from '../../../core/hist/arrays.ts';
import type { Contents } from '../../../core/hist/contents.ts';
import type { ColumnData, Values } from '../../../core/schema/column.ts';
import type { ChunkRun, PartialResult } from '../engine.ts';
import type { EngineHeap } from '../heap.ts';
import type { Libm } from '../libm/libm.ts';
import { type BinLayout, binLayout, COPIES } from './fill.ts';
import { cells } from './frame.ts';
import type { ConstantArray, Generator } from './generator.ts';
import type { TableReader } from './table.ts';
import type { ListReader } from './tableList.ts';
import { TileHeap } from './tileHeap.ts';
import { VECTOR_ROW } from './vectors.ts';

export type Run = (frame: number, begin: number, end: number) => void;

/** Scratch memory to begin with; an event that needs more gets it. */
const SCRATCH_BYTES = 1 << 18;
/** Items that a table of four-vectors has room for to begin with. */
const VECTOR_ROWS = 64;
/** What the lists of one event may take at most. */
const MAX_SCRATCH_BYTES = 1 << 30;

/** What a generated module is linked to: set before each slice, since one module serves many runs. */
export interface Host {
  moreScratch(bytes: number, top: number): number;
  /** A table of four-vectors that has a row for `item`. */
  moreVectors(table: number, item: number): number;
  /** Room for more tiles of a histogram. */
  moreTiles(histogram: number): void;
  /** Takes the items out of the full buffer of a table's list. @returns where the next one goes */
  takeItems(list: number): number;
}

/** What programs with a table need, and what is not loaded for others: plots come first. */
export type TableCode = typeof import('./table.ts');

/** A module over the engine's memory, ready to run chunks. */
export interface LinkedLoop {
  heap: EngineHeap;
  libm: Libm;
  program: Program;
  generator: Generator;
  loop: Run;
  host: Host;
  table?: TableCode;
}

/** One chunk in the event loop: owns the frame, the histograms and whatever it copied into the heap. */
export class WasmRun implements ChunkRun {
  private readonly heap: EngineHeap;
  private readonly libm: Libm;
  private readonly program: Program;
  private readonly generator: Generator;
  private readonly loop: Run;
  private readonly host: Host;
  private readonly blocks: number[] = [];
  private readonly frame: number;
  private readonly layouts: BinLayout[];
  /** Of the histograms that are held in tiles. */
  private readonly tiles = new Map<number, TileHeap>();
  private readonly events: number;
  private readonly columns = new Map<string, ColumnData>();
  private readonly lists: ListReader[] = [];
  private readonly table: { at: number; batch: number; reader: TableReader; texts: readonly string[] } | undefined;

  /** @throws LumiscopeError `format` where columns of one collection differ in their offsets; `limit` out of memory */
  constructor(
    { heap, libm, program, generator, loop, host, table }: LinkedLoop,
    columns: ColumnData[],
    tileBytes: number,
  ) {
    this.heap = heap;
    this.libm = libm;
    this.program = program;
    this.generator = generator;
    this.loop = loop;
    this.host = host;
    for (const [k, name] of program.columns.entries()) this.columns.set(name, columns[k]);
    this.events = columns[0]?.length ?? 0;
    this.checkOffsets();
    this.layouts = program.histograms.map(binLayout);
    // Of this run only: a column of names has others in every chunk.
    const strings = new Map(generator.literals);
    // Addresses of what lies in the heap already have to be read first: growing the memory detaches these views.
    const addresses = new Map<Values, number>();
    for (const array of this.arrays()) if (array.buffer === heap.memory.buffer) addresses.set(array, array.byteOffset);
    try {
      const place = (array: Values): number => addresses.get(array) ?? this.copy(array, addresses);
      const { frame: layout } = generator;
      this.frame = this.zeroed(layout.size);
      const cell = (at: number, value: number) =>
        new DataView(heap.memory.buffer).setUint32(this.frame + at, value, true);
      for (const [name, at] of layout.withPrefix(cells.values(''))) cell(at, place(this.column(name).values));
      for (const [name, at] of layout.withPrefix(cells.valid('')))
        cell(at, place(this.column(name).valid as Uint8Array));
      for (const [name, at] of layout.withPrefix(cells.strings('')))
        cell(at, place(internedCodes(this.column(name), strings)));
      for (const [name, at] of layout.withPrefix(cells.offsets(''))) cell(at, place(this.offsetsOf(name)));
      for (let table = 0; table < generator.vectorTableCount; table++) this.takeVectors(table, VECTOR_ROWS);
      for (const [k, array] of generator.constantArrays.entries())
        cell(layout.cell(cells.constants(k)), place(this.constants(array, strings)));
      for (const [k, { tiled, stride, copies, binBytes }] of this.layouts.entries()) {
        if (tiled) {
          this.tiles.set(k, new TileHeap(heap, program.histograms[k], binBytes, tileBytes));
          this.moreTiles(k);
        } else cell(layout.cell(cells.histogram(k)), this.zeroed(stride * copies));
      }
      this.takeScratch(SCRATCH_BYTES);
      if (program.table) {
        const { TableReader, ListReader, tableLayout } = table!;
        const at = this.zeroed(tableLayout(program.table).bytes);
        cell(layout.cell(cells.table), at);
        this.lists = (program.table.lists ?? []).map((list) => new ListReader(list));
        for (const [k, { bytes }] of this.lists.entries()) {
          const items = this.zeroed(bytes);
          cell(layout.cell(cells.listNext(k)), items);
          cell(layout.cell(cells.listEnd(k)), items + bytes);
        }
        const reader = new TableReader(program.table, this.lists);
        this.table = { at, batch: table!.TABLE_BATCH, reader, texts: [...strings.keys()] };
      }
    } catch (error) {
      this.release();
      throw error;
    }
  }

  run(begin: number, end: number): void {
    this.host.moreScratch = (bytes, top) => this.moreScratch(bytes, top);
    // Vectors of the old table are lost; the new one's rows are of no event, so that they are made again.
    this.host.moreVectors = (table, item) => this.takeVectors(table, 2 * (item + 1));
    this.host.moreTiles = (histogram) => this.moreTiles(histogram);
    this.host.takeItems = (list) => this.takeItems(list, this.itemsAt(list, cells.listEnd));
    if (!this.table) this.loop(this.frame, begin, end);
    else {
      const { batch } = this.table;
      for (let at = begin; at < end; at += batch) this.runBatch(at, Math.min(end, at + batch));
    }
  }

  result(): PartialResult {
    const { program, generator, frame } = this;
    const view = new DataView(this.heap.memory.buffer);
    const int = (name: string) => Number(view.getBigInt64(frame + generator.frame.wide(name), true));
    const cutflow = new Float64Array(3 * (program.cuts.length + 1));
    for (let k = 0; k <= program.cuts.length; k++) {
      const events = int(cells.passed(k));
      cutflow.set([events, ...(program.weight ? this.sums(k) : [events, events])], 3 * k);
    }
    const histograms = program.histograms.map((_, k): Contents => {
      const address = (cell: string) => view.getUint32(frame + generator.frame.cell(cell), true);
      const contents =
        this.tiles.get(k)?.contents(address(cells.tileNext(k))) ??
        this.contents(address(cells.histogram(k)), this.layouts[k]);
      return { ...contents, entries: int(cells.entries(k)), missing: int(cells.missing(k)) };
    });
    return {
      events: this.events,
      cutflow,
      missingWeight: int(cells.missingWeight),
      histograms,
      ...(this.table && { table: this.table.reader.result() }),
    };
  }

  release(): void {
    for (const block of this.blocks.splice(0)) this.heap.free(block);
    for (const tiles of this.tiles.values()) tiles.release();
  }

  /** Runs as many events as the table's buffer has rows for, and takes the rows out. */
  private runBatch(begin: number, end: number): void {
    const { at, reader, texts } = this.table as NonNullable<typeof this.table>;
    const rows = this.frame + this.generator.frame.cell(cells.tableRows);
    this.loop(this.frame, begin, end);
    for (const k of this.lists.keys()) {
      const next = this.frame + this.generator.frame.cell(cells.listNext(k));
      const start = this.takeItems(k, this.itemsAt(k, cells.listNext));
      new DataView(this.heap.memory.buffer).setUint32(next, start, true);
    }
    const { buffer } = this.heap.memory;
    const view = new DataView(buffer);
    reader.take(buffer, at, view.getUint32(rows, true), texts);
    view.setUint32(rows, 0, true);
  }

  /** An address that the frame holds of a list's buffer. */
  private itemsAt(list: number, cell: (k: number) => string): number {
    return new DataView(this.heap.memory.buffer).getUint32(this.frame + this.generator.frame.cell(cell(list)), true);
  }

  /** Takes the items before `end` out of a list's buffer. @returns its start */
  private takeItems(list: number, end: number): number {
    const reader = this.lists[list];
    const start = this.itemsAt(list, cells.listEnd) - reader.bytes;
    reader.take(this.heap.memory.buffer, start, end);
    return start;
  }

  /** Σw and Σw² of a row of the cutflow. */
  private sums(row: number): [number, number] {
    const copies = new Float64Array(
      this.heap.memory.buffer,
      this.frame + this.generator.frame.quads(cells.sums(row), COPIES),
      2 * COPIES,
    );
    const sums: [number, number] = [0, 0];
    for (let k = 0; k < copies.length; k++) sums[k % 2] += copies[k];
    return sums;
  }

  /** The copies of a histogram added up, always in the same order. */
  private contents(at: number, { bins, binBytes, copies, stride }: BinLayout): BinArrays {
    const { buffer } = this.heap.memory;
    const values = new Float64Array(bins);
    if (binBytes === 8) {
      for (let copy = 0; copy < copies; copy++) {
        // Halves of 64 bits: BigInt would take ten times as long.
        const halves = new Uint32Array(buffer, at + copy * stride, 2 * bins);
        for (let bin = 0; bin < bins; bin++) values[bin] += halves[2 * bin] + halves[2 * bin + 1] * 2 ** 32;
      }
      return { values };
    }
    if (binBytes === 32) {
      const numbers = new Float64Array(buffer, at, 4 * bins);
      const [values, variances, means, deltas] = [0, 1, 2, 3].map((k) =>
        Float64Array.from({ length: bins }, (_, bin) => numbers[4 * bin + k]),
      );
      return { values, variances, means, deltas };
    }
    const variances = new Float64Array(bins);
    for (let copy = 0; copy < copies; copy++) {
      const sums = new Float64Array(buffer, at + copy * stride, 2 * bins);
      for (let bin = 0; bin < bins; bin++) {
        values[bin] += sums[2 * bin];
        variances[bin] += sums[2 * bin + 1];
      }
    }
    return { values, variances };
  }

  private column(name: string): ColumnData {
    const column = this.columns.get(name);
    if (!column) throw new Error(`no data for column ${name}`);
    return column;
  }

  private offsetsOf(collection: string): Uint32Array {
    const use = this.program.collections.find((candidate) => candidate.name === collection);
    if (!use) throw new Error(`collection ${collection} is not listed`);
    return this.column(use.columns[0]).offsets[0];
  }

  private *arrays(): Iterable<Values> {
    for (const { values, offsets, valid } of this.columns.values()) {
      yield values;
      yield* offsets;
      if (valid) yield valid;
    }
  }

  private checkOffsets(): void {
    for (const { name, columns } of this.program.collections) {
      const [first, ...others] = columns;
      const offsets = this.column(first).offsets[0];
      for (const other of others) {
        if (equal(offsets, this.column(other).offsets[0])) continue;
        throw new LumiscopeError('format', `columns ${first} and ${other} of ${name} have different numbers of items`, {
          hint: 'the file is inconsistent: leave out one of the two columns',
          place: { column: other },
        });
      }
    }
  }

  private constants(array: ConstantArray, strings: Map<string, number>): Values {
    if ('f64' in array) return Float64Array.from(array.f64);
    if ('i64' in array) return BigInt64Array.from(array.i64);
    if ('strings' in array) return Uint32Array.from(array.strings, (text) => intern(text, strings));
    const [lo, hi] = array.logLimits.map((limit) => this.libm.log(limit));
    return Float64Array.of(lo, hi - lo, array.bins / (hi - lo));
  }

  private alloc(bytes: number): number {
    const at = this.heap.alloc(Math.max(16, bytes));
    this.blocks.push(at);
    return at;
  }

  private zeroed(bytes: number): number {
    const at = this.alloc(bytes);
    new Uint8Array(this.heap.memory.buffer, at, bytes).fill(0);
    return at;
  }

  private copy(array: Values, addresses: Map<Values, number>): number {
    const at = this.alloc(array.byteLength);
    new Uint8Array(this.heap.memory.buffer, at, array.byteLength).set(
      new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
    );
    addresses.set(array, at);
    return at;
  }

  /** A fresh table with room for `rows` items. @returns its address */
  private takeVectors(table: number, rows: number): number {
    const at = this.zeroed(rows * VECTOR_ROW);
    const { frame: layout } = this.generator;
    const view = new DataView(this.heap.memory.buffer);
    view.setUint32(this.frame + layout.cell(cells.vectors(table)), at, true);
    view.setUint32(this.frame + layout.cell(cells.vectorRows(table)), rows, true);
    return at;
  }

  private moreTiles(k: number): void {
    const { table, mask, next, end } = (this.tiles.get(k) as TileHeap).grow();
    const { frame: layout } = this.generator;
    const view = new DataView(this.heap.memory.buffer);
    const cell = (name: string, value: number) => view.setUint32(this.frame + layout.cell(name), value, true);
    cell(cells.tileTable(k), table);
    cell(cells.tileMask(k), mask);
    cell(cells.tileNext(k), next);
    cell(cells.tileEnd(k), end);
  }

  private takeScratch(bytes: number): number {
    const at = this.alloc(bytes);
    const { frame: layout } = this.generator;
    const view = new DataView(this.heap.memory.buffer);
    view.setUint32(this.frame + layout.cell(cells.scratch), at, true);
    view.setUint32(this.frame + layout.cell(cells.scratchEnd), at + bytes, true);
    return at;
  }

  /**
   * A place for `bytes`: the start of the block in use where the stack had gone back into an older one, else a new block.
   * Older blocks stay: lists of the event lie there.
   */
  private moreScratch(bytes: number, top: number): number {
    const { frame: layout } = this.generator;
    const view = new DataView(this.heap.memory.buffer);
    const start = view.getUint32(this.frame + layout.cell(cells.scratch), true);
    const end = view.getUint32(this.frame + layout.cell(cells.scratchEnd), true);
    if ((top < start || top > end) && end - start >= bytes) return start;
    if (bytes > MAX_SCRATCH_BYTES) {
      throw new LumiscopeError(
        'limit',
        `the lists of one event would take ${Math.ceil(bytes / 1e6).toLocaleString('en')} MB`,
        {
          hint: 'select fewer items before combining them',
        },
      );
    }
    return this.takeScratch(Math.max(2 * (end - start), 2 * bytes));
  }
}

function equal(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false;
  if (a.buffer === b.buffer && a.byteOffset === b.byteOffset) return true;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}

function intern(text: string, strings: Map<string, number>): number {
  const known = strings.get(text);
  if (known !== undefined) return known;
  strings.set(text, strings.size + 1);
  return strings.size;
}

/** From a column's string codes to interned numbers. */
function internedCodes(column: ColumnData, strings: Map<string, number>): Uint32Array {
  return Uint32Array.from(column.dictionary ?? [], (text) => intern(text, strings));
}
