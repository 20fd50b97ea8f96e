import type { Expr, Float1, Type } from '../../../core/expr/typedForm.ts';
import { F64, I32, I64, type Local, type Op } from './code.ts';
import type { Generator } from './generator.ts';
import { bothValid } from './held.ts';
import type { Held } from './layout.ts';

type Arith = Extract<Expr, { op: 'arith' }>['fn'];
type Bits = Extract<Expr, { op: 'bits' }>['fn'];
type Compare = Extract<Expr, { op: 'compare' }>['fn'];

export function emitArith(g: Generator, fn: Arith, type: Type, a: Held, b: Held, optional: boolean): Held {
  const { code } = g;
  const [x, y] = [a.slots[0], b.slots[0]];
  const isFloat = type.kind === 'float';
  if (fn !== 'floordiv' && fn !== 'mod') {
    code
      .get(x)
      .get(y)
      .op(`${isFloat ? 'f64' : 'i64'}.${fn}` as Op);
    return { slots: [code.hold(isFloat ? F64 : I64)], valid: bothValid(g, a, b) };
  }
  let valid = bothValid(g, a, b);
  if (!optional) {
    if (isFloat) code.get(x).get(y).call('libm', fn, [F64, F64], [F64]);
    else pythonDivision(g, fn, x, y);
    return { slots: [code.hold(isFloat ? F64 : I64)] };
  }
  // A zero divisor gives missing; an integer division must not even be tried.
  if (isFloat) code.get(y).f64(0).op('f64.ne');
  else code.get(y).i64(0n).op('i64.ne');
  if (valid) code.get(valid).op('i32.and');
  valid = code.hold(I32);
  const result = code.local(isFloat ? F64 : I64);
  code.get(valid).if(
    () => {
      if (isFloat) code.get(x).get(y).call('libm', fn, [F64, F64], [F64]);
      else pythonDivision(g, fn, x, y);
      code.set(result);
    },
    () => code.zeroOf(result.type).set(result),
  );
  return { slots: [result], valid };
}

/** `x // y` or `x % y` of integers, rounding towards −∞, on the stack; y is not 0. */
function pythonDivision(g: Generator, fn: 'floordiv' | 'mod', x: Local, y: Local): void {
  const { code } = g;
  const rest = code.get(x).get(y).op('i64.rem_s').hold(I64);
  // The remainder takes the sign of the divisor: off by one divisor where the signs differ.
  const off = code
    .get(rest)
    .i64(0n)
    .op('i64.ne')
    .get(rest)
    .get(y)
    .op('i64.xor')
    .i64(0n)
    .op('i64.lt_s')
    .op('i32.and')
    .hold(I32);
  if (fn === 'mod') {
    code.get(rest).get(y).i64(0n).get(off).op('select').op('i64.add');
    return;
  }
  // The smallest integer by −1 would trap: it wraps to itself.
  const isMinusOne = code.get(y).i64(-1n).op('i64.eq').hold(I32);
  code.i64(0n).get(x).op('i64.sub');
  code
    .get(x)
    .get(y)
    .i64(1n)
    .get(isMinusOne)
    .op('i32.eqz')
    .op('select')
    .op('i64.div_s')
    .get(off)
    .op('i64.extend_i32_u')
    .op('i64.sub');
  code.get(isMinusOne).op('select');
}

export function emitBits(g: Generator, fn: Bits, a: Held, b: Held): Held {
  const { code } = g;
  const [x, y] = [a.slots[0], b.slots[0]];
  const valid = bothValid(g, a, b);
  if (fn === 'and' || fn === 'or' || fn === 'xor') {
    return { slots: [code.get(x).get(y).op(`i64.${fn}`).hold(I64)], valid };
  }
  // WebAssembly takes the count modulo 64.
  const inside = code.get(y).i64(64n).op('i64.lt_u').hold(I32);
  code
    .get(x)
    .get(y)
    .op(fn === 'shl' ? 'i64.shl' : 'i64.shr_s');
  if (fn === 'shl') code.i64(0n);
  else code.get(x).i64(63n).op('i64.shr_s');
  return { slots: [code.get(inside).op('select').hold(I64)], valid };
}

export function emitIntFunction(g: Generator, fn: 'abs' | 'sign', a: Held): Held {
  const { code } = g;
  const [x] = a.slots;
  if (fn === 'abs') code.i64(0n).get(x).op('i64.sub').get(x).get(x).i64(0n).op('i64.lt_s').op('select');
  else code.get(x).i64(0n).op('i64.gt_s').get(x).i64(0n).op('i64.lt_s').op('i32.sub').op('i64.extend_i32_s');
  return { slots: [code.hold(I64)], valid: a.valid };
}

