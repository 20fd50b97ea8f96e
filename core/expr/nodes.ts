import type { ColumnInfo, ValueType } from '../schema/column.ts';
import { Graph, typeKey } from './graph.ts';
import { passesMissing } from './strict.ts';
import type { Expr, Float1, Float2, List, Scalar, Type } from './typedForm.ts';

export const FLOAT: Type = { kind: 'float' };
export const INT: Type = { kind: 'int' };
export const BOOL: Type = { kind: 'bool' };
export const STRING: Type = { kind: 'string' };
export const VECTOR: Type = { kind: 'vector' };

export const isNumber = (type: Type): boolean =>
  type.kind === 'int' || type.kind === 'uint' || type.kind === 'float' || type.kind === 'bool';
export const isScalar = (type: Type): boolean => isNumber(type) || type.kind === 'string';
export const isInteger = (type: Type): boolean => type.kind === 'int' || type.kind === 'uint';
export const sameType = (a: Type, b: Type): boolean => typeKey(a) === typeKey(b);

type Fn<Op extends Expr['op']> = Extract<Expr, { op: Op }> extends { fn: infer F } ? F : never;

/** What a stored value becomes when an expression reads it. */
export function widened(type: ValueType): Scalar {
  if (type === 'bool' || type === 'string') return type;
  if (type === 'float32' || type === 'float64') return 'float';
  return type === 'uint64' ? 'uint' : 'int';
}

/**
 * Makes typed nodes: works out type and `optional`, and folds constants where the result is exact. Callers have checked the
 * operands; nothing here reports errors.
 */
export class Nodes {
  readonly graph = new Graph();

  int(value: bigint): Expr {
    const kind = value >= 1n << 63n ? 'uint' : 'int';
    return this.graph.expr({ op: 'const', type: { kind }, optional: false, value });
  }

  float(value: number): Expr {
    return this.graph.expr({ op: 'const', type: FLOAT, optional: false, value });
  }

  bool(value: boolean): Expr {
    return this.graph.expr({ op: 'const', type: BOOL, optional: false, value });
  }

  string(value: string): Expr {
    return this.graph.expr({ op: 'const', type: STRING, optional: false, value });
  }

  none(type: Type): Expr {
    return this.graph.expr({ op: 'none', type, optional: true });
  }

  column(column: ColumnInfo): Expr {
    return this.graph.expr({
      op: 'column',
      type: { kind: widened(column.type) },
      optional: column.nullable,
      column: column.name,
    });
  }

  field(item: Expr, column: ColumnInfo): Expr {
    return this.graph.expr({
      op: 'field',
      type: { kind: widened(column.type) },
      optional: item.optional || column.nullable,
      item,
      column: column.name,
    });
  }

  variable(id: number, type: Type, optional: boolean): Expr {
    return this.graph.expr({ op: 'var', type, optional, id });
  }

  /** The variable that per-item values of `list` are written in. */
  itemOf(list: List): Expr {
    return this.variable(this.graph.itemVariable(list), list.item, list.itemOptional);
  }

  /** `body` with variable `id` standing for `value`. */
  let(id: number, value: Expr, body: Expr): Expr {
    if (body.op === 'var' && body.id === id) return value;
    return this.graph.expr({ op: 'let', type: body.type, optional: value.optional || body.optional, id, value, body });
  }

  /**
   * `body` with variable `id` standing for an item that may itself be missing. A `let` would make the whole missing
   * then; but `x is None` and `fill_none(x, 0)` are there to answer for a missing x.
   */
  forItem(id: number, item: Expr, body: Expr): Expr {
    if (!item.optional || passesMissing(body, id)) return this.let(id, item, body);
    return this.at(this.map(this.literal([item]), id, body), this.int(0n));
  }

  /** `make` applied to a value that it uses more than once: the value is computed once. */
  share(value: Expr, make: (value: Expr) => Expr): Expr {
    if (value.op === 'var' || value.op === 'const' || value.op === 'column') return make(value);
    if (value.op === 'part' && value.tuple.op === 'var') return make(value);
    const id = this.graph.newVariable();
    return this.let(id, value, make(this.variable(id, value.type, false)));
  }

  toFloat(a: Expr): Expr {
    if (a.type.kind === 'float') return a;
    if (a.op === 'const') return this.float(Number(a.value));
    if (a.op === 'none') return this.none(FLOAT);
    return this.graph.expr({ op: 'toFloat', type: FLOAT, optional: a.optional, a });
  }

  toInt(a: Expr): Expr {
    if (a.type.kind === 'int') return a;
    if (a.op === 'const' && typeof a.value !== 'string') {
      return this.graph.expr({ op: 'const', type: INT, optional: false, value: BigInt.asIntN(64, BigInt(a.value)) });
    }
    if (a.op === 'none') return this.none(INT);
    return this.graph.expr({ op: 'toInt', type: INT, optional: a.optional, a });
  }

  /** Two numbers made one type: int where both are integers or booleans, else float. */
  unifyNumbers(a: Expr, b: Expr): [Expr, Expr] {
    if (a.type.kind === 'float' || b.type.kind === 'float') return [this.toFloat(a), this.toFloat(b)];
    return [this.toInt(a), this.toInt(b)];
  }

