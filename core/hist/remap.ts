import { type BinArrays, emptyArrays, hasMeans, listArrays } from './arrays.ts';
import { type Axis, axisExtent } from './axis.ts';
import { binCount } from './contents.ts';
import type { Histogram } from './histogram.ts';
import { addMean } from './mean.ts';
import { remapTiles } from './remapTiles.ts';

/** Where the bins of one axis go. */
export interface AxisPlan {
  /** The axis in its place; absent where none is left. */
  axis?: Axis;
  /** For each bin, flow included, its bin of the new axis (0 where there is none), or −1 where it is left out. */
  to: Int32Array;
}

/** Every bin stays where it is. */
export function keep(axis: Axis): AxisPlan {
  return { axis, to: Int32Array.from({ length: axisExtent(axis) }, (_, i) => i) };
}

/** All bins in one, without an axis. */
export function sumUp(axis: Axis): AxisPlan {
  return { to: new Int32Array(axisExtent(axis)) };
}

/** One bin alone, without an axis. `index` counts flow bins, as `axisIndexer` does. */
export function pick(axis: Axis, index: number): AxisPlan {
  const to = new Int32Array(axisExtent(axis)).fill(-1);
  to[index] = 0;
  return { to };
}

/**
 * The histogram with its bins moved: slices, sums and wider bins of all axes in one pass, in which bins that are left out cost
 * nothing. Sums run in the order of the bins. `entries` and `missing` stay.
 *
 * @param plans one for each axis
 */
export function remap(histogram: Histogram, plans: readonly AxisPlan[]): Histogram {
  const axes = plans.flatMap(({ axis }) => axis ?? []);
  const { tiles } = histogram;
  if (tiles) return { ...histogram, tiles: undefined, axes, ...remapTiles({ ...histogram, tiles }, axes, plans) };
  const sums = emptyArrays(histogram.storage, binCount(axes));
  if (plans.length === 0) addBin(sums, histogram);
  else addMoved(sums, histogram, stepsOf(plans));
  return { ...histogram, axes, ...sums };
}

function addBin(sums: BinArrays, histogram: Histogram): void {
  const from = listArrays(histogram);
  listArrays(sums).forEach((array, i) => {
    array[0] = from[i][0];
  });
}

/** For each bin of each axis, how far it moves the place in the new arrays; −1 where it is left out. */
function stepsOf(plans: readonly AxisPlan[]): Int32Array[] {
  let stride = 1;
  const steps = plans.toReversed().map(({ axis, to }) => {
    const step = to.map((bin) => (bin < 0 ? -1 : bin * stride));
    if (axis) stride *= axisExtent(axis);
    return step;
  });
  return steps.reverse();
}

function addMoved(sums: BinArrays, more: BinArrays, steps: readonly Int32Array[]): void {
  const last = steps.length - 1;
  const addRun = runAdder(sums, more, steps[last]);
  const walk = (depth: number, at: number, from: number) => {
    if (depth === last) return addRun(at, from);
    const step = steps[depth];
    const inside = steps[depth + 1].length;
    for (let i = 0; i < step.length; i++) if (step[i] >= 0) walk(depth + 1, at + step[i], (from + i) * inside);
  };
  walk(0, 0, 0);
}

/** Adds the bins of the last axis that start at `from`; the usual runs, a part of the axis or the sum of one, go fast. */
function runAdder(sums: BinArrays, more: BinArrays, step: Int32Array): (at: number, from: number) => void {
  if (hasMeans(sums) && hasMeans(more)) {
    return (at, from) => {
      for (let i = 0; i < step.length; i++) if (step[i] >= 0) addMean(sums, at + step[i], more, from + i);
    };
  }
  const first = step.findIndex((to) => to >= 0);
  const end = step.findLastIndex((to) => to >= 0) + 1;
  const run = step.subarray(Math.max(first, 0), end);
  const add = run.every((to) => to === run[0])
    ? addToOne
    : run.every((to, i) => to === run[0] + i)
      ? addToEach
      : addByTable;
  const sources = listArrays(more);
  const pairs = listArrays(sums).map((sum, i) => [sum, sources[i]] as const);
  return (at, from) => {
    for (const [sum, values] of pairs) add(sum, at, values, from + first, run);
  };
}

function addToOne(sum: Float64Array, at: number, values: Float64Array, from: number, run: Int32Array): void {
  if (run.length === 0) return;
  const to = at + run[0];
  let total = sum[to];
  for (let i = from; i < from + run.length; i++) total += values[i];
  sum[to] = total;
}

function addToEach(sum: Float64Array, at: number, values: Float64Array, from: number, run: Int32Array): void {
  const to = at + run[0];
  for (let i = 0; i < run.length; i++) sum[to + i] += values[from + i];
}

function addByTable(sum: Float64Array, at: number, values: Float64Array, from: number, run: Int32Array): void {
  for (let i = 0; i < run.length; i++) if (run[i] >= 0) sum[at + run[i]] += values[from + i];
}
