import type { Expr, Type } from '../../core/expr/typedForm.ts';
import {
  compareFloats,
  emitArith,
  emitBits,
  emitCompare,
  emitFloat1,
  emitFloat2,
  emitLogic,
  floatKind,
  isBetter,
  ofKind,
} from './arithmetic.ts';
import { load } from './columns.ts';
import type { Generator } from './generator.ts';
import { as, assign, bothValid, num, target, whereValid, wrapPart } from './held.ts';
import { at, lengthOf } from './lists.ts';
import { emitInRanges } from './ranges.ts';
import { emitPick, emitReduce } from './reductions.ts';
import { type Held, type Slot, slotKinds, unionPlaces } from './slots.ts';
import { emitVector, emitVectorArith, emitVectorScale } from './vectors.ts';

type Of<Op extends Expr['op']> = Extract<Expr, { op: Op }>;

/** Computes an expression. */
export function emitValue(g: Generator, expr: Expr): Held {
  const { code } = g;
  switch (expr.op) {
    case 'const':
      return emitConst(g, expr);
    case 'none':
      return target(g, expr.type, true);
    case 'var':
      return g.variable(expr.id);
    case 'column':
      return load(g, expr.column, 'e');
    case 'field': {
      const item = g.value(expr.item);
      const { first } = g.extent((expr.item.type as Extract<Type, { kind: 'item' }>).collection);
      const kind = expr.type.kind === 'float' ? floatKind(g, expr) : 'num';
      const read = () => load(g, expr.column, `${first} + ${item.slots[0].text}`);
      return whereValid(g, item.valid, expr.type, expr.optional, read, kind);
    }
    case 'let': {
      const value = g.value(expr.value);
      const bound: [number, Held][] = [[expr.id, { ...value, valid: undefined }]];
      const kind = expr.type.kind === 'float' ? g.within(bound, () => floatKind(g, expr.body)) : 'num';
      const body = () =>
        g.within(bound, () => {
          g.prepare({ node: expr.body });
          return g.value(expr.body);
        });
      return whereValid(g, value.valid, expr.type, expr.optional, body, kind);
    }
    case 'arith':
      return emitArith(g, expr);
    case 'bits':
      return emitBits(g, expr);
    case 'unary': {
      const a = g.value(expr.a);
      const [slot] = a.slots;
      if (slot.kind === 'single') return ofKind(g, 'single', `-${slot.text}`, a.valid);
      if (expr.type.kind === 'float') return ofKind(g, 'num', g.fn('num_neg', num(g, slot)), a.valid);
      return ofKind(g, 'int', expr.fn === 'neg' ? g.fn('int_neg', slot.text) : `~${slot.text}`, a.valid);
    }
    case 'intfn': {
      const a = g.value(expr.a);
      const [{ text }] = a.slots;
      return ofKind(g, 'int', expr.fn === 'abs' ? g.fn('int_abs', text) : `sign(${text})`, a.valid);
    }
    case 'float1':
      return emitFloat1(g, expr);
    case 'float2':
      return emitFloat2(g, expr);
    case 'compare':
      return emitCompare(g, expr);
    case 'inRanges':
      return emitInRanges(g, expr.ranges, g.value(expr.a), g.value(expr.b));
    case 'logic':
      return emitLogic(g, expr);
    case 'not': {
      const a = g.value(expr.a);
      return ofKind(g, 'bool', `${a.valid ? `${a.valid} & ` : ''}!${a.slots[0].text}`, a.valid);
    }
    case 'toFloat': {
      const a = g.value(expr.a);
      const [slot] = a.slots;
      if (slot.kind === 'bool') return ofKind(g, 'single', `f32(${slot.text})`, a.valid);
      return ofKind(g, 'num', g.fn('num_from_int', slot.text), a.valid);
    }
    case 'toInt': {
      const a = g.value(expr.a);
      return a.slots[0].kind === 'bool' ? ofKind(g, 'int', `i32(${a.slots[0].text})`, a.valid) : a;
    }
    case 'cond':
      return emitCond(g, expr);
    case 'isMissing': {
      const { valid } = g.value(expr.a);
      return { slots: [{ kind: 'bool', text: valid ? code.hold(`!${valid}`) : 'false' }] };
    }
    case 'fillMissing':
      return emitFillMissing(g, expr);
    case 'isnan': {
      // A NaN never gets here: it is in doubt where it is read or made.
      const a = g.value(expr.a);
      return { slots: [{ kind: 'bool', text: 'false' }], valid: a.valid };
    }
    case 'extreme':
      return emitExtreme(g, expr);
    case 'len':
      return { slots: [{ kind: 'int', text: code.hold(`i32(${lengthOf(g, expr.list)})`) }] };
    case 'reduce':
      return emitReduce(g, expr);
    case 'pick':
      return emitPick(g, expr);
    case 'at':
      return at(g, expr);
    case 'part': {
      const tuple = g.value(expr.tuple);
      const { parts } = expr.tuple.type as Extract<Type, { kind: 'tuple' }>;
      const from = parts.slice(0, expr.index).flatMap((part) => slotKinds(part)).length;
      return { slots: tuple.slots.slice(from, from + slotKinds(parts[expr.index]).length), valid: tuple.valid };
    }
    case 'wrap': {
      const item = g.value(expr.item);
      return { ...wrapPart(g, expr.type as Extract<Type, { kind: 'union' }>, expr.part, item), valid: item.valid };
    }
    case 'match':
      return emitMatch(g, expr);
    case 'reference':
      return emitReference(g, expr);
    case 'same':
      return emitSame(g, g.value(expr.a), g.value(expr.b));
    case 'vector':
      return emitVector(g, expr);
    case 'vectorArith':
      return emitVectorArith(g, expr);
    case 'vectorScale':
      return emitVectorScale(g, expr);
    case 'component': {
      const vector = g.value(expr.vector);
      return { slots: [vector.slots[expr.index]], valid: vector.valid };
    }
  }
}