const NATIVE: Partial<Record<Float1, Op>> = {
  sqrt: 'f64.sqrt',
  floor: 'f64.floor',
  ceil: 'f64.ceil',
  round: 'f64.nearest',
  abs: 'f64.abs',
};

export function emitFloat1(g: Generator, fn: Float1, a: Held): Held {
  const { code } = g;
  const [x] = a.slots;
  const native = NATIVE[fn];
  if (native) {
    code.get(x).op(native);
  } else if (fn === 'sign') {
    // (x > 0) − (x < 0), and NaN as it is.
    code.get(x).get(x).f64(0).op('f64.gt').get(x).f64(0).op('f64.lt').op('i32.sub').op('f64.convert_i32_s');
    code.get(x).get(x).op('f64.ne').op('select');
  } else {
    code.get(x).call('libm', fn, [F64], [F64]);
  }
  return { slots: [code.hold(F64)], valid: a.valid };
}

export function emitCompare(
  g: Generator,
  fn: Compare,
  left: Type['kind'],
  right: Type['kind'],
  a: Held,
  b: Held,
): Held {
  const { code } = g;
  const [x, y] = [a.slots[0], b.slots[0]];
  if (left === 'float') code.get(x).get(y).op(`f64.${fn}`);
  else if (left === 'bool' || left === 'string')
    code
      .get(x)
      .get(y)
      .op(fn === 'eq' || fn === 'ne' ? `i32.${fn}` : (`i32.${fn}_u` as Op));
  else if (left === right)
    code
      .get(x)
      .get(y)
      .op(fn === 'eq' || fn === 'ne' ? `i64.${fn}` : (`i64.${fn}_${left === 'int' ? 's' : 'u'}` as Op));
  else if (left === 'int') compareMixed(g, fn, x, y);
  else compareMixed(g, MIRRORED[fn], y, x);
  const valid = bothValid(g, a, b);
  if (valid) code.get(valid).op('i32.and');
  return { slots: [code.hold(I32)], valid };
}

const MIRRORED: Record<Compare, Compare> = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le', eq: 'eq', ne: 'ne' };

/** A signed against an unsigned integer, by value, on the stack. */
function compareMixed(g: Generator, fn: Compare, signed: Local, unsigned: Local): void {
  const { code } = g;
  code
    .get(signed)
    .get(unsigned)
    .op(fn === 'eq' || fn === 'ne' ? `i64.${fn}` : (`i64.${fn}_u` as Op));
  const negative = () => code.get(signed).i64(0n).op('i64.lt_s');
  if (fn === 'lt' || fn === 'le' || fn === 'ne') negative().op('i32.or');
  else negative().op('i32.eqz').op('i32.and');
}

/** Kleene's logic. The slot of a missing value is 0, so that a mask or a cut reads the slot alone. */
export function emitLogic(g: Generator, expr: Extract<Expr, { op: 'logic' }>): Held {
  const { code } = g;
  const a = g.value(expr.a);
  if (!expr.optional && expr.fn !== 'xor') {
    // The right side is not evaluated where the left one decides.
    const result = code.get(a.slots[0]).hold(I32);
    code.get(result);
    if (expr.fn === 'or') code.op('i32.eqz');
    code.if(() => g.within([], () => code.get(g.value(expr.b).slots[0]).set(result)));
    return { slots: [result] };
  }
  const b = g.value(expr.b);
  const [x, y] = [a.slots[0], b.slots[0]];
  const there = (side: Held) => (side.valid ? code.get(side.valid) : code.i32(1));
  if (expr.fn === 'xor') {
    const valid = bothValid(g, a, b);
    code.get(x).get(y).op('i32.xor');
    if (valid) code.get(valid).op('i32.and');
    return { slots: [code.hold(I32)], valid };
  }
  const slot = code
    .get(x)
    .get(y)
    .op(expr.fn === 'and' ? 'i32.and' : 'i32.or')
    .hold(I32);
  // Known where both are, or where one decides: false for `and`, true for `or`.
  const decides = (side: Held, value: Local) => {
    if (expr.fn === 'or') code.get(value);
    else there(side).get(value).op('i32.eqz').op('i32.and');
  };
  there(a);
  there(b);
  code.op('i32.and');
  decides(a, x);
  code.op('i32.or');
  decides(b, y);
  code.op('i32.or');
  return { slots: [slot], valid: code.hold(I32) };
}
