/** The reference engine: cutflow, weights and fills around the interpreter. */

import type { HistogramProgram, Program } from '../../../core/expr/typedForm.ts';
import { emptyArrays, hasMeans } from '../../../core/hist/arrays.ts';
import { axisExtent } from '../../../core/hist/axis.ts';
import type { Contents } from '../../../core/hist/contents.ts';
import { type AxisValue, axisIndexer } from '../../../core/hist/indexer.ts';
import { fillMean } from '../../../core/hist/mean.ts';
import type { ChunkRun, Engine, PartialResult } from '../engine.ts';
import { instantiateLibm, type Libm } from '../libm/libm.ts';
import { ReferenceChunk } from './chunk.ts';
import { Interpreter, type Scope } from './interpreter.ts';
import { ReferenceTable } from './table.ts';
import { asFloat, type Value } from './values.ts';

/** One histogram of the program with its contents so far. */
class Filler {
  readonly contents: Contents;
  private readonly program: HistogramProgram;
  private readonly indexers: ((value: AxisValue) => number)[];
  private readonly extents: number[];

  constructor(program: HistogramProgram, libm: Libm) {
    this.program = program;
    this.indexers = program.axes.map(({ axis }) => axisIndexer(axis, libm));
    this.extents = program.axes.map(({ axis }) => axisExtent(axis));
    const size = this.extents.reduce((product, extent) => product * extent, 1);
    this.contents = { ...emptyArrays(program.storage, size), entries: 0, missing: 0 };
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
      this.contents.missing += 1;
      return;
    }
    this.add(coordinates, documentWeight * asFloat(own), asFloat(s));
  }

  private add(coordinates: Value[], w: number, s: number): void {
    const { contents } = this;
    const { values, variances } = contents;
    const cell = coordinates.reduce(
      (at: number, value, k) => at * this.extents[k]! + this.indexers[k]!(value as AxisValue),
      0,
    );
    contents.entries += 1;
    if (hasMeans(contents)) {
      fillMean(contents, cell, w, s);
      return;
    }
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

  constructor(program: Program, chunk: ReferenceChunk, libm: Libm) {
    this.program = program;
    this.chunk = chunk;
    this.libm = libm;
    this.fillers = program.histograms.map((histogram) => new Filler(histogram, libm));
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
      histograms: this.fillers.map((filler) => filler.contents),
      ...(this.table && { table: this.table.result() }),
    };
  }
}

/** The oracle: slow, plain, and the definition of what a program means. */
export const referenceEngine: Engine = {
  name: 'reference',
  async prepare(program) {
    const libm = await instantiateLibm(new WebAssembly.Memory({ initial: 1 }));
    return { start: (columns) => new ReferenceRun(program, new ReferenceChunk(program, columns), libm) };
  },
};
