/**
 * The plainest possible walk over the typed form, one event at a time, nothing remembered between nodes:
 * the oracle that other engines are held against.
 */
import { typeKey } from '../../../core/expr/graph.ts';
import type { Expr, List } from '../../../core/expr/typedForm.ts';
import type { Libm } from '../libm/libm.ts';
import type { ReferenceChunk } from './chunk.ts';
import { at, cartesian, combinations, extremeOf, extremePosition, reduce, slice, sortBy } from './lists.ts';
import { arith, bits, compare, float1, float2, inRanges, intFunction, logic, toFloat, toInt, wrap } from './scalars.ts';
import {
  asBool,
  asFloat,
  asInt,
  asItem,
  asTuple,
  asUnion,
  asVector,
  sameItem,
  type Value,
  type Vector,
} from './values.ts';

/** Bound variables, innermost first: an inner binding hides an outer one of the same id. */
export type Scope = { id: number; value: Value; outer: Scope } | undefined;

function lookUp(scope: Scope, id: number): Value {
  for (let s = scope; s; s = s.outer) if (s.id === id) return s.value;
  throw new TypeError(`typed form reads variable ${id}, which nothing binds`);
}

export class Interpreter {
  private readonly chunk: ReferenceChunk;
  private readonly libm: Libm;
  private readonly event: number;

  constructor(chunk: ReferenceChunk, libm: Libm, event: number) {
    this.chunk = chunk;
    this.libm = libm;
    this.event = event;
  }

  /** The value of an expression, `undefined` where missing. */
  expr(e: Expr, scope: Scope): Value {
    const value = this.evaluate(e, scope);
    if (value === undefined && !e.optional) throw new TypeError(`typed form promised that ${e.op} is never missing`);
    return value;
  }

  private evaluate(e: Expr, scope: Scope): Value {
    switch (e.op) {
      case 'const':
        return e.value;
      case 'none':
        return undefined;
      case 'column':
        return this.chunk.flat(e.column, this.event);
      case 'var':
        return lookUp(scope, e.id);
      case 'let': {
        const value = this.expr(e.value, scope);
        return value === undefined ? undefined : this.expr(e.body, { id: e.id, value, outer: scope });
      }
      case 'logic':
        return logic(e.fn, this.truth(e.a, scope), this.truth(e.b, scope));
      case 'cond': {
        const c = this.truth(e.c, scope);
        return c === undefined ? undefined : this.expr(c ? e.a : e.b, scope);
      }
      case 'isMissing':
        return this.expr(e.a, scope) === undefined;
      case 'fillMissing':
        return this.expr(e.a, scope) ?? this.expr(e.b, scope);
      case 'len':
        return BigInt(this.list(e.list, scope).length);
      case 'reduce':
        return reduce(e.fn, e.type, this.each(e.list, e.id, e.body, scope));
      case 'pick': {
        const items = this.list(e.list, scope);
        return items[extremePosition(e.fn, this.bodies(items, e.id, e.key, scope))];
      }
      case 'match': {
        const item = this.expr(e.item, scope);
        if (item === undefined) return undefined;
        const union = asUnion(item);
        const { id, body } = e.cases[union.part]!;
        return this.expr(body, { id, value: union.item, outer: scope });
      }
      default:
        return this.strict(e, scope);
    }
  }

  /** Operators that are missing where any operand is. */
  private strict(e: Expr, scope: Scope): Value {
    const values: Value[] = [];
    for (const operand of operands(e)) {
      const value = this.expr(operand, scope);
      if (value === undefined) return undefined;
      values.push(value);
    }
    const [a, b] = values;
    switch (e.op) {
      case 'field':
        return this.chunk.field(e.column, this.event, asItem(a).index);
      case 'arith':
        return arith(this.libm, e.fn, a, b);
      case 'bits':
        return bits(e.fn, asInt(a), asInt(b));
      case 'unary':
        return e.fn === 'invert' ? ~asInt(a) : typeof a === 'bigint' ? wrap(-a) : -asFloat(a);
      case 'intfn':
        return intFunction(e.fn, asInt(a));
      case 'float1':
        return float1(this.libm, e.fn, asFloat(a));
      case 'float2':
        return float2(this.libm, e.fn, asFloat(a), asFloat(b));
      case 'compare':
        return compare(e.fn, a, b);
      case 'inRanges':
        return inRanges(e.ranges, asInt(a), asInt(b));
      case 'not':
        return !asBool(a);
      case 'toFloat':
        return toFloat(a);
      case 'toInt':
        return toInt(a);
      case 'isnan':
        return Number.isNaN(asFloat(a));
      case 'extreme':
        return extremeOf(e.fn, values);
      case 'at':
        return at(this.list(e.list, scope), asInt(a));
      case 'part':
        return asTuple(a)[e.index];
      case 'wrap':
        return { part: e.part, item: a };
      case 'reference': {
        const index = asInt(a);
        return index < 0n || index >= BigInt(this.chunk.size(e.collection, this.event))
          ? undefined
          : { index: Number(index) };
      }
      case 'same':
        return sameItem(a, b);
      case 'vector':
        return this.vector(e.from, values.map(asFloat) as Vector);
      case 'vectorArith': {
        const other = asVector(b);
        return asVector(a).map((x, k) => (e.fn === 'add' ? x + other[k]! : x - other[k]!));
      }
      case 'vectorScale':
        return asVector(a).map((x) => x * asFloat(b));
      case 'component':
        return asVector(a)[e.index];
      default:
        throw new TypeError(`typed form has an unknown op ${e.op}`);
    }
  }

