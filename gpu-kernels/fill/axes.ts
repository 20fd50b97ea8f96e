/**
 * The bins of an axis in WGSL: `bin_K_A(x)` gives the index, flow included, exactly as `axisIndexer` does, or sets `doubt`.
 *
 * Thresholds are constants of the document: a guess finds about the right one, comparisons the right one, where the guess itself leaves any question.
 */
import { type Axis, axisExtent, type RegularAxis } from '../../core/hist/axis.ts';
import { type AxisMath, axisIndexer } from '../../core/hist/indexer.ts';
import type { ConstantWords } from '../types.ts';
import { axisThresholds, singleBeside, singleFrom, singleKey } from './thresholds.ts';

/**
 * How the code holds what an axis is filled with: `single` is an `f32` that is exactly the value, `num` a `Num`; of integer
 * categories also `int`, an `i32`; of strings `word`, the device's code in a `u32`; of booleans `bool`.
 */
export type AxisKind = 'single' | 'num' | 'int' | 'word' | 'bool';

export interface AxisCode {
  text: string;
  constants: ConstantWords[];
}

/** @param at the word at which the axis's constants begin */
export function axisCode(name: string, axis: Axis, kind: AxisKind, at: number, math: AxisMath): AxisCode {
  switch (axis.type) {
    case 'boolean':
      return { text: `fn ${name}(x: bool) -> u32 { return select(0u, 1u, x); }\n`, constants: [] };
    case 'strCategory':
      return stringBins(name, axis.categories, at);
    case 'intCategory':
      return kind === 'int' ? intBins(name, axis.categories, at) : numberCategories(name, axis.categories, kind, at);
    default:
      return numericBins(name, axis, kind, at, math);
  }
}

const MAX_SINGLE = (2 - 2 ** -23) * 2 ** 127;

type NumericAxis = Extract<Axis, { type: 'regular' | 'variable' }>;

function numericBins(name: string, axis: NumericAxis, kind: AxisKind, at: number, math: AxisMath): AxisCode {
  const last = axisExtent(axis) - 1;
  const scale = axis.type === 'regular' ? axis.scale : 'linear';
  const head = axis.type === 'regular' ? [floatWords(guessWords(axis))] : [];
  const first = at + (head.length ? GUESS_WORDS : 0);
  const [hi, err] = kind === 'single' ? ['x', '0f'] : ['x.hi', 'x.err'];
  const find = (guess: string) => `find_${kind === 'single' ? 'single' : 'num'}(${first}u, ${last}u, ${guess}, x)`;
  const lines =
    axis.type === 'regular'
      ? [
          `  let about = about_bin(${FORWARD[scale](hi)}, ${at}u, ${last}u);`,
          // A device's logarithm and root are not known to be as good as its sums and products.
          ...(scale === 'linear'
            ? [`  if (is_sure(about, ${err}, ${at}u)) { return min(u32(about), ${last}u); }`]
            : []),
          `  return ${find(`min(u32(about), ${last - 1}u), TRIES`)};`,
        ]
      : [`  return ${find(`${last >> 1}u, 0u`)};`];
  const table = kind === 'single' ? singleTable(axis, math) : numTable(axis, math);
  const negative =
    scale === 'linear'
      ? ''
      : kind === 'single'
        ? `  if (x < 0f) { return ${last}u; }\n`
        : `  if (x.err > 0f && abs(x.hi) <= 2f * x.err) { doubt = true; }\n  if (x.hi < 0f) { return ${last}u; }\n`;
  const type = kind === 'single' ? 'f32' : 'Num';
  return {
    text: `fn ${name}(x: ${type}) -> u32 {\n${negative}${lines.join('\n')}\n}\n`,
    constants: [...head, table].map((words) => ({ kind: 'words', words })),
  };
}

const FORWARD = {
  linear: (x: string) => x,
  log: (x: string) => `log2(max(${x}, 0x1p-126f))`,
  sqrt: (x: string) => `sqrt(max(${x}, 0f))`,
};

const GUESS_WORDS = 3;

/**
 * Lower end in the axis's scale, bins per unit, and how far from a whole number `about` has to be on a linear axis for its whole part to be the
 * index. Two constants, two operations and the sum with 1 are off by 2^-24 of what they are each; a compiler may put them otherwise, so that there is
 * room for three times as much. Subnormal numbers may be taken for 0.
 */
