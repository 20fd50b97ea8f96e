import type { Expr, HistogramProgram, Program, Scalar } from '../../../core/expr/typedForm.ts';
import { type Axis, axisExtent } from '../../../core/hist/axis.ts';

/** Stands for what lowering evaluates: the rig's events do it by hand. */
export function someValue(kind: Scalar = 'float'): Expr {
  return { op: 'column', column: 'x', type: { kind }, optional: false };
}

/** A histogram over axes, once an event. */
export function histogramOf(axes: readonly Axis[], more: Partial<HistogramProgram> = {}): HistogramProgram {
  return { name: 'h', storage: 'count', axes: axes.map((axis) => ({ axis, value: someValue() })), ...more };
}

/** What `per` of a histogram that is filled per item says; which list it is makes no difference to fills. */
export const perItem: HistogramProgram['per'] = {
  list: { op: 'base', collection: 'Item', id: 1, item: { kind: 'item', collection: 'Item' }, itemOptional: false },
  var: 1,
};

export function programOf(histograms: HistogramProgram[], more: Partial<Program> = {}): Program {
  return { columns: ['x'], collections: [], cuts: [], histograms, ...more };
}

export const linear = (bins: number, lo: number, hi: number): Axis => ({
  type: 'regular',
  scale: 'linear',
  bins,
  lo,
  hi,
});

/** The bin of a histogram for an index on each axis, as WGSL. */
export function binOf(axes: readonly Axis[], indices: readonly string[]): string {
  return indices.reduce((bin, index, a) => (a === 0 ? index : `(${bin}) * ${axisExtent(axes[a])}u + ${index}`));
}