  arith(fn: Fn<'arith'>, left: Expr, right: Expr): Expr {
    const [a, b] = fn === 'div' ? [this.toFloat(left), this.toFloat(right)] : this.unifyNumbers(left, right);
    const divides = fn === 'floordiv' || fn === 'mod';
    const byZero = divides && !(b.op === 'const' && Number(b.value) !== 0);
    return this.graph.expr({ op: 'arith', type: a.type, optional: a.optional || b.optional || byZero, fn, a, b });
  }

  bits(fn: Fn<'bits'>, a: Expr, b: Expr): Expr {
    const [x, y] = [this.toInt(a), this.toInt(b)];
    return this.graph.expr({ op: 'bits', type: INT, optional: x.optional || y.optional, fn, a: x, b: y });
  }

  negative(value: Expr): Expr {
    const a = value.type.kind === 'float' ? value : this.toInt(value);
    if (a.op === 'const')
      return a.type.kind === 'float'
        ? this.float(-(a.value as number))
        : this.int(BigInt.asIntN(64, -(a.value as bigint)));
    return this.graph.expr({ op: 'unary', type: a.type, optional: a.optional, fn: 'neg', a });
  }

  invert(value: Expr): Expr {
    const a = this.toInt(value);
    return this.graph.expr({ op: 'unary', type: INT, optional: a.optional, fn: 'invert', a });
  }

  intfn(fn: Fn<'intfn'>, value: Expr): Expr {
    const a = this.toInt(value);
    return this.graph.expr({ op: 'intfn', type: INT, optional: a.optional, fn, a });
  }

  float1(fn: Float1, value: Expr): Expr {
    const a = this.toFloat(value);
    return this.graph.expr({ op: 'float1', type: FLOAT, optional: a.optional, fn, a });
  }

  float2(fn: Float2, left: Expr, right: Expr): Expr {
    const [a, b] = [this.toFloat(left), this.toFloat(right)];
    return this.graph.expr({ op: 'float2', type: FLOAT, optional: a.optional || b.optional, fn, a, b });
  }

  /** Numbers, or two booleans, or two strings. */
  compare(fn: Fn<'compare'>, left: Expr, right: Expr): Expr {
    let [a, b] = [left, right];
    if (a.type.kind !== b.type.kind || a.type.kind === 'int') {
      if (a.type.kind === 'float' || b.type.kind === 'float') [a, b] = [this.toFloat(a), this.toFloat(b)];
      else [a, b] = [a, b].map((side) => (side.type.kind === 'bool' ? this.toInt(side) : side));
    }
    return this.graph.expr({ op: 'compare', type: BOOL, optional: a.optional || b.optional, fn, a, b });
  }

  /** @param ranges as `inRanges` of the typed form has them */
  inRanges(left: Expr, right: Expr, ranges: Uint32Array): Expr {
    const [a, b] = [this.toInt(left), this.toInt(right)];
    return this.graph.expr({ op: 'inRanges', type: BOOL, optional: a.optional || b.optional, a, b, ranges });
  }

  logic(fn: Fn<'logic'>, a: Expr, b: Expr): Expr {
    return this.graph.expr({ op: 'logic', type: BOOL, optional: a.optional || b.optional, fn, a, b });
  }

  not(a: Expr): Expr {
    return this.graph.expr({ op: 'not', type: BOOL, optional: a.optional, a });
  }

  /** `a` and `b` have one type. */
  cond(c: Expr, a: Expr, b: Expr): Expr {
    return this.graph.expr({ op: 'cond', type: a.type, optional: c.optional || a.optional || b.optional, c, a, b });
  }

  isMissing(a: Expr): Expr {
    if (!a.optional) return this.bool(false);
    return this.graph.expr({ op: 'isMissing', type: BOOL, optional: false, a });
  }

  fillMissing(a: Expr, b: Expr): Expr {
    if (!a.optional) return a;
    return this.graph.expr({ op: 'fillMissing', type: a.type, optional: b.optional, a, b });
  }

  isnan(value: Expr): Expr {
    const a = this.toFloat(value);
    return this.graph.expr({ op: 'isnan', type: BOOL, optional: a.optional, a });
  }

  extreme(fn: 'min' | 'max', values: Expr[]): Expr {
    const anyFloat = values.some((value) => value.type.kind === 'float');
    const args = values.map((value) => (anyFloat ? this.toFloat(value) : this.toInt(value)));
    return this.graph.expr({ op: 'extreme', type: args[0].type, optional: args.some((arg) => arg.optional), fn, args });
  }

  len(list: List): Expr {
    return this.graph.expr({ op: 'len', type: INT, optional: false, list });
  }

  reduce(fn: Fn<'reduce'>, list: List, id: number, body: Expr): Expr {
    const always = fn === 'sum' || fn === 'any' || fn === 'all';
    const position = fn === 'argmin' || fn === 'argmax';
    return this.graph.expr({ op: 'reduce', type: position ? INT : body.type, optional: !always, fn, list, id, body });
  }

