import { buildSchema } from '../schema/build.ts';
import type { ColumnInfo } from '../schema/column.ts';
import type { Field, Schema } from '../schema/schema.ts';
import type { Ast, Span } from './ast.ts';
import { expressionError } from './error.ts';
import { Nodes, sameType } from './nodes.ts';
import type { Expr, List, Type } from './typedForm.ts';
import { listInWords, typeInWords, type Value, valueInWords } from './value.ts';
import { fieldSource, Vectors } from './vectors.ts';

/** Names that a loop or a lambda binds. */
export type Scope = ReadonlyMap<string, Value>;

/** A sub-expression that was typed, with its place. */
export interface Checked {
  value: Value;
  ast: Ast;
}

/** What all parts of the checker share: the schema, the graph, broadcasting and the words of messages. */
export class Context {
  readonly nodes = new Nodes();
  readonly vectors = new Vectors(this.nodes);
  readonly schema: Schema;
  /** Definitions so far, in order; `undefined` for one that has an error of its own. */
  readonly definitions = new Map<string, Value | undefined>();
  private readonly defaults: ReadonlyMap<string, number | boolean | string>;
  private readonly listNames = new Map<List, string>();

  /** @param defaults values that stand in for columns that the schema lacks */
  constructor(schema: Schema, defaults: Readonly<Record<string, number | boolean | string>> = {}) {
    const missing = Object.entries(defaults).filter(([name]) => !schema.columns.has(name));
    this.defaults = new Map(missing);
    const extra = missing.map(
      ([name, value]): ColumnInfo => ({ name, type: typeOfDefault(value), depth: 0, nullable: false }),
    );
    this.schema = extra.length > 0 ? buildSchema([...schema.columns.values(), ...extra]) : schema;
  }

  /** A flat column, or the value that stands in for it. */
  column(column: ColumnInfo): Expr {
    const value = this.defaults.get(column.name);
    if (value === undefined) return this.nodes.column(column);
    if (typeof value === 'boolean') return this.nodes.bool(value);
    if (typeof value === 'string') return this.nodes.string(value);
    return Number.isInteger(value) ? this.nodes.int(BigInt(value)) : this.nodes.float(value);
  }

  /** How the fields of a record or of an item are read. */
  fieldsOf(of: { item: Expr } | { record: string }): { fields: readonly Field[]; read(field: Field): Expr } {
    const source = fieldSource(this.schema, this.nodes, of);
    return 'record' in of ? { fields: source.fields, read: (field) => this.column(field.column) } : source;
  }

  /** Adds a definition: those that are checked after it see it. Nothing for one that has an error of its own. */
  define(name: string, value: Value | undefined): void {
    this.definitions.set(name, value);
    if (value?.kind === 'array' && value.body.op === 'var') this.nameList(value.list, name);
  }

  collection(name: string): Value {
    const list = this.nodes.base(name);
    this.nameList(list, name);
    return { kind: 'array', list, body: this.nodes.itemOf(list) };
  }

  /** Remembers what to call a list in messages; the first name stays. */
  nameList(list: List, name: string): void {
    if (!this.listNames.has(list)) this.listNames.set(list, name);
  }

  /** A list in words, for messages. */
  nameOf(list: List): string {
    return listInWords(list, (one) => this.listNames.get(one));
  }

  /** A list as it might be written, for examples. */
  exampleName(list: List): string {
    return this.listNames.get(list) ?? 'items';
  }

  words(value: Value): string {
    return valueInWords(value, (list) => this.listNames.get(list));
  }

  /** A value of another list, written for the items of `list`: `body` with its item variable standing for `item`. */
  over(list: List, from: List, body: Expr): Value {
    return {
      kind: 'array',
      list,
      body: this.nodes.forItem(this.nodes.graph.itemVariable(from), this.nodes.itemOf(list), body),
    };
  }

  /** The list of an array's values. @throws LumiscopeError where the value is no list */
  listOf({ value, ast }: Checked, need: string): List {
    if (value.kind === 'array')
      return this.nodes.map(value.list, this.nodes.graph.itemVariable(value.list), value.body);
    if (value.kind === 'literal') return this.literalList(value);
    throw expressionError(`${need} needs a collection or a list, not ${this.words(value)}`, ast.span);
  }

  /** A list of scalars that is written out. */
  literalList(value: Extract<Value, { kind: 'literal' }>): List {
    if (value.items.length === 0) throw expressionError('the list is empty', value.span);
    const items = value.items.map((item) => {
      if (item.kind !== 'one') throw expressionError(`a list has single values, not ${this.words(item)}`, value.span);
      return item.expr;
    });
    return this.nodes.literal(this.unify(items, value.span));
  }

  /**
   * Broadcasting: applies `make` to single values, or to each item of the one list that all arrays among the operands have.
   * @throws LumiscopeError where operands belong to different collections
   */
  lift(operands: readonly Checked[], span: Span, make: (exprs: Expr[]) => Expr): Value {
    let first: { list: List; operand: Checked } | undefined;
    const exprs = operands.map((operand) => {
      const value = operand.value.kind === 'literal' ? this.asArray(operand) : operand.value;
      if (value.kind === 'one') return value.expr;
      if (value.kind !== 'array') throw this.notAValue(value, operand.ast.span);
      if (!first) first = { list: value.list, operand };
      else if (first.list !== value.list) throw this.mixed(first.list, value.list, span);
      return value.body;
    });
    const expr = make(exprs);
    return first ? { kind: 'array', list: first.list, body: expr } : { kind: 'one', expr };
  }

