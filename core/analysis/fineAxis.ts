/** Where brushes may begin and end: an axis's own edges and some between them, each as the number that the binning formula goes by. */
import type { RegularAxis } from '../hist/axis.ts';
import { axisEdges } from '../hist/edges.ts';
import { type AxisMath, axisIndexer } from '../hist/indexer.ts';
import { axisOf } from './compile.ts';
import type { AxisSpec } from './document.ts';

/** Bins are divided by a whole number so that there are up to `divided`; axes with more than `most` have bounds at some of their edges only. */
const ALONE = { divided: 400, most: 1000 };
const IN_BOX = { divided: 64, most: 200 };

/** The places that a brush's bounds snap to, ascending: they hang on the axis alone, not on how it is drawn. */
export interface FineAxis {
  /** `positions`: of the bins of a category or boolean axis. */
  kind: 'numbers' | 'positions';
  /** Where they stand in a plot. */
  edges: Float64Array;
  /**
   * As many: the smallest double that the formula puts above the edge, so that `lo <= x < hi` bins as the formula does; 0 for one
   * that is subnormal.
   */
  bounds: Float64Array;
}

/**
 * The bounds of a brush on an axis.
 * @param inBox whether the brush has a second range
 */
export function fineAxis(spec: AxisSpec, inBox: boolean, math: AxisMath): FineAxis {
  const axis = axisOf(spec);
  const { divided, most } = inBox ? IN_BOX : ALONE;
  if (axis.type === 'regular') return regularFine(axis, divided, most, math);
  const edges = axisEdges(axis);
  if (axis.type === 'variable') return ascending('numbers', thinned(edges, most), thinned(edges, most));
  return { kind: 'positions', edges, bounds: edges };
}

/** Every so many of the edges, so that at most `most` bins are left; the first and the last one stay. */
export function thinned(edges: Float64Array, most: number): Float64Array {
  const step = Math.ceil((edges.length - 1) / most);
  return step <= 1 ? edges : edges.filter((_, i) => i % step === 0 || i === edges.length - 1);
}

function regularFine(axis: RegularAxis, divided: number, most: number, math: AxisMath): FineAxis {
  const factor = Math.max(1, Math.floor(divided / axis.bins));
  const step = Math.ceil(axis.bins / most);
  const fine = { ...axis, bins: axis.bins * factor };
  const all = axisEdges(fine);
  const at = Array.from(all.keys()).filter((i) => i % step === 0 || i === fine.bins);
  const own = withinScale(axis, math);
  const between = withinScale(fine, math);
  const bounds = at.map((i) =>
    // The axis's own formula where it has an edge: that of its parts may round otherwise.
    i % factor === 0 ? threshold(own, i / factor, all[i]) : threshold(between, i, all[i]),
  );
  return ascending(
    'numbers',
    Float64Array.from(at, (i) => all[i]),
    Float64Array.from(bounds),
  );
}

/** A number that has no log or root counts as overflow: here, as below all. */
function withinScale(axis: RegularAxis, math: AxisMath): (x: number) => number {
  const index = axisIndexer(axis, math);
  return axis.scale === 'linear' ? index : (x) => (x < 0 ? 0 : index(x));
}

/** Bins that are narrower than doubles are apart have no bounds of their own. */
function ascending(kind: FineAxis['kind'], edges: Float64Array, bounds: Float64Array): FineAxis {
  let last = Number.NEGATIVE_INFINITY;
  const rises = bounds.map((bound) => {
    if (!(bound > last)) return 0;
    last = bound;
    return 1;
  });
  return { kind, edges: edges.filter((_, i) => rises[i]), bounds: bounds.filter((_, i) => rises[i]) };
}

/** The smallest double whose index is above `bin`, counted without flow; found from an edge near it. */
function threshold(index: (x: number) => number, bin: number, near: number): number {
  const isAbove = (key: bigint) => index(fromKey(key)) > bin;
  let [below, above] = [toKey(near), toKey(near)];
  for (let step = 1n; isAbove(below); step *= 2n) {
    above = below;
    below -= step;
  }
  for (let step = 1n; !isAbove(above); step *= 2n) {
    below = above;
    above += step;
  }
  while (above - below > 1n) {
    const middle = (above + below) >> 1n;
    if (isAbove(middle)) above = middle;
    else below = middle;
  }
  const found = fromKey(above);
  // Dividing by a width makes zero of the numbers next to it: nobody means these.
  return Math.abs(found) < SMALLEST_NORMAL ? 0 : found;
}

const SMALLEST_NORMAL = 2 ** -1022;
const bits = new BigInt64Array(1);
const double = new Float64Array(bits.buffer);
const LOWEST = -(1n << 63n);

/** Consecutive integers for consecutive doubles; −0 and 0 are one. */
function toKey(x: number): bigint {
  double[0] = x;
  return bits[0] >= 0n ? bits[0] : LOWEST - bits[0];
}

function fromKey(key: bigint): number {
  bits[0] = key >= 0n ? key : LOWEST - key;
  return double[0];
}

/** The index of the bound that is nearest to a place in the plot. */
export function nearestBound({ edges }: FineAxis, value: number): number {
  let from = 0;
  let to = edges.length - 1;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (edges[middle] <= value) from = middle;
    else to = middle;
  }
  return value - edges[from] <= edges[to] - value ? from : to;
}

/** Bounds nearest to two places, in order, at least one bin apart. */
export function snapRange(axis: FineAxis, a: number, b: number): [from: number, to: number] {
  const [lo, hi] = a <= b ? [a, b] : [b, a];
  const last = axis.bounds.length - 1;
  let from = nearestBound(axis, lo);
  let to = nearestBound(axis, hi);
  if (from === to) {
    if (to < last && (from === 0 || (lo + hi) / 2 >= axis.edges[from])) to++;
    else from--;
  }
  return [axis.bounds[Math.max(0, from)], axis.bounds[Math.min(last, to)]];
}
