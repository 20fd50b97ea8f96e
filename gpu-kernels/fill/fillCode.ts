import type { Program } from '../../core/expr/typedForm.ts';
import type { AxisMath } from '../../core/hist/indexer.ts';
import type { ConstantWords, GpuLimits, ResultLayout } from '../types.ts';
import { type AxisKind, axisCode, SEARCH_LIBRARY, SEARCHES } from './axes.ts';
import { commitCode, mainCode } from './commit.ts';
import { FIXED_POINT } from './fixedPoint.ts';
import { hasSums, resultLayout } from './layout.ts';
import { planFills } from './plan.ts';
import { documentWeight, weightNumbers } from './weights.ts';

export interface FillOptions {
  /** How the event's code holds the value of each axis of each histogram. */
  kinds: readonly (readonly AxisKind[])[];
  /** Word of `constants` at which those of the axes begin. */
  firstConstant: number;
  /** Number of the word of `params` that scales the first weight: `PARAMS.BASES` and the number of arrays. */
  firstScale: number;
  /** The libm of the engines. */
  math: AxisMath;
  limits: GpuLimits;
}

export interface FillCode {
  /**
   * Comes behind the bindings and the library of `numbers/` (`Num`, `doubt`, `zero`, and `functions`):
   *
   * - `bin_K_A(x) -> u32`, x as `kinds` says: the index on axis A of histogram K, flow included
   * - `fill_K(bin: u32)`, or `fill_K(bin: u32, w: Num)` where the histogram has an `ownWeight`; `bin` counts as `Histogram.values` does, and w
   *   is the product of the document's weight and the histogram's own
   * - `missing_K()`
   * - `commit(rows: u32, weight_missing: bool)`, with `w: Num` behind where there is a `documentWeight`: the event passed the first `rows`
   *   rows of the cutflow, at least 1. Fills are added only where all were passed.
   */
  declarations: string;
  /** The entry point, which calls `fn event(e: u32)`; an event that leaves `doubt` set is noted, whether it called `commit` or not. */
  main: string;
  /** What it needs of the library. */
  functions: readonly string[];
  constants: ConstantWords[];
  layout: ResultLayout;
  workgroup: number;
  weights: number;
}

/** The part of a module that bins, adds and goes over the events. `refuseFills` has to have said nothing of the program. */
export function fillCode(program: Program, { kinds, firstConstant, firstScale, math, limits }: FillOptions): FillCode {
  const layout = resultLayout(program);
  const plan = planFills(layout, limits);
  let at = firstConstant;
  const axes = program.histograms.flatMap((histogram, k) =>
    histogram.axes.map(({ axis }, a) => {
      const code = axisCode(`bin_${k}_${a}`, axis, kinds[k][a], at, math);
      for (const constant of code.constants) at += constant.kind === 'string' ? 1 : constant.words.length;
      return code;
    }),
  );
  const accumulators = { layout, plan, firstScale, weighted: documentWeight(program) !== undefined };
  return {
    declarations: [
      SEARCHES,
      hasSums(layout) ? FIXED_POINT : '',
      ...axes.map(({ text }) => text),
      commitCode(accumulators),
    ].join('\n'),
    main: mainCode(accumulators),
    functions: SEARCH_LIBRARY,
    constants: axes.flatMap(({ constants }) => constants),
    layout,
    workgroup: plan.workgroup,
    weights: weightNumbers(program).weights,
  };
}
