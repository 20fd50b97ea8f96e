import type { Expr, Type } from '../../../core/expr/typedForm.ts';
import { emitArith, emitBits, emitCompare, emitFloat1, emitIntFunction, emitLogic } from './arithmetic.ts';
import { F64, I32, I64, type Local } from './code.ts';
import { cells } from './frame.ts';
import type { Generator } from './generator.ts';
import { assign, assignMissing, bothValid, target, whereValid, wrapPart } from './held.ts';
import { type Held, slotsOf, unionPlaces } from './layout.ts';
import { at, lengthOf } from './lists.ts';
import { emitInRanges } from './ranges.ts';
import { emitPick, emitReduce } from './reductions.ts';
import { emitVector } from './vectors.ts';

type Of<Op extends Expr['op']> = Extract<Expr, { op: Op }>;

/** Computes an expression into locals. */
export function emitValue(g: Generator, expr: Expr): Held {
  const { code } = g;
  switch (expr.op) {
    case 'const':
      return emitConst(g, expr);
    case 'none': {
      const result = target(g, expr.type, true);
      assignMissing(g, result);
      return result;
    }
    case 'var':
      return g.variable(expr.id);
    case 'column':
      return load(g, expr.column, g.event);
    case 'field': {
      const item = g.value(expr.item);
      const { first } = g.extent((expr.item.type as Extract<Type, { kind: 'item' }>).collection);
      return whereValid(g, item.valid, expr.type, expr.optional, () =>
        load(g, expr.column, code.get(first).get(item.slots[0]).op('i32.add').hold(I32)),
      );
    }
    case 'let': {
      const value = g.value(expr.value);
      return whereValid(g, value.valid, expr.type, expr.optional, () =>
        g.within([[expr.id, { ...value, valid: undefined }]], () => {
          g.prepare([expr.body]);
          return g.value(expr.body);
        }),
      );
    }
    case 'arith':
      return emitArith(g, expr.fn, expr.type, g.value(expr.a), g.value(expr.b), expr.optional);
    case 'bits':
      return emitBits(g, expr.fn, g.value(expr.a), g.value(expr.b));
    case 'unary': {
      const a = g.value(expr.a);
      if (expr.type.kind === 'float') code.get(a.slots[0]).op('f64.neg');
      else if (expr.fn === 'neg') code.i64(0n).get(a.slots[0]).op('i64.sub');
      else code.get(a.slots[0]).i64(-1n).op('i64.xor');
      return { slots: [code.hold(slotsOf(expr.type)[0])], valid: a.valid };
    }
    case 'intfn':
      return emitIntFunction(g, expr.fn, g.value(expr.a));
    case 'float1':
      return emitFloat1(g, expr.fn, g.value(expr.a));
    case 'float2': {
      const [a, b] = [g.value(expr.a), g.value(expr.b)];
      code.get(a.slots[0]).get(b.slots[0]).call('libm', expr.fn, [F64, F64], [F64]);
      return { slots: [code.hold(F64)], valid: bothValid(g, a, b) };
    }
    case 'compare':
      return emitCompare(g, expr.fn, expr.a.type.kind, expr.b.type.kind, g.value(expr.a), g.value(expr.b));
    case 'inRanges':
      return emitInRanges(g, expr.ranges, g.value(expr.a), g.value(expr.b));
    case 'logic':
      return emitLogic(g, expr);
    case 'not': {
      const a = g.value(expr.a);
      code.get(a.slots[0]).op('i32.eqz');
      if (a.valid) code.get(a.valid).op('i32.and');
      return { slots: [code.hold(I32)], valid: a.valid };
    }
    case 'toFloat': {
      const a = g.value(expr.a);
      const kind = expr.a.type.kind;
      code
        .get(a.slots[0])
        .op(kind === 'bool' ? 'f64.convert_i32_u' : kind === 'uint' ? 'f64.convert_i64_u' : 'f64.convert_i64_s');
      return { slots: [code.hold(F64)], valid: a.valid };
    }
    case 'toInt': {
      const a = g.value(expr.a);
      if (expr.a.type.kind !== 'bool') return a;
      return { slots: [code.get(a.slots[0]).op('i64.extend_i32_u').hold(I64)], valid: a.valid };
    }
    case 'cond':
      return emitCond(g, expr);
    case 'isMissing': {
      const { valid } = g.value(expr.a);
      if (valid) code.get(valid).op('i32.eqz');
      else code.i32(0);
      return { slots: [code.hold(I32)] };
    }
    case 'fillMissing': {
      const a = g.value(expr.a);
      if (!a.valid) return a;
      const result = target(g, expr.type, expr.optional);
      code.get(a.valid).if(
        () => assign(g, result, { slots: a.slots }),
        () => g.within([], () => assign(g, result, g.value(expr.b))),
      );
      return result;
    }
    case 'isnan': {
      const a = g.value(expr.a);
      code.get(a.slots[0]).get(a.slots[0]).op('f64.ne');
      if (a.valid) code.get(a.valid).op('i32.and');
      return { slots: [code.hold(I32)], valid: a.valid };
    }
    case 'extreme':
      return emitExtreme(g, expr);
    case 'len':
      return { slots: [lengthOf(g, expr.list)] };
    case 'reduce':
      return emitReduce(g, expr);
    case 'pick':
      return emitPick(g, expr);
    case 'at':
      return at(g, expr.list, g.value(expr.index));
    case 'part': {
      const tuple = g.value(expr.tuple);
      const { parts } = expr.tuple.type as Extract<Type, { kind: 'tuple' }>;
      const from = parts.slice(0, expr.index).flatMap(slotsOf).length;
      return { slots: tuple.slots.slice(from, from + slotsOf(parts[expr.index]).length), valid: tuple.valid };
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
    case 'vectorArith': {
      const [a, b] = [g.value(expr.a), g.value(expr.b)];
      const op = expr.fn === 'add' ? 'f64.add' : 'f64.sub';
      return {
        slots: a.slots.map((slot, k) => code.get(slot).get(b.slots[k]).op(op).hold(F64)),
        valid: bothValid(g, a, b),
      };
    }
    case 'vectorScale': {
      const [a, by] = [g.value(expr.a), g.value(expr.by)];
      return {
        slots: a.slots.map((slot) => code.get(slot).get(by.slots[0]).op('f64.mul').hold(F64)),
        valid: bothValid(g, a, by),
      };
    }
    case 'component': {
      const vector = g.value(expr.vector);
      return { slots: [vector.slots[expr.index]], valid: vector.valid };
    }
  }
}

function emitConst(g: Generator, expr: Of<'const'>): Held {
  const { code } = g;
  const { value } = expr;
  if (typeof value === 'boolean') return { slots: [code.i32(value ? 1 : 0).hold(I32)] };
  if (typeof value === 'bigint') return { slots: [code.i64(value).hold(I64)] };
  if (typeof value === 'string') return { slots: [code.i32(g.stringId(value)).hold(I32)] };
  return { slots: [code.f64(value).hold(F64)] };
}

/** A column's value at position `at` of its values, widened. */
function load(g: Generator, column: string, at: Local): Held {
  const { code } = g;
  const { type, nullable } = g.shape(column);
  const values = g.pointer(cells.values(column));
  const address = (shift: number) => {
    code.get(at);
    if (shift > 0) code.i32(shift).op('i32.shl');
    return code.get(values).op('i32.add');
  };
  const slot = (() => {
    switch (type) {
      case 'bool':
        return address(0).mem('i32.load8_u').i32(0).op('i32.ne').hold(I32);
      case 'int8':
        return address(0).mem('i64.load8_s').hold(I64);
      case 'uint8':
        return address(0).mem('i64.load8_u').hold(I64);
      case 'int16':
        return address(1).mem('i64.load16_s').hold(I64);
      case 'uint16':
        return address(1).mem('i64.load16_u').hold(I64);
      case 'int32':
        return address(2).mem('i64.load32_s').hold(I64);
      case 'uint32':
        return address(2).mem('i64.load32_u').hold(I64);
      case 'int64':
      case 'uint64':
        return address(3).mem('i64.load').hold(I64);
      case 'float32':
        return address(2).mem('f32.load').op('f64.promote_f32').hold(F64);
      case 'float64':
        return address(3).mem('f64.load').hold(F64);
      case 'string': {
        const table = g.pointer(cells.strings(column));
        return address(2).mem('i32.load').i32(2).op('i32.shl').get(table).op('i32.add').mem('i32.load').hold(I32);
      }
    }
  })();
  if (!nullable) return { slots: [slot] };
  const valid = g.pointer(cells.valid(column));
  return { slots: [slot], valid: code.get(at).get(valid).op('i32.add').mem('i32.load8_u').hold(I32) };
}

function emitCond(g: Generator, expr: Of<'cond'>): Held {
  const { code } = g;
  const c = g.value(expr.c);
  const result = target(g, expr.type, expr.optional);
  const branch = (side: Expr) => () => g.within([], () => assign(g, result, g.value(side)));
  code.get(c.slots[0]).if(branch(expr.a), branch(expr.b));
  if (c.valid && result.valid) {
    code.get(result.valid).get(c.valid).op('i32.and').set(result.valid);
    if (expr.type.kind === 'bool') code.get(result.slots[0]).get(result.valid).op('i32.and').set(result.slots[0]);
  }
  return result;
}

function emitExtreme(g: Generator, expr: Of<'extreme'>): Held {
  const { code } = g;
  const values = expr.args.map((arg) => g.value(arg));
  const isFloat = expr.type.kind === 'float';
  const best = code.get(values[0].slots[0]).hold(isFloat ? F64 : I64);
  for (const value of values.slice(1)) {
    const [slot] = value.slots;
    code.get(slot).get(best).get(slot).get(best);
    code.op(isFloat ? (expr.fn === 'min' ? 'f64.lt' : 'f64.gt') : expr.fn === 'min' ? 'i64.lt_s' : 'i64.gt_s');
    // NaN gives way to anything.
    if (isFloat) code.get(best).get(best).op('f64.ne').op('i32.or');
    code.op('select').set(best);
  }
  return { slots: [best], valid: bothValid(g, ...values) };
}

function emitMatch(g: Generator, expr: Of<'match'>): Held {
  const { code } = g;
  const item = g.value(expr.item);
  const union = expr.item.type as Extract<Type, { kind: 'union' }>;
  const body = (k: number): Held => {
    const slots = unionPlaces(union, k).map((place) => item.slots[place]);
    return g.within([[expr.cases[k].id, { slots }]], () => {
      g.prepare([expr.cases[k].body]);
      return g.value(expr.cases[k].body);
    });
  };
  return whereValid(g, item.valid, expr.type, expr.optional, () => {
    if (item.part !== undefined) return body(item.part);
    const result = target(g, expr.type, expr.optional);
    const choose = (k: number): void => {
      if (k === expr.cases.length - 1) return assign(g, result, body(k));
      code
        .get(item.slots[0])
        .i32(k)
        .op('i32.eq')
        .if(
          () => assign(g, result, body(k)),
          () => choose(k + 1),
        );
    };
    choose(0);
    return result;
  });
}

/** An index into another collection: missing where it is outside. */
function emitReference(g: Generator, expr: Of<'reference'>): Held {
  const { code } = g;
  const index = g.value(expr.index);
  const { count } = g.extent(expr.collection);
  // As unsigned, a negative index is past any count.
  code.get(index.slots[0]).get(count).op('i64.extend_i32_u').op('i64.lt_u');
  if (index.valid) code.get(index.valid).op('i32.and');
  const valid = code.hold(I32);
  return { slots: [code.get(index.slots[0]).op('i32.wrap_i64').hold(I32)], valid };
}

function emitSame(g: Generator, a: Held, b: Held): Held {
  const { code } = g;
  code.i32(1);
  for (const [k, slot] of a.slots.entries()) {
    code
      .get(slot)
      .get(b.slots[k])
      .op(slot.type === I32 ? 'i32.eq' : slot.type === I64 ? 'i64.eq' : 'f64.eq')
      .op('i32.and');
  }
  const valid = bothValid(g, a, b);
  if (valid) code.get(valid).op('i32.and');
  return { slots: [code.hold(I32)], valid };
}
