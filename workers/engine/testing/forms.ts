/**
 * Hand-made typed forms for tests of engines: one short function for each op, which works out type and
 * `optional` as `core/expr/typedForm.ts` words them.
 */
import { typeKey } from '../../../core/expr/graph.ts';
import type { Expr, Float1, Float2, List, Type } from '../../../core/expr/typedForm.ts';

export const FLOAT: Type = { kind: 'float' };
export const INT: Type = { kind: 'int' };
export const UINT: Type = { kind: 'uint' };
export const BOOL: Type = { kind: 'bool' };
export const STRING: Type = { kind: 'string' };
export const VECTOR: Type = { kind: 'vector' };
export const itemOf = (collection: string): Type => ({ kind: 'item', collection });

type Arith = (Expr & { op: 'arith' })['fn'];
type Bits = (Expr & { op: 'bits' })['fn'];
type Compare = (Expr & { op: 'compare' })['fn'];
type Logic = (Expr & { op: 'logic' })['fn'];
type Reduce = (Expr & { op: 'reduce' })['fn'];

const some = (...operands: Expr[]): boolean => operands.some((e) => e.optional);

export const float = (value: number): Expr => ({ op: 'const', type: FLOAT, optional: false, value });
export const int = (value: bigint | number): Expr => ({
  op: 'const',
  type: INT,
  optional: false,
  value: BigInt(value),
});
export const uint = (value: bigint): Expr => ({ op: 'const', type: UINT, optional: false, value });
export const bool = (value: boolean): Expr => ({ op: 'const', type: BOOL, optional: false, value });
export const string = (value: string): Expr => ({ op: 'const', type: STRING, optional: false, value });
export const none = (type: Type): Expr => ({ op: 'none', type, optional: true });

export const column = (name: string, type: Type, optional = false): Expr => ({
  op: 'column',
  type,
  optional,
  column: name,
});
export const field = (item: Expr, name: string, type: Type, nullable = false): Expr => ({
  op: 'field',
  type,
  optional: item.optional || nullable,
  item,
  column: name,
});
export const variable = (id: number, type: Type, optional = false): Expr => ({ op: 'var', type, optional, id });
export const bind = (id: number, value: Expr, body: Expr): Expr => ({
  op: 'let',
  type: body.type,
  optional: some(value, body),
  id,
  value,
  body,
});

export const arith = (fn: Arith, a: Expr, b: Expr): Expr => ({
  op: 'arith',
  fn,
  type: a.type,
  optional: some(a, b) || ((fn === 'mod' || fn === 'floordiv') && !(b.op === 'const' && Number(b.value) !== 0)),
  a,
  b,
});
export const bits = (fn: Bits, a: Expr, b: Expr): Expr => ({ op: 'bits', fn, type: INT, optional: some(a, b), a, b });
export const neg = (a: Expr): Expr => ({ op: 'unary', fn: 'neg', type: a.type, optional: a.optional, a });
export const invert = (a: Expr): Expr => ({ op: 'unary', fn: 'invert', type: INT, optional: a.optional, a });
export const intfn = (fn: 'abs' | 'sign', a: Expr): Expr => ({ op: 'intfn', fn, type: INT, optional: a.optional, a });
export const float1 = (fn: Float1, a: Expr): Expr => ({ op: 'float1', fn, type: FLOAT, optional: a.optional, a });
export const float2 = (fn: Float2, a: Expr, b: Expr): Expr => ({
  op: 'float2',
  fn,
  type: FLOAT,
  optional: some(a, b),
  a,
  b,
});
export const compare = (fn: Compare, a: Expr, b: Expr): Expr => ({
  op: 'compare',
  fn,
  type: BOOL,
  optional: some(a, b),
  a,
  b,
});
export const inRanges = (a: Expr, b: Expr, ...ranges: [number, number, number][]): Expr => ({
  op: 'inRanges',
  type: BOOL,
  optional: some(a, b),
  a,
  b,
  ranges: Uint32Array.from(ranges.flat()),
});
export const logic = (fn: Logic, a: Expr, b: Expr): Expr => ({
  op: 'logic',
  fn,
  type: BOOL,
  optional: some(a, b),
  a,
  b,
});
export const not = (a: Expr): Expr => ({ op: 'not', type: BOOL, optional: a.optional, a });
export const toFloat = (a: Expr): Expr => ({ op: 'toFloat', type: FLOAT, optional: a.optional, a });
export const toInt = (a: Expr): Expr => ({ op: 'toInt', type: INT, optional: a.optional, a });
export const cond = (c: Expr, a: Expr, b: Expr): Expr => ({
  op: 'cond',
  type: a.type,
  optional: some(c, a, b),
  c,
  a,
  b,
});
export const isMissing = (a: Expr): Expr => ({ op: 'isMissing', type: BOOL, optional: false, a });
export const fillMissing = (a: Expr, b: Expr): Expr => ({
  op: 'fillMissing',
  type: a.type,
  optional: a.optional && b.optional,
  a,
  b,
});
export const isnan = (a: Expr): Expr => ({ op: 'isnan', type: BOOL, optional: a.optional, a });
export const extreme = (fn: 'min' | 'max', ...args: Expr[]): Expr => ({
  op: 'extreme',
  fn,
  type: args[0]!.type,
  optional: some(...args),
  args,
});