function emitConst(g: Generator, { value, type }: Of<'const'>): Held {
  const slot = ((): Slot => {
    if (typeof value === 'boolean') return { kind: 'bool', text: String(value) };
    if (typeof value === 'string') return { kind: 'word', text: `constants[${g.constants.string(value)}u]` };
    if (type.kind !== 'float') return { kind: 'int', text: g.fn('constant_int', `${g.constants.int(BigInt(value))}u`) };
    return { kind: 'constant', text: '', constant: Number(value) };
  })();
  return { slots: [slot] };
}

function emitCond(g: Generator, expr: Of<'cond'>): Held {
  const { code } = g;
  const c = g.value(expr.c);
  const result = target(g, expr.type, expr.optional, expr.type.kind === 'float' ? floatKind(g, expr) : 'num');
  const branch = (side: Expr) => () =>
    g.within([], () => {
      g.prepare({ node: side });
      assign(g, result, g.value(side));
    });
  const choose = () => code.block(`if (${c.slots[0].text})`, branch(expr.a), branch(expr.b));
  if (c.valid) code.block(`if (${c.valid})`, choose);
  else choose();
  return result;
}

function emitFillMissing(g: Generator, expr: Of<'fillMissing'>): Held {
  const a = g.value(expr.a);
  if (!a.valid) return a;
  const result = target(g, expr.type, expr.optional, expr.type.kind === 'float' ? floatKind(g, expr) : 'num');
  g.code.block(
    `if (${a.valid})`,
    () => assign(g, result, { slots: a.slots }),
    () =>
      g.within([], () => {
        g.prepare({ node: expr.b });
        assign(g, result, g.value(expr.b));
      }),
  );
  return result;
}

function emitExtreme(g: Generator, expr: Of<'extreme'>): Held {
  const { code } = g;
  const values = expr.args.map((arg) => g.value(arg));
  const valid = bothValid(g, ...values);
  const kind = expr.type.kind === 'float' ? floatKind(g, expr) : 'num';
  const choose = (): Held => {
    const best = target(g, expr.type, false, kind);
    assign(g, best, values[0]);
    for (const value of values.slice(1)) {
      code.block(`if (${isBetter(g, expr.fn, value.slots[0], best.slots[0])})`, () => assign(g, best, value));
    }
    return best;
  };
  return { ...whereValid(g, valid, expr.type, false, choose, kind), valid };
}

function emitMatch(g: Generator, expr: Of<'match'>): Held {
  const { code } = g;
  const item = g.value(expr.item);
  const union = expr.item.type as Extract<Type, { kind: 'union' }>;
  const body = (k: number): Held => {
    const slots = unionPlaces(union, k).map((place) => item.slots[place]);
    return g.within([[expr.cases[k].id, { slots }]], () => {
      g.prepare({ node: expr.cases[k].body });
      return g.value(expr.cases[k].body);
    });
  };
  return whereValid(g, item.valid, expr.type, expr.optional, () => {
    if (item.part !== undefined) return body(item.part);
    const result = target(g, expr.type, expr.optional);
    const choose = (k: number): void => {
      const set = () => g.within([], () => assign(g, result, body(k)));
      if (k === expr.cases.length - 1) return set();
      code.block(`if (${item.slots[0].text} == ${k}u)`, set, () => choose(k + 1));
    };
    choose(0);
    return result;
  });
}

/** An index into another collection: missing where it is outside. */
function emitReference(g: Generator, expr: Of<'reference'>): Held {
  const index = g.value(expr.index);
  const { count } = g.extent(expr.collection);
  const [{ text }] = index.slots;
  const inside = `(${text} >= 0i) & (u32(${text}) < ${count})`;
  const valid = g.code.hold(index.valid ? `${index.valid} & ${inside}` : inside);
  return { slots: [{ kind: 'word', text: g.code.hold(`select(0u, u32(${text}), ${valid})`) }], valid };
}

function emitSame(g: Generator, a: Held, b: Held): Held {
  const valid = bothValid(g, a, b);
  const parts = a.slots.map((slot, k) =>
    slot.kind === 'bool' || slot.kind === 'word' || slot.kind === 'int'
      ? `${slot.text} == ${as(g, slot.kind, b.slots[k])}`
      : compareFloats(g, 'eq', slot, b.slots[k]),
  );
  return ofKind(g, 'bool', [...(valid ? [valid] : []), ...parts].join(' && ') || 'true', valid);
}
