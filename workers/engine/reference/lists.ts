/** What the list nodes and reductions of the typed form do to plain arrays of values. */
import type { Type } from '../../../core/expr/typedForm.ts';
import { wrap } from './scalars.ts';
import { asBool, asFloat, asInt, asVector, type Value } from './values.ts';

/** A key that takes no part in a comparison. */
function unordered(key: Value): boolean {
  return key === undefined || Number.isNaN(key);
}

/** Whether `a` comes strictly before `b`; both of one type, neither NaN nor missing. */
function before(a: Value, b: Value): boolean {
  return typeof a === 'bigint' ? a < asInt(b) : asFloat(a) < asFloat(b);
}

/** Position of the smallest or largest of `keys`: NaN and missing skipped, first of equals; −1 of nothing. */
export function extremePosition(fn: 'min' | 'max', keys: Value[]): number {
  let best = -1;
  keys.forEach((key, k) => {
    if (unordered(key)) return;
    if (best < 0 || (fn === 'min' ? before(key, keys[best]) : before(keys[best], key))) best = k;
  });
  return best;
}

/** Op `extreme`: NaN only where all are NaN. None of `args` is missing. */
export function extremeOf(fn: 'min' | 'max', args: Value[]): Value {
  const best = extremePosition(fn, args);
  return best < 0 ? NaN : args[best];
}

function sum(type: Type, values: Value[]): Value {
  switch (type.kind) {
    case 'int':
      return values.reduce((total: bigint, v) => wrap(total + asInt(v)), 0n);
    case 'vector':
      return values.reduce(
        (total: number[], v) => {
          const vector = asVector(v);
          return total.map((t, k) => t + vector[k]!);
        },
        [0, 0, 0, 0],
      );
    default:
      return values.reduce((total: number, v) => total + asFloat(v), 0);
  }
}

type ReduceFn = 'sum' | 'mean' | 'min' | 'max' | 'argmin' | 'argmax' | 'any' | 'all';

/** Op `reduce` over the bodies of all items, missing ones included; `type` is the node's own. */
export function reduce(fn: ReduceFn, type: Type, bodies: Value[]): Value {
  const there = bodies.filter((v) => v !== undefined);
  switch (fn) {
    case 'sum':
      return sum(type, there);
    case 'mean':
      return there.length === 0 ? undefined : asFloat(sum({ kind: 'float' }, there)) / there.length;
    case 'min':
    case 'max':
      return bodies[extremePosition(fn, bodies)];
    case 'argmin':
    case 'argmax': {
      const position = extremePosition(fn === 'argmin' ? 'min' : 'max', bodies);
      return position < 0 ? undefined : BigInt(position);
    }
    case 'any':
      return there.some(asBool);
    case 'all':
      return there.length === bodies.length && there.every(asBool);
  }
}

/** Item at a position that counts from the end where negative. */
export function at(items: Value[], index: bigint): Value {
  const position = index < 0n ? index + BigInt(items.length) : index;
  return position < 0n || position >= BigInt(items.length) ? undefined : items[Number(position)];
}

/** Python's `items[start:stop]`. */
export function slice(items: Value[], start: bigint, stop: bigint): Value[] {
  const length = BigInt(items.length);
  const clamp = (bound: bigint): number => {
    const position = bound < 0n ? bound + length : bound;
    return Number(position < 0n ? 0n : position > length ? length : position);
  };
  return items.slice(clamp(start), clamp(stop));
}

/** Stable in both directions; NaN last, then missing. */
export function sortBy(items: Value[], keys: Value[], reverse: boolean): Value[] {
  const rank = (key: Value): number => (key === undefined ? 2 : Number.isNaN(key) ? 1 : 0);
  const order = items.map((_, k) => k);
  order.sort((i, j) => {
    const a = keys[i];
    const b = keys[j];
    if (rank(a) !== rank(b) || rank(a) > 0) return rank(a) - rank(b) || i - j;
    if (before(a, b)) return reverse ? 1 : -1;
    if (before(b, a)) return reverse ? -1 : 1;
    return i - j;
  });
  return order.map((k) => items[k]);
}

/** All choices of `n` items with ascending positions, in lexicographic order. */
export function combinations(items: Value[], n: number): Value[][] {
  if (n === 0) return [[]];
  return items.flatMap((first, k) => combinations(items.slice(k + 1), n - 1).map((rest) => [first, ...rest]));
}

/** All tuples with one item of each list, last one fastest. */
export function cartesian(lists: Value[][]): Value[][] {
  return lists.reduce<Value[][]>(
    (tuples, list) => tuples.flatMap((tuple) => list.map((item) => [...tuple, item])),
    [[]],
  );
}
