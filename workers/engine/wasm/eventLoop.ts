import type { HistogramProgram, Program } from '../../../core/expr/typedForm.ts';
import { I32, I64, type Label, type Local } from './code.ts';
import { type ColumnFill, columnFill, emitColumnLoop, emitWeightSums, plainWeight } from './columnLoop.ts';
import { emitValue } from './expressions.ts';
import { COPIES, Filler, weightAndSquare } from './fill.ts';
import { cells } from './frame.ts';
import { type ColumnShape, Generator, rootsOf } from './generator.ts';
import { emitItemLoop, isFilledByItems } from './itemLoop.ts';
import type { Held } from './layout.ts';
import { storeList } from './lists.ts';
import type { TableCode } from './run.ts';

/** A generated module, and what the host has to put into its frame. */
export interface EventLoop {
  /** Exports `run(frame, begin, end)`: events `[begin, end)` of the chunk. */
  bytes: Uint8Array<ArrayBuffer>;
  generator: Generator;
}

interface Filled {
  histogram: HistogramProgram;
  filler: Filler;
}

/** Writes the fused event loop of a program for columns of the given shapes. @param table where the program has a table */
export function generateEventLoop(
  program: Program,
  shapes: ReadonlyMap<string, ColumnShape>,
  table?: TableCode,
): EventLoop {
  const g = new Generator(rootsOf(program), shapes, { value: emitValue, store: storeList });
  const { code } = g;
  const [begin, end] = [code.param(1), code.param(2)];
  const fillers = program.histograms.map(
    (histogram, k): Filled => ({ histogram, filler: new Filler(g, k, histogram) }),
  );
  const columns = new Map(fillers.map((one) => [one, columnFill(program, one.histogram, shapes)]));
  const byItems = fillers.filter((one) => isFilledByItems(program, one.histogram));
  const byColumns = fillers.filter((one) => columns.get(one) && !one.histogram.per);
  const byEvents = fillers.filter((one) => !byItems.includes(one) && !byColumns.includes(one));
  const cutflow = new CutflowCounters(g, program);
  for (const name of [cells.scratch, cells.scratchEnd]) g.frame.cell(name);
  g.frame.wide(cells.missingWeight);
  const weight = plainWeight(program, shapes);
  if (byEvents.length > 0 || !weight || program.table) {
    emitEvents(g, program, byEvents, cutflow, [begin, end], table);
  } else {
    cutflow.countAll(begin, end);
    if (weight !== 'none') code.recycled(() => emitWeightSums(g, weight, [code.get(begin).hold(I32), end]));
  }
  for (const one of byItems) {
    g.isolated(() => code.recycled(() => emitItemLoop(g, one.histogram, one.filler, columns.get(one))));
  }
  for (const filled of byColumns) {
    const { histogram, filler } = filled;
    const column = columns.get(filled) as ColumnFill;
    const one = () => filler.once(program.weight && g.value(program.weight).slots[0], g.event);
    code.get(begin).set(g.event);
    g.isolated(() => code.recycled(() => emitColumnLoop(g, histogram, column, [g.event, end], filler, one)));
  }
  cutflow.store();
  for (const { filler } of fillers) filler.store();
  code.prepend(() => {
    g.loadPointers(code);
    cutflow.load();
    for (const { filler } of fillers) filler.load();
  });
  return { bytes: code.module(), generator: g };
}

/** The loop over events `[begin, end)`: weight, cuts, and the histograms that need an event. */
function emitEvents(
  g: Generator,
  program: Program,
  fillers: readonly Filled[],
  cutflow: CutflowCounters,
  [begin, end]: [Local, Local],
  table: TableCode | undefined,
): void {
  const { code } = g;
  const emitEvent = (next: Label) => {
    if (program.weight) g.prepareEvent([program.weight]);
    const weight = program.weight && g.value(program.weight);
    cutflow.count(0, weight);
    for (const [k, { cond }] of program.cuts.entries()) {
      g.prepareEvent([cond]);
      code.recycled(() => code.get(g.value(cond).slots[0]).op('i32.eqz').brIf(next));
      cutflow.count(k + 1, weight);
    }
    if (program.table) table!.emitRow(g, program.table);
    if (weight?.valid) {
      const at = g.frame.wide(cells.missingWeight);
      code.get(weight.valid).op('i32.eqz');
      code.if(() => {
        code.get(g.framePointer).get(g.framePointer).mem('i64.load', at).i64(1n).op('i64.add');
        code.mem('i64.store', at).br(next);
      });
    }
    for (const { histogram, filler } of fillers) {
      const { per, axes, select, weight: own, sample } = histogram;
      const values = [select, own, sample, ...axes.map((axis) => axis.value)].filter((root) => root !== undefined);
      if (per) g.prepareEvent([per.list], values);
      else g.prepareEvent(values);
      code.recycled(() => filler.fill(weight?.slots[0]));
    }
  };
  code.get(begin).set(g.event);
  code.block((done) => {
    code.loop((again) => {
      code.get(g.event).get(end).op('i32.ge_u').brIf(done);
      const body = code.capture(() => code.block(emitEvent));
      if (g.usesScratch) code.get(g.framePointer).mem('i32.load', g.frame.cell(cells.scratch)).set(g.top);
      code.append(body);
      code.get(g.event).i32(1).op('i32.add').set(g.event).br(again);
    });
  });
}

/** Events, Σw and Σw² before any cut and after each one. */
class CutflowCounters {
  private readonly g: Generator;
  private readonly weighted: boolean;
  private readonly passed: Local[];

  constructor(g: Generator, program: Program) {
    this.g = g;
    this.weighted = program.weight !== undefined;
    this.passed = Array.from({ length: program.cuts.length + 1 }, () => g.code.local(I64));
  }

  /** Counts the event in a row. Without a weight the sums are the count: the host knows. */
  count(row: number, weight: Held | undefined): void {
    const { code, event, framePointer, frame } = this.g;
    const passed = this.passed[row];
    code.get(passed).i64(1n).op('i64.add').set(passed);
    if (!weight) return;
    const sums = frame.quads(cells.sums(row), COPIES);
    const add = () => {
      const at = code
        .get(event)
        .i32(COPIES - 1)
        .op('i32.and')
        .i32(4)
        .op('i32.shl')
        .get(framePointer)
        .op('i32.add')
        .hold(I32);
      code.get(at).get(at).v128Load(sums);
      weightAndSquare(code, weight.slots[0]);
      code.simd('f64x2.add').v128Store(sums);
    };
    if (weight.valid) code.get(weight.valid).if(add);
    else add();
  }

  /** Counts all events of a slice: where nothing can be cut. */
  countAll(begin: Local, end: Local): void {
    const { code } = this.g;
    const [all] = this.passed;
    code.get(all).get(end).get(begin).op('i32.sub').op('i64.extend_i32_u').op('i64.add').set(all);
  }

  load(): void {
    const { code, framePointer, frame } = this.g;
    for (const [row, local] of this.passed.entries())
      code
        .get(framePointer)
        .mem('i64.load', frame.wide(cells.passed(row)))
        .set(local);
  }

  store(): void {
    const { code, framePointer, frame } = this.g;
    for (const [row, local] of this.passed.entries()) {
      code
        .get(framePointer)
        .get(local)
        .mem('i64.store', frame.wide(cells.passed(row)));
      if (this.weighted) frame.quads(cells.sums(row), COPIES);
    }
  }
}
