/**
 * What a condition can be for events of which only the ranges of some columns are known: interval arithmetic over the typed form.
 * Whatever is not known counts as anything, so that "it can't be true" is never wrong; "it can be true" may be.
 */
import type { Expr } from './typedForm.ts';

/** Smallest and largest value that a flat column may have, both inclusive; lo > hi where all its values are missing. */
export type Bounds = readonly [lo: number, hi: number];

/** The bounds of a flat column, or undefined where nothing is known. Wide enough for integers that a double can't hold. */
export type ColumnBounds = (column: string) => Bounds | undefined;

/** Numbers of an expression that are not missing; none where lo > hi and not `nan`. */
interface Range {
  lo: number;
  hi: number;
  nan: boolean;
}

/** Which of true, false and missing a condition can be, as bits. */
const TRUE = 1;
const FALSE = 2;
const MISSING = 4;

/** From here on doubles skip integers, so that this one may have been rounded, and 64-bit arithmetic may wrap. */
const EXACT = 2 ** 53;

/** Whether `cond` may be true for some event; where it is not, it is false or missing for each. */
export function canBeTrue(cond: Expr, bounds: ColumnBounds): boolean {
  return (new Evaluation(bounds).truth(cond) & TRUE) !== 0;
}

class Evaluation {
  private readonly bounds: ColumnBounds;
  private readonly truths = new Map<Expr, number>();
  private readonly ranges = new Map<Expr, Range>();

  constructor(bounds: ColumnBounds) {
    this.bounds = bounds;
  }

  truth(e: Expr): number {
    let found = this.truths.get(e);
    if (found === undefined) {
      found = this.truthOf(e);
      this.truths.set(e, found);
    }
    return found;
  }

  private range(e: Expr): Range {
    let found = this.ranges.get(e);
    if (found === undefined) {
      found = this.rangeOf(e);
      this.ranges.set(e, found);
    }
    return found;
  }

  private truthOf(e: Expr): number {
    const anything = TRUE | FALSE | (e.optional ? MISSING : 0);
    switch (e.op) {
      case 'const':
        return e.value ? TRUE : FALSE;
      case 'none':
        return MISSING;
      case 'column': {
        const known = this.bounds(e.column);
        if (!known) return anything;
        return (known[1] >= 1 ? TRUE : 0) | (known[0] <= 0 ? FALSE : 0) | (e.optional ? MISSING : 0);
      }
      case 'compare':
        return this.compared(e, anything);
      case 'inRanges': {
        const [a, b] = [this.range(e.a), this.range(e.b)];
        let some = false;
        for (let k = 0; k < e.ranges.length && !some; k += 3)
          some = e.ranges[k] >= a.lo && e.ranges[k] <= a.hi && e.ranges[k + 1] <= b.hi && e.ranges[k + 2] >= b.lo;
        return some ? anything : anything & ~TRUE;
      }
      case 'logic':
        return combined(e.fn, this.truth(e.a), this.truth(e.b));
      case 'not': {
        const a = this.truth(e.a);
        return (a & TRUE ? FALSE : 0) | (a & FALSE ? TRUE : 0) | (a & MISSING);
      }
      case 'cond': {
        const c = this.truth(e.c);
        return (c & TRUE ? this.truth(e.a) : 0) | (c & FALSE ? this.truth(e.b) : 0) | (c & MISSING);
      }
      case 'fillMissing': {
        const a = this.truth(e.a);
        return a & MISSING ? (a & ~MISSING) | this.truth(e.b) : a;
      }
      case 'isMissing':
        return e.a.optional ? anything : FALSE;
      default:
        return anything;
    }
  }