  at(list: List, index: Expr): Expr {
    return this.graph.expr({ op: 'at', type: list.item, optional: true, list, index: this.toInt(index) });
  }

  pick(fn: 'min' | 'max', list: List, id: number, key: Expr): Expr {
    return this.graph.expr({ op: 'pick', type: list.item, optional: true, fn, list, id, key });
  }

  part(tuple: Expr, index: number): Expr {
    const type = tuple.type as Extract<Type, { kind: 'tuple' }>;
    return this.graph.expr({ op: 'part', type: type.parts[index], optional: tuple.optional, tuple, index });
  }

  wrap(item: Expr, part: number, type: Type): Expr {
    return this.graph.expr({ op: 'wrap', type, optional: item.optional, item, part });
  }

  match(item: Expr, cases: { id: number; body: Expr }[]): Expr {
    const optional = item.optional || cases.some((branch) => branch.body.optional);
    return this.graph.expr({ op: 'match', type: cases[0].body.type, optional, item, cases });
  }

  reference(collection: string, index: Expr): Expr {
    return this.graph.expr({
      op: 'reference',
      type: { kind: 'item', collection },
      optional: true,
      collection,
      index: this.toInt(index),
    });
  }

  same(a: Expr, b: Expr): Expr {
    return this.graph.expr({ op: 'same', type: BOOL, optional: a.optional || b.optional, a, b });
  }

  vector(from: 'ptEtaPhiM' | 'pxPyPzE', values: [Expr, Expr, Expr, Expr]): Expr {
    const parts = values.map((value) => this.toFloat(value)) as [Expr, Expr, Expr, Expr];
    return this.graph.expr({ op: 'vector', type: VECTOR, optional: parts.some((part) => part.optional), from, parts });
  }

  vectorArith(fn: 'add' | 'sub', a: Expr, b: Expr): Expr {
    return this.graph.expr({ op: 'vectorArith', type: VECTOR, optional: a.optional || b.optional, fn, a, b });
  }

  vectorScale(a: Expr, factor: Expr): Expr {
    const by = this.toFloat(factor);
    return this.graph.expr({ op: 'vectorScale', type: VECTOR, optional: a.optional || by.optional, a, by });
  }

  component(vector: Expr, index: 0 | 1 | 2 | 3): Expr {
    return this.graph.expr({ op: 'component', type: FLOAT, optional: vector.optional, vector, index });
  }

  base(collection: string): List {
    return this.graph.list({ op: 'base', item: { kind: 'item', collection }, itemOptional: false, collection });
  }

  filter(list: List, id: number, cond: Expr): List {
    return this.graph.list({ op: 'filter', item: list.item, itemOptional: list.itemOptional, list, var: id, cond });
  }

  /** The items that are not missing. */
  present(list: List): List {
    if (!list.itemOptional) return list;
    const id = this.graph.newVariable();
    const cond = this.not(this.isMissing(this.variable(id, list.item, true)));
    return this.graph.list({ op: 'filter', item: list.item, itemOptional: false, list, var: id, cond });
  }

  slice(list: List, start: Expr | undefined, stop: Expr | undefined): List {
    return this.graph.list({
      op: 'slice',
      item: list.item,
      itemOptional: list.itemOptional,
      list,
      ...(start && { start }),
      ...(stop && { stop }),
    });
  }

  sort(list: List, id: number, key: Expr, reverse: boolean): List {
    return this.graph.list({
      op: 'sort',
      item: list.item,
      itemOptional: list.itemOptional,
      list,
      var: id,
      key,
      reverse,
    });
  }

  combinations(source: List, n: number): List {
    const list = this.present(source);
    const item: Type = { kind: 'tuple', names: tupleNames(n), parts: Array.from({ length: n }, () => list.item) };
    return this.graph.list({ op: 'combinations', item, itemOptional: false, list, n });
  }

  cartesian(sources: List[]): List {
    const lists = sources.map((list) => this.present(list));
    const item: Type = { kind: 'tuple', names: tupleNames(lists.length), parts: lists.map((list) => list.item) };
    return this.graph.list({ op: 'cartesian', item, itemOptional: false, lists });
  }

  concatenate(sources: List[]): List {
    const lists = sources.map((list) => this.present(list));
    const types = lists.map((list) => list.item);
    const item: Type = types.every((type) => sameType(type, types[0])) ? types[0] : { kind: 'union', parts: types };
    return this.graph.list({ op: 'concatenate', item, itemOptional: false, lists });
  }

  map(list: List, id: number, body: Expr): List {
    if (body.op === 'var' && body.id === id) return list;
    return this.graph.list({ op: 'map', item: body.type, itemOptional: body.optional, list, var: id, body });
  }

  flatMap(list: List, id: number, inner: List): List {
    return this.graph.list({ op: 'flatMap', item: inner.item, itemOptional: inner.itemOptional, list, var: id, inner });
  }

  literal(items: Expr[]): List {
    return this.graph.list({
      op: 'literal',
      item: items[0].type,
      itemOptional: items.some((item) => item.optional),
      items,
    });
  }
}

const tupleNames = (n: number): string[] => Array.from({ length: n }, (_, i) => String.fromCharCode(97 + i));