  private vector(from: 'ptEtaPhiM' | 'pxPyPzE', parts: Vector): Vector {
    if (from === 'pxPyPzE') return parts;
    const [pt, eta, phi, m] = parts;
    const px = pt * this.libm.cos(phi);
    const py = pt * this.libm.sin(phi);
    const pz = pt * this.libm.sinh(eta);
    const e2 = px * px + py * py + pz * pz + m * Math.abs(m);
    return [px, py, pz, e2 < 0 ? 0 : Math.sqrt(e2)];
  }

  /** A bool, or undefined where missing. */
  truth(e: Expr, scope: Scope): boolean | undefined {
    const value = this.expr(e, scope);
    return value === undefined ? undefined : asBool(value);
  }

  /** The items of a list, in order; `undefined` for missing ones. */
  list(l: List, scope: Scope): Value[] {
    const items = this.items(l, scope);
    if (!l.itemOptional && items.includes(undefined))
      throw new TypeError(`typed form promised that no item of ${l.op} is missing`);
    return items;
  }

  private items(l: List, scope: Scope): Value[] {
    switch (l.op) {
      case 'base':
        return Array.from({ length: this.chunk.size(l.collection, this.event) }, (_, index) => ({ index }));
      case 'filter': {
        const items = this.list(l.list, scope);
        const conds = this.bodies(items, l.var, l.cond, scope);
        return items.filter((_, k) => conds[k] !== undefined && asBool(conds[k]));
      }
      case 'slice': {
        const items = this.list(l.list, scope);
        const start = l.start ? this.expr(l.start, scope) : 0n;
        const stop = l.stop ? this.expr(l.stop, scope) : BigInt(items.length);
        return start === undefined || stop === undefined ? [] : slice(items, asInt(start), asInt(stop));
      }
      case 'sort': {
        const items = this.list(l.list, scope);
        return sortBy(items, this.bodies(items, l.var, l.key, scope), l.reverse);
      }
      case 'combinations':
        return combinations(this.list(l.list, scope), l.n);
      case 'cartesian':
        return cartesian(l.lists.map((part) => this.list(part, scope)));
      case 'concatenate': {
        // Lists of one item type keep their items as they are. A missing item stays missing in either case.
        const wrapped = l.lists.some((list) => typeKey(list.item) !== typeKey(l.item));
        return l.lists.flatMap((list, part) =>
          this.list(list, scope).map((item) => (wrapped && item !== undefined ? { part, item } : item)),
        );
      }
      case 'map':
        return this.each(l.list, l.var, l.body, scope);
      case 'flatMap':
        return this.list(l.list, scope).flatMap((value) => this.list(l.inner, { id: l.var, value, outer: scope }));
      case 'literal':
        return l.items.map((item) => this.expr(item, scope));
    }
  }

  private each(list: List, id: number, body: Expr, scope: Scope): Value[] {
    return this.bodies(this.list(list, scope), id, body, scope);
  }

  /** `body` for each of `items`, bound to `id`. */
  private bodies(items: Value[], id: number, body: Expr, scope: Scope): Value[] {
    return items.map((value) => this.expr(body, { id, value, outer: scope }));
  }
}

/** Operands of an op that is missing where any of them is, in order. */
function operands(e: Expr): Expr[] {
  switch (e.op) {
    case 'field':
    case 'wrap':
      return [e.item];
    case 'arith':
    case 'bits':
    case 'float2':
    case 'compare':
    case 'inRanges':
    case 'same':
    case 'vectorArith':
      return [e.a, e.b];
    case 'unary':
    case 'intfn':
    case 'float1':
    case 'not':
    case 'toFloat':
    case 'toInt':
    case 'isnan':
      return [e.a];
    case 'extreme':
      return e.args;
    case 'at':
    case 'reference':
      return [e.index];
    case 'part':
      return [e.tuple];
    case 'vector':
      return e.parts;
    case 'vectorScale':
      return [e.a, e.by];
    case 'component':
      return [e.vector];
    default:
      return [];
  }
}