function guessWords({ lo, hi, scale, bins }: RegularAxis): [number, number, number] {
  const forward = { linear: (x: number) => x, log: Math.log2, sqrt: Math.sqrt }[scale];
  const each = bins / (forward(hi) - forward(lo));
  const margin = 2 ** -20 * (bins + 2 + (Math.abs(lo) + Math.abs(hi)) * each) + 2 ** -125 * each;
  const isOrdinary = each > 2 ** -100 && each < 2 ** 100 && Math.abs(lo) + Math.abs(hi) < 2 ** 100;
  return [forward(lo), each, isOrdinary && margin < 0.5 ? margin : 1];
}

/** One word for each threshold: the smallest single that the formula puts there, as a key that ascends with it. */
function singleTable(axis: NumericAxis, math: AxisMath): Uint32Array {
  const { at } = axisThresholds(axis, math);
  const indexOf = axisIndexer(axis, math) as (x: number) => number;
  const isUnsteady = axis.type === 'regular' && axis.scale === 'log';
  return Uint32Array.from(at, (threshold, i) => {
    const x = singleFrom(threshold);
    if (!isUnsteady) return singleKey(x);
    // The formula itself has the last word where doubles around the threshold go to and fro.
    if (indexOf(x) <= i) return singleKey(x) + 1;
    return indexOf(singleBeside(x, -1)) > i ? singleKey(x) - 1 : singleKey(x);
  });
}

/**
 * Three words for each threshold: the two parts of the smallest pair of singles that is not below it, and how far around it the formula is
 * not to be told.
 */
function numTable(axis: NumericAxis, math: AxisMath): Uint32Array {
  const { at, radius } = axisThresholds(axis, math);
  const words = new Float32Array(3 * at.length);
  for (let i = 0; i < at.length; i++) words.set(pairFrom(at[i], radius[i]), 3 * i);
  return new Uint32Array(words.buffer);
}

function pairFrom(x: number, radius: number): [number, number, number] {
  const hi = Math.fround(x);
  // Past what two singles hold: beyond all of them.
  if (!Number.isFinite(hi)) return [Math.sign(x) * MAX_SINGLE, Math.sign(x) * 2 ** 110, 0];
  return [hi, singleFrom(x - hi), radius === 0 ? 0 : singleFrom(radius * 1.001)];
}

function stringBins(name: string, categories: readonly string[], at: number): AxisCode {
  const tests = categories.map((_, k) => `  if (x == constants[${at + k}u]) { return ${k}u; }\n`);
  return {
    text: `fn ${name}(x: u32) -> u32 {\n${tests.join('')}  return ${categories.length}u;\n}\n`,
    constants: categories.map((value) => ({ kind: 'string', value })),
  };
}

/** Categories in ascending order with their indices, those that 32 bits don't hold left out: an integer past them is in doubt. */
function intBins(name: string, categories: readonly bigint[], at: number): AxisCode {
  const known = ascending(categories).filter(([category]) => BigInt.asIntN(32, category) === category);
  const keys = Uint32Array.from(known, ([category]) => Number(BigInt.asUintN(32, category)));
  const indices = Uint32Array.from(known, ([, i]) => i);
  const none = categories.length;
  return {
    text: `fn ${name}(x: i32) -> u32 {
  let below = find_key(${at}u, ${known.length}u, ${known.length >> 1}u, 0u, x);
  if (below == 0u || bitcast<i32>(constants[${at}u + below - 1u]) != x) { return ${none}u; }
  return constants[${at + known.length}u + below - 1u];
}
`,
    constants: [keys, indices].map((words) => ({ kind: 'words', words })),
  };
}

/** Integer categories of a float, compared by value. */
function numberCategories(name: string, categories: readonly bigint[], kind: AxisKind, at: number): AxisCode {
  const known = ascending(categories);
  const table = new Float32Array(3 * known.length);
  known.forEach(([category], k) => {
    const x = Number(category);
    const [hi, lo] = pairFrom(x, 0);
    const isExact = BigInt(x) === category && hi + lo === x;
    table.set([hi, lo, isExact ? 0 : singleFrom(Math.abs(x) * 2 ** -46)], 3 * k);
  });
  const indices = Uint32Array.from(known, ([, i]) => i);
  const none = categories.length;
  const [type, value] = kind === 'single' ? ['f32', 'Num(x, 0f, 0f)'] : ['Num', 'x'];
  return {
    text: `fn ${name}(x: ${type}) -> u32 {
  let below = find_num(${at}u, ${known.length}u, ${known.length >> 1}u, 0u, ${value});
  if (below == 0u || !is_threshold(${at}u, below - 1u, ${value})) { return ${none}u; }
  return constants[${at + 3 * known.length}u + below - 1u];
}
`,
    constants: [new Uint32Array(table.buffer), indices].map((words) => ({ kind: 'words', words })),
  };
}

