/** The reference engine: cutflow, weights and fills around the interpreter. */

import type { HistogramProgram, Program } from '../../../core/expr/typedForm.ts';
import { type BinArrays, emptyArrays, hasMeans } from '../../../core/hist/arrays.ts';
import { axisExtent } from '../../../core/hist/axis.ts';
import { binCount, type Contents, isTiled } from '../../../core/hist/contents.ts';
import { type AxisValue, axisIndexer } from '../../../core/hist/indexer.ts';
import { fillMean } from '../../../core/hist/mean.ts';
import { TileSum } from '../../../core/hist/tiles.ts';
import type { ChunkRun, Engine, PartialResult } from '../engine.ts';
import { instantiateLibm, type Libm } from '../libm/libm.ts';
import { TILE_BYTES, tooManyTiles } from '../tileLimit.ts';
import { ReferenceChunk } from './chunk.ts';
import { Interpreter, type Scope } from './interpreter.ts';
import { ReferenceTable } from './table.ts';
import { asFloat, type Value } from './values.ts';

/** One histogram of the program with its contents so far. */
class Filler {
  private readonly counts: Pick<Contents, 'entries' | 'missing'>;
  private readonly dense: BinArrays;
  private readonly tiles: TileSum | undefined;
  private readonly program: HistogramProgram;
  private readonly indexers: ((value: AxisValue) => number)[];
  private readonly extents: number[];
  private readonly tileBytes: number;

  constructor(program: HistogramProgram, libm: Libm, tileBytes: number) {
    this.program = program;
    this.tileBytes = tileBytes;
    this.indexers = program.axes.map(({ axis }) => axisIndexer(axis, libm));
    this.extents = program.axes.map(({ axis }) => axisExtent(axis));
    const axes = program.axes.map(({ axis }) => axis);
    this.counts = { entries: 0, missing: 0 };
    this.tiles = isTiled(axes) ? new TileSum(program.storage) : undefined;
    this.dense = emptyArrays(program.storage, this.tiles ? 0 : binCount(axes));
  }

  contents(): Contents {
    return { ...(this.tiles?.sorted() ?? this.dense), ...this.counts };
  }

  /** All fills of one event; `weight` is the document's. */
  fillEvent(event: Interpreter, weight: number): void {
    const { per } = this.program;
    if (!per) {
      this.fill(event, undefined, weight);
      return;
    }
    for (const value of event.list(per.list, undefined)) {
      this.fill(event, { id: per.var, value, outer: undefined }, weight);
    }
  }

  private fill(event: Interpreter, scope: Scope, documentWeight: number): void {
    const { select, weight, sample, axes } = this.program;
    if (select && event.truth(select, scope) !== true) return;
    const own = weight ? event.expr(weight, scope) : 1;
    const coordinates = axes.map(({ value }) => event.expr(value, scope));
    const s = sample ? event.expr(sample, scope) : 0;
    if (own === undefined || s === undefined || coordinates.includes(undefined)) {
      this.counts.missing += 1;
      return;
    }
    this.add(coordinates, documentWeight * asFloat(own), asFloat(s));
  }

  private add(coordinates: Value[], w: number, s: number): void {
    const bin = coordinates.reduce(
      (at: number, value, k) => at * this.extents[k]! + this.indexers[k]!(value as AxisValue),
      0,
    );
    this.counts.entries += 1;
    const cell = this.tiles?.indexOf(bin) ?? bin;
    if (this.tiles && this.tiles.bytes > this.tileBytes) throw tooManyTiles(this.program.name, this.tileBytes);
    const arrays = this.tiles?.arrays ?? this.dense;
    if (hasMeans(arrays)) {
      fillMean(arrays, cell, w, s);
      return;
    }
    const { values, variances } = arrays;
    values[cell]! += variances ? w : 1;
    if (variances) variances[cell]! += w * w;
  }
}

class ReferenceRun implements ChunkRun {
  private readonly program: Program;
  private readonly chunk: ReferenceChunk;
  private readonly libm: Libm;
  private readonly fillers: Filler[];
  private readonly cutflow: Float64Array;
  private readonly table: ReferenceTable | undefined;
  private missingWeight = 0;

  constructor(program: Program, chunk: ReferenceChunk, libm: Libm, tileBytes: number) {
    this.program = program;
    this.chunk = chunk;
    this.libm = libm;
    this.fillers = program.histograms.map((histogram) => new Filler(histogram, libm, tileBytes));
    this.cutflow = new Float64Array(3 * (program.cuts.length + 1));
    this.table = program.table && new ReferenceTable(program.table);
  }

  run(begin: number, end: number): void {
    for (let event = begin; event < end; event++) this.runEvent(event, new Interpreter(this.chunk, this.libm, event));
  }

  private runEvent(position: number, event: Interpreter): void {
    const { weight, cuts } = this.program;
    const value = weight ? event.expr(weight, undefined) : 1;
    const w = value === undefined ? undefined : asFloat(value);
    this.count(0, w);
    for (const [k, { cond }] of cuts.entries()) {
      if (event.truth(cond, undefined) !== true) return;
      this.count(k + 1, w);
    }
    this.table?.add(position, event);
    if (w === undefined) this.missingWeight += 1;
    else for (const filler of this.fillers) filler.fillEvent(event, w);
  }

  private count(row: number, w: number | undefined): void {
    this.cutflow[3 * row]! += 1;
    if (w === undefined) return;
    this.cutflow[3 * row + 1]! += w;
    this.cutflow[3 * row + 2]! += w * w;
  }

  /** Nothing outside the garbage collector's reach is held. */
  release(): void {}

  result(): PartialResult {
    return {
      // A program may read no column at all: the events are those that it was run over.
      events: this.cutflow[0]!,
      cutflow: this.cutflow,
      missingWeight: this.missingWeight,
      histograms: this.fillers.map((filler) => filler.contents()),
      ...(this.table && { table: this.table.result() }),
    };
  }
}

/** The oracle: slow, plain, and the definition of what a program means. */
export const referenceEngine: Engine = {
  name: 'reference',
  async prepare(program) {
    const libm = await instantiateLibm(new WebAssembly.Memory({ initial: 1 }));
    return {
      start: (columns, tileBytes = TILE_BYTES) =>
        new ReferenceRun(program, new ReferenceChunk(program, columns), libm, tileBytes),
    };
  },
};
