/** Operators on single values that are all there: each as the typed form words it. */
import type { Float1, Float2 } from '../../../core/expr/typedForm.ts';
import type { Libm } from '../libm/libm.ts';
import { asBool, asFloat, asInt, type Value } from './values.ts';

type ArithFn = 'add' | 'sub' | 'mul' | 'div' | 'floordiv' | 'mod';
type CompareFn = 'lt' | 'le' | 'gt' | 'ge' | 'eq' | 'ne';

/** Signed 64 bits, wrapped. */
export const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);

/** Python's `a // b` on exact integers: towards −∞. */
function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

/** Missing where a `floordiv` or `mod` has a zero divisor. */
export function arith(libm: Libm, fn: ArithFn, a: Value, b: Value): Value {
  if (typeof a === 'bigint') {
    const y = asInt(b);
    switch (fn) {
      case 'add':
        return wrap(a + y);
      case 'sub':
        return wrap(a - y);
      case 'mul':
        return wrap(a * y);
      case 'floordiv':
        return y === 0n ? undefined : wrap(floorDivide(a, y));
      case 'mod':
        return y === 0n ? undefined : a - y * floorDivide(a, y);
      case 'div':
        throw new TypeError('typed form divides ints');
    }
  }
  const x = asFloat(a);
  const y = asFloat(b);
  switch (fn) {
    case 'add':
      return x + y;
    case 'sub':
      return x - y;
    case 'mul':
      return x * y;
    case 'div':
      return x / y;
    case 'floordiv':
      return y === 0 ? undefined : libm.floordiv(x, y);
    case 'mod':
      return y === 0 ? undefined : libm.mod(x, y);
  }
}

export function bits(fn: 'and' | 'or' | 'xor' | 'shl' | 'shr', a: bigint, b: bigint): bigint {
  const outside = b < 0n || b >= 64n;
  switch (fn) {
    case 'and':
      return a & b;
    case 'or':
      return a | b;
    case 'xor':
      return a ^ b;
    case 'shl':
      return outside ? 0n : wrap(a << b);
    case 'shr':
      return outside ? (a < 0n ? -1n : 0n) : a >> b;
  }
}

/** Ints and uints compare by value, as bigints do; floats as IEEE says. */
export function compare(fn: CompareFn, a: Value, b: Value): boolean {
  if (typeof a !== typeof b || typeof a === 'object' || a === undefined || b === undefined) {
    throw new TypeError(`typed form compares ${typeof a} with ${typeof b}`);
  }
  switch (fn) {
    case 'lt':
      return a < b;
    case 'le':
      return a <= b;
    case 'gt':
      return a > b;
    case 'ge':
      return a >= b;
    case 'eq':
      return a === b;
    case 'ne':
      return a !== b;
  }
}

/** Three-valued: what is certain whatever the missing operand would be. */
export function logic(fn: 'and' | 'or' | 'xor', a: boolean | undefined, b: boolean | undefined): boolean | undefined {
  switch (fn) {
    case 'and':
      return a === false || b === false ? false : a === undefined || b === undefined ? undefined : true;
    case 'or':
      return a === true || b === true ? true : a === undefined || b === undefined ? undefined : false;
    case 'xor':
      return a === undefined || b === undefined ? undefined : a !== b;
  }
}

/** Nearest integer, halves to even; keeps the sign of zero. */
function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  // Infinities and NaN have a NaN or zero rest and come back as they are.
  if (!(rest > 0)) return x;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  const rounded = up ? below + 1 : below;
  return rounded === 0 && x < 0 ? -0 : rounded;
}

/** 0 for either zero, as NumPy's; NaN stays. */
const signOf = (x: number): number => (x > 0 ? 1 : x < 0 ? -1 : x === 0 ? 0 : x);

export function float1(libm: Libm, fn: Float1, x: number): number {
  switch (fn) {
    case 'sqrt':
      return Math.sqrt(x);
    case 'floor':
      return Math.floor(x);
    case 'ceil':
      return Math.ceil(x);
    case 'abs':
      return Math.abs(x);
    case 'round':
      return roundHalfEven(x);
    case 'sign':
      return signOf(x);
    default:
      return libm[fn](x);
  }
}

export function float2(libm: Libm, fn: Float2, a: number, b: number): number {
  return libm[fn](a, b);
}

export function intFunction(fn: 'abs' | 'sign', a: bigint): bigint {
  if (fn === 'abs') return wrap(a < 0n ? -a : a);
  return a > 0n ? 1n : a < 0n ? -1n : 0n;
}

/** bool, int or uint → float. `Number` rounds a bigint to nearest, ties to even. */
export function toFloat(a: Value): number {
  return typeof a === 'bigint' ? Number(a) : asBool(a) ? 1 : 0;
}

/** bool or uint → int. */
export function toInt(a: Value): bigint {
  return typeof a === 'bigint' ? wrap(a) : asBool(a) ? 1n : 0n;
}

/** Of `inRanges`: looked for from the start. */
export function inRanges(ranges: Uint32Array, a: bigint, b: bigint): boolean {
  for (let k = 0; k < ranges.length; k += 3)
    if (a === BigInt(ranges[k]!) && b >= BigInt(ranges[k + 1]!) && b <= BigInt(ranges[k + 2]!)) return true;
  return false;
}