export const len = (list: List): Expr => ({ op: 'len', type: INT, optional: false, list });
export function reduce(fn: Reduce, list: List, id: number, body: Expr): Expr {
  const type = fn === 'argmin' || fn === 'argmax' ? INT : body.type;
  return { op: 'reduce', fn, type, optional: !['sum', 'any', 'all'].includes(fn), list, id, body };
}
export const at = (list: List, index: Expr): Expr => ({ op: 'at', type: list.item, optional: true, list, index });
export const pick = (fn: 'min' | 'max', list: List, id: number, key: Expr): Expr => ({
  op: 'pick',
  fn,
  type: list.item,
  optional: true,
  list,
  id,
  key,
});
export function part(tuple: Expr, index: number, optional = tuple.optional): Expr {
  if (tuple.type.kind !== 'tuple') throw new TypeError('not a tuple');
  return { op: 'part', type: tuple.type.parts[index]!, optional, tuple, index };
}
export const wrap = (item: Expr, index: number, type: Type): Expr => ({
  op: 'wrap',
  type,
  optional: item.optional,
  item,
  part: index,
});
export const match = (item: Expr, cases: { id: number; body: Expr }[]): Expr => ({
  op: 'match',
  type: cases[0]!.body.type,
  optional: some(item, ...cases.map((c) => c.body)),
  item,
  cases,
});
export const reference = (collection: string, index: Expr): Expr => ({
  op: 'reference',
  type: itemOf(collection),
  optional: true,
  collection,
  index,
});
export const same = (a: Expr, b: Expr): Expr => ({ op: 'same', type: BOOL, optional: some(a, b), a, b });
export const vector = (from: 'ptEtaPhiM' | 'pxPyPzE', ...parts: [Expr, Expr, Expr, Expr]): Expr => ({
  op: 'vector',
  type: VECTOR,
  optional: some(...parts),
  from,
  parts,
});
export const vectorArith = (fn: 'add' | 'sub', a: Expr, b: Expr): Expr => ({
  op: 'vectorArith',
  fn,
  type: VECTOR,
  optional: some(a, b),
  a,
  b,
});
export const vectorScale = (a: Expr, by: Expr): Expr => ({
  op: 'vectorScale',
  type: VECTOR,
  optional: some(a, by),
  a,
  by,
});
export const component = (vec: Expr, index: 0 | 1 | 2 | 3): Expr => ({
  op: 'component',
  type: FLOAT,
  optional: vec.optional,
  vector: vec,
  index,
});

let lastList = 0;
const head = (item: Type, itemOptional = false) => ({ id: ++lastList, item, itemOptional });
const alike = (list: List) => head(list.item, list.itemOptional);

/** Names of a tuple's parts: `a`, `b`, … */
const tupleOf = (parts: Type[]): Type => ({ kind: 'tuple', names: parts.map((_, k) => 'abcdefghi'[k]!), parts });

export const base = (collection: string): List => ({ ...head(itemOf(collection)), op: 'base', collection });
export const filter = (list: List, id: number, condition: Expr): List => ({
  ...alike(list),
  op: 'filter',
  list,
  var: id,
  cond: condition,
});
export const slice = (list: List, start?: Expr, stop?: Expr): List => ({
  ...alike(list),
  op: 'slice',
  list,
  start,
  stop,
});
export const sort = (list: List, id: number, key: Expr, reverse = false): List => ({
  ...alike(list),
  op: 'sort',
  list,
  var: id,
  key,
  reverse,
});
export const combinations = (list: List, n: number): List => ({
  ...head(tupleOf(Array.from({ length: n }, () => list.item))),
  op: 'combinations',
  list,
  n,
});
export const cartesian = (...lists: List[]): List => ({
  ...head(tupleOf(lists.map((l) => l.item))),
  op: 'cartesian',
  lists,
});
/** Of lists with one item type: the items as they are; else union items. */
export function concatenate(...lists: List[]): List {
  const parts = lists.map((l) => l.item);
  const one = parts.every((type) => typeKey(type) === typeKey(parts[0]!));
  const item: Type = one ? parts[0]! : { kind: 'union', parts };
  return {
    ...head(
      item,
      lists.some((l) => l.itemOptional),
    ),
    op: 'concatenate',
    lists,
  };
}
export const map = (list: List, id: number, body: Expr): List => ({
  ...head(body.type, body.optional),
  op: 'map',
  list,
  var: id,
  body,
});
export const flatMap = (list: List, id: number, inner: List): List => ({
  ...head(inner.item, inner.itemOptional),
  op: 'flatMap',
  list,
  var: id,
  inner,
});
export const literal = (...items: Expr[]): List => ({
  ...head(items[0]!.type, some(...items)),
  op: 'literal',
  items,
});
