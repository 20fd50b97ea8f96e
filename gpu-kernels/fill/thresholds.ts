/**
 * Where the bins of numeric axes begin, as the reference formula has it: found by trying the formula (`axisIndexer`), never by inverting it.
 */
import { axisBins, type RegularAxis, type VariableAxis } from '../../core/hist/axis.ts';
import { type AxisMath, axisIndexer } from '../../core/hist/indexer.ts';

/**
 * For each index from 1 on, the smallest double that gets it or a higher one; of log and sqrt axes, of those that are not negative.
 *
 * A logarithm's last bits need not ascend. So within `radius` of a threshold the formula may go to and fro; 0 where it does not.
 */
export interface Thresholds {
  at: Float64Array;
  radius: Float64Array;
}

/** Up to so many bins the formula is tried on all doubles around a threshold of a log axis; past it, a zone is taken for granted. */
const BINS_TO_TRY = 1 << 13;
/** Thresholds that are kept in all: 32 MiB. */
const KEPT = 2 ** 21;

const kept = new WeakMap<AxisMath, Map<string, Thresholds>>();

/** Those of one axis; the last ones asked for are kept, since every frame of a drag asks again. */
export function axisThresholds(axis: RegularAxis | VariableAxis, math: AxisMath): Thresholds {
  if (axis.type === 'variable')
    return { at: Float64Array.from(axis.edges), radius: new Float64Array(axis.edges.length) };
  const known = kept.get(math) ?? new Map<string, Thresholds>();
  kept.set(math, known);
  const key = `${axis.scale} ${axis.bins} ${axis.lo} ${axis.hi}`;
  const found = known.get(key) ?? regularThresholds(axis, math);
  known.delete(key);
  known.set(key, found);
  let size = 0;
  for (const { at } of known.values()) size += at.length;
  for (const [oldest, { at }] of known) {
    if (size <= KEPT) break;
    known.delete(oldest);
    size -= at.length;
  }
  return found;
}

function regularThresholds(axis: RegularAxis, math: AxisMath): Thresholds {
  const indexOf = axisIndexer(axis, math) as (x: number) => number;
  const count = axisBins(axis) + 1;
  const at = new Float64Array(count);
  const radius = new Float64Array(count);
  const guess = guessEdges(axis);
  for (let i = 0; i < count; i++) {
    const first = firstWith((x) => indexOf(x) > i, guess(i), axis);
    at[i] = i > 0 ? Math.max(first, at[i - 1]) : first;
    if (axis.scale === 'log') radius[i] = count > BINS_TO_TRY ? at[i] * 2 ** -44 : unsteady(indexOf, i, at[i]);
  }
  return { at, radius };
}

/** About where bin i begins. */
function guessEdges({ bins, lo, hi, scale }: RegularAxis): (i: number) => number {
  const between = (a: number, b: number, i: number) => a + (b - a) * (i / bins);
  if (scale === 'linear') return (i) => between(lo, hi, i);
  if (scale === 'sqrt') return (i) => between(Math.sqrt(lo), Math.sqrt(hi), i) ** 2;
  return (i) => Math.exp(between(Math.log(lo), Math.log(hi), i));
}

/** The smallest x for which `isThere`, which holds from there on; `near` is about where it is. It holds at the axis's upper end. */
function firstWith(isThere: (x: number) => boolean, near: number, { scale, lo, hi }: RegularAxis): number {
  const least = scale === 'linear' ? -Number.MAX_VALUE : 0;
  if (isThere(least)) return least;
  let step = Math.max(Math.abs(near), (hi - lo) * 2 ** -10, Number.MIN_VALUE) * 2 ** -50;
  let [below, above] = isThere(near) ? [Math.max(least, near - step), near] : [near, Math.min(hi, near + step)];
  while (isThere(below)) {
    step *= 16;
    [below, above] = [Math.max(least, near - step), below];
  }
  while (!isThere(above)) {
    step *= 16;
    [below, above] = [above, Math.min(hi, near + step)];
  }
  for (;;) {
    const middle = below + (above - below) / 2;
    if (!(below < middle && middle < above)) return above;
    if (isThere(middle)) above = middle;
    else below = middle;
  }
}

/**
 * How far from a threshold of a log axis the formula still goes to and fro. A logarithm off by less than a unit in its last place can do so
 * among the doubles whose logarithms differ by two units: they are tried one by one.
 */
function unsteady(indexOf: (x: number) => number, i: number, threshold: number): number {
  // The logarithm's unit in the last place is up to 2|log x| times that of x, as a share.
  const reach = 4 + Math.ceil(8 * Math.abs(Math.log(threshold)));
  double[0] = threshold;
  const middle = doubleBits[0];
  let radius = 0;
  for (let k = -reach; k <= reach; k++) {
    doubleBits[0] = middle + BigInt(k);
    const x = double[0];
    if (indexOf(x) > i !== k >= 0) radius = Math.max(radius, Math.abs(x - threshold));
  }
  return radius;
}

const double = new Float64Array(1);
const doubleBits = new BigInt64Array(double.buffer);

const single = new Float32Array(1);
const bits = new Int32Array(single.buffer);

/** The smallest single that is not below x; infinity where there is none. */
export function singleFrom(x: number): number {
  const nearest = Math.fround(x);
  return nearest < x ? singleBeside(nearest, 1) : nearest;
}

/** The next single above (1) or below (−1) a finite one. */
export function singleBeside(x: number, side: 1 | -1): number {
  return keySingle(singleKey(x) + side);
}

/** Singles as integers that ascend with them one by one; both zeros are 0. */
export function singleKey(x: number): number {
  single[0] = x;
  return bits[0] >= 0 ? bits[0] : 0 - (bits[0] & 0x7fffffff);
}

function keySingle(key: number): number {
  bits[0] = Math.abs(key);
  return key < 0 ? -single[0] : single[0];
}