  private asArray(operand: Checked): Value {
    const list = this.listOf(operand, 'this');
    return { kind: 'array', list, body: this.nodes.itemOf(list) };
  }

  private notAValue(value: Value, span: Span): Error {
    if (value.kind === 'record') {
      const names = value.record.fields.slice(0, 4).map((field) => `${value.record.name}.${field.name}`);
      return expressionError(
        `${value.record.name} is a group of values, not a value`,
        span,
        `choose one of its fields: ${names.join(', ')}…`,
      );
    }
    return expressionError(
      `${this.words(value)} has no place here`,
      span,
      value.kind === 'none' ? 'ask `x is None`, or use fill_none(x, value)' : undefined,
    );
  }

  private mixed(a: List, b: List, span: Span): Error {
    const [left, right] = [this.nameOf(a), this.nameOf(b)];
    const [x, y] = [this.listNames.get(a) ?? '…', this.listNames.get(b) ?? '…'];
    const derived = rootOf(a) !== undefined && rootOf(a) === rootOf(b);
    return expressionError(
      `items of ${left} and items of ${right} can't be combined one by one`,
      span,
      derived
        ? 'both come from one collection, but they are different selections of it: use the same selection on both sides'
        : `write a comprehension, e.g. [… for x in ${x} …], or cartesian(${x}, ${y})`,
    );
  }

  /** Values made one type. @throws LumiscopeError where they have none in common */
  unify(exprs: Expr[], span: Span): Expr[] {
    const known = exprs.filter((expr) => expr.op !== 'none');
    const types = known.map((expr) => expr.type);
    if (types.length === 0) return exprs;
    if (types.every((type) => sameType(type, types[0])))
      return exprs.map((expr) => (expr.op === 'none' ? this.nodes.none(types[0]) : expr));
    const numeric = new Set(types.map((type) => type.kind));
    if (types.every((type) => ['int', 'uint', 'float'].includes(type.kind))) {
      return exprs.map((expr) => (numeric.has('float') ? this.nodes.toFloat(expr) : this.nodes.toInt(expr)));
    }
    const vectors = exprs.map((expr) => (expr.op === 'none' ? undefined : this.asVector(expr)));
    if (vectors.every((vector): vector is Expr => vector !== undefined) && types.some((type) => type.kind === 'vector'))
      return vectors;
    throw expressionError(`these have no type in common: ${[...new Set(types.map(typeInWords))].join(', ')}`, span);
  }

  /** The four-vector of an item, or undefined where it has no such fields. */
  asVector(expr: Expr): Expr | undefined {
    if (expr.type.kind === 'vector') return expr;
    if (expr.type.kind === 'item') {
      if (!this.vectors.fromFields(this.fieldsOf({ item: expr }))) return undefined;
      return this.nodes.share(expr, (item) => this.vectors.fromFields(this.fieldsOf({ item })) as Expr);
    }
    if (expr.type.kind === 'union') return this.matchParts(expr, (part) => this.asVector(part));
    return undefined;
  }

  /** `make` applied to whichever part a union item is; undefined where it fails for one of them. */
  matchParts(item: Expr, make: (part: Expr) => Expr | undefined): Expr | undefined {
    const parts = (item.type as Extract<Type, { kind: 'union' }>).parts;
    const ids = parts.map(() => this.nodes.graph.newVariable());
    const bodies: Expr[] = [];
    for (const [k, part] of parts.entries()) {
      const body = make(this.nodes.variable(ids[k], part, false));
      if (!body) return undefined;
      bodies.push(body);
    }
    const unified = this.unifyParts(bodies);
    return (
      unified &&
      this.nodes.match(
        item,
        unified.map((body, k) => ({ id: ids[k], body })),
      )
    );
  }

  /** One type for the parts of a union: equal types, numbers, else items of a new union. */
  private unifyParts(bodies: Expr[]): Expr[] | undefined {
    const types = bodies.map((body) => body.type);
    const items = types.every((type) => type.kind === 'item' || type.kind === 'tuple' || type.kind === 'union');
    if (items && !types.every((type) => sameType(type, types[0]))) {
      const union: Type = { kind: 'union', parts: types };
      return bodies.map((body, k) => this.nodes.wrap(body, k, union));
    }
    try {
      return this.unify(bodies, [0, 0]);
    } catch {
      return undefined;
    }
  }
}

function typeOfDefault(value: number | boolean | string): ColumnInfo['type'] {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  return Number.isInteger(value) ? 'int64' : 'float64';
}

/** The base collection that a list is drawn from, if it is drawn from one. */
function rootOf(list: List): string | undefined {
  if (list.op === 'base') return list.collection;
  return list.op === 'filter' || list.op === 'slice' || list.op === 'sort' ? rootOf(list.list) : undefined;
}
