import type { Expr, Type } from '../../core/expr/typedForm.ts';
import type { Generator } from './generator.ts';
import { bothValid, num, target, whereValid } from './held.ts';
import type { FloatKind, Held, Slot } from './slots.ts';

type Of<Op extends Expr['op']> = Extract<Expr, { op: Op }>;
type Compare = Of<'compare'>['fn'];

export const ofKind = (g: Generator, kind: Slot['kind'], expression: string, valid?: string): Held => ({
  slots: [{ kind, text: g.code.hold(expression) }],
  ...(valid && { valid }),
});

export function emitArith(g: Generator, expr: Of<'arith'>): Held {
  const [a, b] = [g.value(expr.a), g.value(expr.b)];
  const { fn } = expr;
  const isFloat = expr.type.kind === 'float';
  const operands = () => (isFloat ? [num(g, a.slots[0]), num(g, b.slots[0])] : [a.slots[0].text, b.slots[0].text]);
  const kind = isFloat ? 'num' : 'int';
  const compute = (): Held => ofKind(g, kind, g.fn(`${isFloat ? 'num' : 'int'}_${fn}`, ...operands()));
  const valid = bothValid(g, a, b);
  if (fn !== 'div' && fn !== 'floordiv' && fn !== 'mod') return { ...compute(), valid };
  // What is missing is 0, which must not be divided by.
  if (fn === 'div') return { ...whereValid(g, valid, expr.type, false, compute), valid };
  if (expr.b.op === 'const') {
    if (!isZero(expr.b.value)) return { ...whereValid(g, valid, expr.type, false, compute), valid };
    return target(g, expr.type, true);
  }
  const [, divisor] = operands();
  const result = target(g, expr.type, true);
  const divide = () => {
    const isThere = isFloat ? `!${g.fn('num_eq', divisor, 'Num()')}` : `${divisor} != 0i`;
    g.code.line(`${result.valid} = ${isThere};`);
    g.code.block(`if (${result.valid})`, () => g.code.line(`${result.slots[0].text} = ${compute().slots[0].text};`));
  };
  if (valid) g.code.block(`if (${valid})`, divide);
  else divide();
  return result;
}

const isZero = (value: unknown): boolean => value === 0 || value === 0n;

const BIT_OPERATORS = { and: '&', or: '|', xor: '^' } as const;

/** An i32 stands for 64 bits with its sign: bitwise operations of such are such again. */
export function emitBits(g: Generator, expr: Of<'bits'>): Held {
  const [a, b] = [g.value(expr.a), g.value(expr.b)];
  const [x, y] = [a.slots[0].text, b.slots[0].text];
  const { fn } = expr;
  const text = fn === 'shl' || fn === 'shr' ? g.fn(`int_${fn}`, x, y) : `${x} ${BIT_OPERATORS[fn]} ${y}`;
  return ofKind(g, 'int', text, bothValid(g, a, b));
}

/** Functions that give a single for a single, exactly. */
const EXACT: Partial<Record<string, (x: string) => string>> = {
  abs: (x) => `abs(${x})`,
  floor: (x) => `floor(${x})`,
  ceil: (x) => `ceil(${x})`,
  // Half to even in WGSL too.
  round: (x) => `round(${x})`,
  sign: (x) => `sign(${x})`,
};

const keepsSingles = (fn: string): boolean => fn in EXACT;

export function emitFloat1(g: Generator, expr: Of<'float1'>): Held {
  const a = g.value(expr.a);
  const [slot] = a.slots;
  const exact = EXACT[expr.fn];
  if (slot.kind === 'single' && exact) return ofKind(g, 'single', exact(slot.text), a.valid);
  return {
    ...whereValid(g, a.valid, expr.type, false, () => ofKind(g, 'num', g.fn(`num_${expr.fn}`, num(g, slot)))),
    valid: a.valid,
  };
}

export function emitFloat2(g: Generator, expr: Of<'float2'>): Held {
  const [a, b] = [g.value(expr.a), g.value(expr.b)];
  const valid = bothValid(g, a, b);
  const compute = () => ofKind(g, 'num', g.fn(`num_${expr.fn}`, num(g, a.slots[0]), num(g, b.slots[0])));
  return { ...whereValid(g, valid, expr.type, false, compute), valid };
}

const MIRRORED: Record<Compare, Compare> = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le', eq: 'eq', ne: 'ne' };
const OPERATORS: Record<Compare, string> = { lt: '<', le: '<=', gt: '>', ge: '>=', eq: '==', ne: '!=' };

export function emitCompare(g: Generator, expr: Of<'compare'>): Held {
  const [a, b] = [g.value(expr.a), g.value(expr.b)];
  const valid = bothValid(g, a, b);
  const [x, y] = [a.slots[0], b.slots[0]];
  // A missing value's comparison is false; and one of its zeros must not be in doubt.
  const text = comparison(g, expr.fn, expr.a.type, x, y);
  const and = isExact(x) && isExact(y) ? '&' : '&&';
  return ofKind(g, 'bool', valid ? `${valid} ${and} ${text}` : text, valid);
}