  private compared(e: Extract<Expr, { op: 'compare' }>, anything: number): number {
    if (!isNumeric(e.a)) return anything;
    const [a, b] = [this.range(e.a), this.range(e.b)];
    const nan = a.nan || b.nan;
    const some = a.lo <= a.hi && b.lo <= b.hi;
    const missing = e.optional ? MISSING : 0;
    const either = (possible: boolean, avoidable: boolean, ofNan: number): number =>
      (some && possible ? TRUE : 0) | (some && avoidable ? FALSE : 0) | (nan ? ofNan : 0) | missing;
    switch (e.fn) {
      case 'lt':
        return either(a.lo < b.hi, a.hi >= b.lo, FALSE);
      case 'le':
        return either(a.lo <= b.hi, a.hi > b.lo, FALSE);
      case 'gt':
        return either(a.hi > b.lo, a.lo <= b.hi, FALSE);
      case 'ge':
        return either(a.hi >= b.lo, a.lo < b.hi, FALSE);
      case 'eq':
      case 'ne': {
        const meet = a.lo <= b.hi && b.lo <= a.hi;
        const single = isPoint(e.a, a) && isPoint(e.b, b) && a.lo === b.lo;
        return e.fn === 'eq' ? either(meet, !single, FALSE) : either(!single, meet, TRUE);
      }
    }
  }

  private rangeOf(e: Expr): Range {
    const unknown = unknownOf(e);
    switch (e.op) {
      case 'const':
        return constant(e.value as number | bigint);
      case 'none':
        return { lo: Number.POSITIVE_INFINITY, hi: Number.NEGATIVE_INFINITY, nan: false };
      case 'column': {
        const known = this.bounds(e.column);
        // Writers leave NaN out of their statistics.
        return known ? { lo: known[0], hi: known[1], nan: unknown.nan } : unknown;
      }
      case 'toFloat':
      case 'toInt': {
        if (e.a.type.kind === 'bool') {
          const a = this.truth(e.a);
          return { lo: a & FALSE ? 0 : 1, hi: a & TRUE ? 1 : 0, nan: false };
        }
        const a = this.range(e.a);
        // uint → int keeps the bits: large ones become negative.
        return e.op === 'toInt' && e.a.type.kind === 'uint' && !(a.hi <= EXACT) ? unknown : a;
      }
      case 'unary':
        if (e.fn !== 'neg') return unknown;
        return bounded(e, [this.range(e.a)], ([a]) => [-a.lo, -a.hi]);
      case 'arith': {
        const parts = [this.range(e.a), this.range(e.b)];
        const by = OPERATIONS[e.fn];
        return by ? bounded(e, parts, ([a, b]) => by(a, b)) : unknown;
      }
      case 'intfn':
      case 'float1': {
        const monotone = MONOTONE[e.fn];
        if (e.fn === 'abs') return bounded(e, [this.range(e.a)], ([a]) => magnitudes(a));
        return monotone ? bounded(e, [this.range(e.a)], ([a]) => [monotone(a.lo), monotone(a.hi)]) : unknown;
      }
      case 'extreme':
        return extreme(
          e.fn,
          e.args.map((arg) => this.range(arg)),
        );
      case 'cond': {
        const c = this.truth(e.c);
        return hull([...(c & TRUE ? [this.range(e.a)] : []), ...(c & FALSE ? [this.range(e.b)] : [])]);
      }
      case 'fillMissing':
        return e.a.optional ? hull([this.range(e.a), this.range(e.b)]) : this.range(e.a);
      default:
        return unknown;
    }
  }
}

/** Both ends of what monotone operations give, in doubles: rounding keeps the order. */
const OPERATIONS: Partial<Record<string, (a: Range, b: Range) => number[]>> = {
  add: (a, b) => [a.lo + b.lo, a.hi + b.hi],
  sub: (a, b) => [a.lo - b.hi, a.hi - b.lo],
  mul: (a, b) => [a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi],
  // By an interval that has no zero in it; others give NaN here, which is taken for not known.
  div: (a, b) => (b.lo > 0 || b.hi < 0 ? [a.lo / b.lo, a.lo / b.hi, a.hi / b.lo, a.hi / b.hi] : [Number.NaN]),
};

const MONOTONE: Partial<Record<string, (x: number) => number>> = {
  sqrt: Math.sqrt,
  floor: Math.floor,
  ceil: Math.ceil,
};

