import type { Expr, HistogramProgram, List, Program } from '../../../core/expr/typedForm.ts';
import { forEachNode } from '../../../core/expr/walk.ts';
import { type Code, I32, type Local } from './code.ts';
import { type ColumnFill, emitColumnLoop } from './columnLoop.ts';
import type { Filler } from './fill.ts';
import { cells } from './frame.ts';
import type { Generator } from './generator.ts';

/**
 * Histograms of a collection's own columns need no event loop: where no cut and no weight asks for the event, the items of all
 * events are one run of numbers. `Jet.pt`, or `Jet.pt[abs(Jet.eta) < 1]`, is filled from it at the speed of a flat column.
 */
export function isFilledByItems(program: Program, { per, axes, select, weight, sample }: HistogramProgram): boolean {
  if (program.cuts.length > 0 || program.weight || !per || !baseOf(per.list)) return false;
  const roots = [select, weight, sample, ...axes.map((axis) => axis.value), ...conditions(per.list)].filter(
    (root) => root !== undefined,
  );
  let own = true;
  forEachNode(roots, (node) => {
    if (
      node.op === 'column' ||
      node.op === 'reference' ||
      'list' in node ||
      'lists' in node ||
      node.op === 'base' ||
      node.op === 'literal'
    )
      own = false;
  });
  return own;
}

/** The collection that a list is a selection of. */
function baseOf(list: List): string | undefined {
  if (list.op === 'base') return list.collection;
  return list.op === 'filter' ? baseOf(list.list) : undefined;
}

function conditions(list: List): Expr[] {
  return list.op === 'filter' ? [...conditions(list.list), list.cond] : [];
}

/** Fills one histogram from the items of events `[begin, end)`, the function's arguments. */
export function emitItemLoop(g: Generator, histogram: HistogramProgram, filler: Filler, column?: ColumnFill): void {
  const { per } = histogram;
  if (!per) throw new Error('not filled per item');
  const { code } = g;
  const collection = baseOf(per.list) as string;
  const offsets = g.pointer(cells.offsets(collection));
  const boundary = (event: number) =>
    code.get(code.param(event)).i32(2).op('i32.shl').get(offsets).op('i32.add').mem('i32.load').hold(I32);
  const index = boundary(1);
  const end = boundary(2);
  const item = { slots: [index] };
  const one = () => {
    code.block((next) => {
      const pass = (list: List): void => {
        if (list.op !== 'filter') return;
        pass(list.list);
        g.within([[list.var, item]], () => code.get(g.value(list.cond).slots[0]).op('i32.eqz').brIf(next));
      };
      pass(per.list);
      g.within([[per.var, item]], () => filler.once(undefined, index));
    });
  };
  const first = code.i32(0).hold(I32);
  g.withItemsAt(collection, { first, count: end }, () => {
    if (column) emitColumnLoop(g, histogram, column, [index, end], filler, one);
    else emitLoop(code, index, end, one);
  });
}

function emitLoop(code: Code, index: Local, end: Local, one: () => void): void {
  code.block((done) => {
    code.loop((again) => {
      code.get(index).get(end).op('i32.ge_u').brIf(done);
      one();
      code.get(index).i32(1).op('i32.add').set(index).br(again);
    });
  });
}