/** Whether a comparison with it is decided. */
const isExact = ({ kind }: Slot): boolean => kind !== 'num';

function comparison(g: Generator, fn: Compare, type: Type, x: Slot, y: Slot): string {
  if (type.kind === 'float') return compareFloats(g, fn, x, y);
  if (type.kind === 'bool' && fn !== 'eq' && fn !== 'ne') return `(u32(${x.text}) ${OPERATORS[fn]} u32(${y.text}))`;
  return `(${x.text} ${OPERATORS[fn]} ${y.text})`;
}

/** Singles are compared as they are, also with constants: exactly. */
export function compareFloats(g: Generator, fn: Compare, x: Slot, y: Slot): string {
  if (x.kind === 'single' && y.kind === 'single') return `(${x.text} ${OPERATORS[fn]} ${y.text})`;
  if (x.kind === 'single' && y.kind === 'constant') return withConstant(g, fn, x.text, y);
  if (x.kind === 'constant' && y.kind === 'single') return withConstant(g, MIRRORED[fn], y.text, x);
  const [a, b] = [num(g, x), num(g, y)];
  switch (fn) {
    case 'lt':
      return g.fn('num_lt', a, b);
    case 'le':
      return g.fn('num_le', a, b);
    case 'gt':
      return g.fn('num_lt', b, a);
    case 'ge':
      return g.fn('num_le', b, a);
    case 'eq':
      return g.fn('num_eq', a, b);
    case 'ne':
      return `!${g.fn('num_eq', a, b)}`;
  }
}

/** Whether a number is before the best so far: not so an equal one. */
export function isBetter(g: Generator, fn: 'min' | 'max', value: Slot, best: Slot): string {
  if (value.kind === 'int') return `${value.text} ${fn === 'min' ? '<' : '>'} ${best.text}`;
  return compareFloats(g, fn === 'min' ? 'lt' : 'gt', value, best);
}

function withConstant(g: Generator, fn: Compare, single: string, { constant }: Slot): string {
  const at = `${g.constants.bound(constant as number)}u`;
  return fn === 'ne' ? `!${g.fn('single_eq', single, at)}` : g.fn(`single_${fn}`, single, at);
}

/** Kleene's logic; the right side is not evaluated where the left one decides. */
export function emitLogic(g: Generator, expr: Of<'logic'>): Held {
  const { code } = g;
  const a = g.value(expr.a);
  if (expr.fn === 'xor') {
    const b = g.value(expr.b);
    const valid = bothValid(g, a, b);
    const text = `${a.slots[0].text} != ${b.slots[0].text}`;
    return ofKind(g, 'bool', valid ? `${valid} & (${text})` : text, valid);
  }
  const isAnd = expr.fn === 'and';
  const x = a.slots[0].text;
  const result = code.variable('bool', x);
  if (!expr.optional) {
    code.block(isAnd ? `if (${x})` : `if (!${x})`, () =>
      g.within([], () => {
        g.prepare({ node: expr.b });
        code.line(`${result} = ${g.value(expr.b).slots[0].text};`);
      }),
    );
    return { slots: [{ kind: 'bool', text: result }] };
  }
  const valid = code.variable('bool', a.valid ?? 'true');
  // A false left side decides `and`, a true one `or`; slots of what is missing are false.
  const open = isAnd ? (a.valid ? `${x} | !${a.valid}` : x) : `!${x}`;
  code.block(`if (${open})`, () =>
    g.within([], () => {
      g.prepare({ node: expr.b });
      const b = g.value(expr.b);
      const y = b.slots[0].text;
      const there = b.valid ?? 'true';
      code.line(`${result} = ${isAnd ? `${x} & ${y}` : y};`);
      const decides = isAnd ? `(${there} & !${y})` : y;
      code.line(`${valid} = ${a.valid ? `(${a.valid} & ${there}) | ${decides}` : there};`);
    }),
  );
  return { slots: [{ kind: 'bool', text: result }], valid };
}

/** The cheaper kind that surely holds a float: where every value that it may be is a single. */
export function floatKind(g: Generator, expr: Expr): FloatKind {
  switch (expr.op) {
    case 'column':
    case 'field':
      return g.shape(expr.column).type === 'float32' ? 'single' : 'num';
    case 'var':
      return g.bound(expr.id)?.slots[0].kind === 'single' ? 'single' : 'num';
    case 'let':
      return floatKind(g, expr.body);
    case 'cond':
      return floatKind(g, expr.a) === 'single' ? floatKind(g, expr.b) : 'num';
    case 'fillMissing':
      return floatKind(g, expr.a) === 'single' ? floatKind(g, expr.b) : 'num';
    case 'extreme':
      return expr.args.every((arg) => floatKind(g, arg) === 'single') ? 'single' : 'num';
    case 'unary':
      return floatKind(g, expr.a);
    case 'float1':
      return keepsSingles(expr.fn) ? floatKind(g, expr.a) : 'num';
    case 'reduce':
      return expr.fn === 'min' || expr.fn === 'max' ? floatKind(g, expr.body) : 'num';
    default:
      return 'num';
  }
}