function magnitudes({ lo, hi }: Range): number[] {
  const ends = [Math.abs(lo), Math.abs(hi)];
  return lo <= 0 && hi >= 0 ? [0, ...ends] : ends;
}

/** The hull of `ends`; anything where one of them is NaN, or an integer might not be exact. */
function bounded(e: Expr, parts: Range[], ends: (parts: Range[]) => number[]): Range {
  const nan = parts.some((part) => part.nan);
  if (parts.some(({ lo, hi }) => lo > hi)) return { lo: Number.POSITIVE_INFINITY, hi: Number.NEGATIVE_INFINITY, nan };
  const values = ends(parts);
  const [lo, hi] = [Math.min(...values), Math.max(...values)];
  if (Number.isNaN(lo) || (e.type.kind !== 'float' && !(lo > -EXACT && hi < EXACT))) return unknownOf(e);
  // ∞ − ∞ and 0·∞ may hide within the ends.
  const infinite = parts.some((part) => !Number.isFinite(part.lo) || !Number.isFinite(part.hi));
  return { lo, hi, nan: nan || (infinite && e.type.kind === 'float') };
}

/** NaN is skipped: only values that are none for sure bound the result from their side. */
function extreme(fn: 'min' | 'max', parts: Range[]): Range {
  const sure = parts.filter((part) => !part.nan);
  const { lo, hi } = hull(parts);
  const nan = sure.length === 0;
  if (nan) return { lo, hi, nan };
  return fn === 'min'
    ? { lo, hi: Math.min(...sure.map((part) => part.hi)), nan }
    : { lo: Math.max(...sure.map((part) => part.lo)), hi, nan };
}

function hull(parts: Range[]): Range {
  return {
    lo: Math.min(Number.POSITIVE_INFINITY, ...parts.map((part) => part.lo)),
    hi: Math.max(Number.NEGATIVE_INFINITY, ...parts.map((part) => part.hi)),
    nan: parts.some((part) => part.nan),
  };
}

function unknownOf(e: Expr): Range {
  return { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY, nan: e.type.kind === 'float' };
}

function constant(value: number | bigint): Range {
  if (typeof value === 'bigint') {
    const [lo, hi] = boundsOfInteger(value);
    return { lo, hi, nan: false };
  }
  return Number.isNaN(value)
    ? { lo: Number.POSITIVE_INFINITY, hi: Number.NEGATIVE_INFINITY, nan: true }
    : { lo: value, hi: value, nan: false };
}

/** The doubles on both sides of an integer; the same one where it is a double. */
export function boundsOfInteger(value: bigint): Bounds {
  const near = Number(value);
  const exact = BigInt(near);
  // Doubles this large are integers, and the next one is one unit of the last place away.
  const away = near * 2 ** -52;
  return [exact > value ? near - Math.abs(away) : near, exact < value ? near + Math.abs(away) : near];
}

function isNumeric({ type: { kind } }: Expr): boolean {
  return kind === 'float' || kind === 'int' || kind === 'uint';
}

/** Whether it has one value for sure: not an integer between two doubles. */
function isPoint({ type }: Expr, { lo, hi }: Range): boolean {
  return lo === hi && (type.kind === 'float' || Math.abs(lo) <= EXACT);
}

function combined(fn: 'and' | 'or' | 'xor', a: number, b: number): number {
  let result = 0;
  for (const x of [TRUE, FALSE, MISSING]) {
    for (const y of [TRUE, FALSE, MISSING]) if (a & x && b & y) result |= logic(fn, x, y);
  }
  return result;
}

function logic(fn: 'and' | 'or' | 'xor', a: number, b: number): number {
  if (fn === 'xor') return a === MISSING || b === MISSING ? MISSING : a === b ? FALSE : TRUE;
  const decides = fn === 'and' ? FALSE : TRUE;
  if (a === decides || b === decides) return decides;
  if (a === MISSING || b === MISSING) return MISSING;
  return fn === 'and' ? TRUE : FALSE;
}