function ascending(categories: readonly bigint[]): [bigint, number][] {
  return categories.map((category, i): [bigint, number] => [category, i]).sort(([a], [b]) => (a < b ? -1 : 1));
}

function floatWords(values: readonly number[]): Uint32Array {
  return new Uint32Array(Float32Array.from(values).buffer);
}

/**
 * WGSL that the functions above call. Thresholds 1 … `last` begin at word `first`; an index is how many of them are not above x.
 *
 * A pair of singles (hi the nearest one to their sum) lies in the order of its parts, so that comparing these is exact. Where x has an error,
 * the thresholds on both sides of it, which every search comes by, have to be farther away than that; `near` allows for what the
 * differences round.
 */
/** What of the library `SEARCHES` calls. */
export const SEARCH_LIBRARY: readonly string[] = ['opaque'];

export const SEARCHES = `
// So many thresholds beside a guess are tried before the range is halved: a guess may be off (a short range far from 0, NaN).
const TRIES: u32 = 4u;
fn about_bin(x: f32, at: u32, last: u32) -> f32 {
  let about = (x - bitcast<f32>(constants[at])) * bitcast<f32>(constants[at + 1u]) + 1f;
  return clamp(about, 0.5f, f32(last) + 0.5f);
}
fn is_sure(about: f32, err: f32, at: u32) -> bool {
  let margin = bitcast<f32>(constants[at + 2u]) + err * bitcast<f32>(constants[at + 1u]);
  return abs(about - floor(about) - 0.5f) < 0.5f - margin;
}
fn single_key(x: f32) -> i32 {
  let bits = bitcast<i32>(x);
  return select(-(bits & 0x7fffffff), bits, bits >= 0);
}
fn find_key(first: u32, last: u32, guess: u32, tries: u32, key: i32) -> u32 {
  var low = 0u;
  var high = last;
  var middle = guess;
  var left = tries;
  while (low < high) {
    var next = middle + 1u;
    if (key < bitcast<i32>(constants[first + middle])) { high = middle; next = middle - 1u; } else { low = next; }
    middle = select((low + high) >> 1u, next, left > 0u);
    left -= min(left, 1u);
  }
  return low;
}
fn find_single(first: u32, last: u32, guess: u32, tries: u32, x: f32) -> u32 {
  return find_key(first, last, guess, tries, single_key(x));
}
fn threshold(first: u32, i: u32) -> Num {
  let at = first + 3u * i;
  return Num(bitcast<f32>(constants[at]), bitcast<f32>(constants[at + 1u]), bitcast<f32>(constants[at + 2u]));
}
fn near(x: Num, t: Num) -> bool {
  if (x.err == 0f && t.err == 0f) { return false; }
  let distance = abs(opaque(x.hi - t.hi) + opaque(x.lo - t.lo));
  return distance <= x.err * 1.00001f + t.err + abs(t.hi) * 0x1p-46f + 0x1p-125f;
}
fn find_num(first: u32, last: u32, guess: u32, tries: u32, x: Num) -> u32 {
  var low = 0u;
  var high = last;
  var middle = guess;
  var left = tries;
  while (low < high) {
    let t = threshold(first, middle);
    var next = middle + 1u;
    if (x.hi < t.hi || (x.hi == t.hi && x.lo < t.lo)) { high = middle; next = middle - 1u; } else { low = next; }
    if (near(x, t)) { doubt = true; }
    middle = select((low + high) >> 1u, next, left > 0u);
    left -= min(left, 1u);
  }
  return low;
}
fn is_threshold(first: u32, i: u32, x: Num) -> bool {
  let t = threshold(first, i);
  return x.hi == t.hi && x.lo == t.lo;
}
`;
