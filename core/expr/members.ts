import type { Ast, Span } from './ast.ts';
import type { Checked, Context } from './context.ts';
import { expressionError } from './error.ts';
import { FUNCTIONS } from './functions.ts';
import { isInteger, isNumber } from './nodes.ts';
import { passesMissing } from './strict.ts';
import { didYouMean } from './suggest.ts';
import type { Expr } from './typedForm.ts';
import { typeInWords, type Value } from './value.ts';
import { VECTOR_METHODS, VECTOR_PROPERTIES, type VectorMethod } from './vectors.ts';

/** `object.name`. @throws LumiscopeError where there is no such field */
export function member(context: Context, object: Checked, name: string, nameSpan: Span): Value {
  const { value } = object;
  if (value.kind === 'record') {
    const source = context.fieldsOf({ record: value.record.name });
    const field = source.fields.find((candidate) => candidate.name === name);
    const expr = field ? source.read(field) : context.vectors.propertyOfFields(source, name);
    if (expr) return { kind: 'one', expr };
    throw noField(
      value.record.name,
      source.fields.map((candidate) => candidate.name),
      name,
      nameSpan,
    );
  }
  if (
    value.kind === 'array' &&
    (value.body.type.kind === 'float' || isInteger(value.body.type)) &&
    REDUCTIONS.has(name)
  ) {
    throw expressionError(`a list has no method .${name}`, nameSpan, `write ${name}(…) around it`);
  }
  return context.lift([object], object.ast.span, ([item]) => property(context, item, name, nameSpan));
}

const REDUCTIONS: ReadonlySet<string> = new Set(
  FUNCTIONS.filter((info) => info.group === 'reduction').map((info) => info.name),
);

/** A field, a reference or a four-vector property of one item. */
function property(context: Context, item: Expr, name: string, span: Span): Expr {
  const { nodes, schema } = context;
  const { type } = item;
  if (type.kind === 'item') {
    const collection = schema.collections.get(type.collection);
    const field = collection?.fields.find((candidate) => candidate.name === name);
    if (field) return nodes.field(item, field.column);
    const reference = collection?.references.find((candidate) => candidate.name === name);
    if (reference) return nodes.reference(reference.target, nodes.field(item, reference.column));
    if (context.vectors.propertyOfFields(context.fieldsOf({ item }), name)) {
      return nodes.share(
        item,
        (one) => context.vectors.propertyOfFields(context.fieldsOf({ item: one }), name) as Expr,
      );
    }
    const nested = ['_', '.'].map((mark) => schema.columns.get(`${type.collection}${mark}${name}`)).find(Boolean);
    if (nested) throw listOfLists(`${type.collection}.${name}`, span);
    const names = [...(collection?.fields ?? []), ...(collection?.references ?? [])].map((candidate) => candidate.name);
    throw noField(
      `an item of ${type.collection}`,
      context.asVector(item) ? [...names, ...VECTOR_PROPERTIES, ...VECTOR_METHODS] : names,
      name,
      span,
    );
  }
  if (type.kind === 'tuple') {
    const index = type.names.indexOf(name);
    if (index >= 0) return nodes.part(item, index);
    throw expressionError(
      `a combination has no .${name}`,
      span,
      `its parts are ${type.names.map((part) => `.${part}`).join(' ')}`,
    );
  }
  if (type.kind === 'union') {
    const matched = context.matchParts(item, (part) => property(context, part, name, span));
    if (matched) return matched;
    throw expressionError(`.${name} has different types in the parts of the concatenation`, span);
  }
  if (type.kind === 'vector') {
    const found = context.vectors.property(item, name);
    if (found) return found;
    throw noField('a four-vector', [...VECTOR_PROPERTIES, ...VECTOR_METHODS], name, span);
  }
  throw expressionError(`${typeInWords(type)} has no fields`, span);
}

/** What a column with lists in its lists is answered with. */
export const listOfLists = (name: string, span: Span): Error =>
  expressionError(
    `${name} is a list of lists, which expressions can't read yet`,
    span,
    'write what you need of it as a column of its own, with awkward: ak.flatten(x, axis=2), ak.num(x, axis=2), ak.sum(x, axis=2)',
  );

function noField(owner: string, known: readonly string[], name: string, span: Span): Error {
  const names = [...new Set(known)];
  const hint = (VECTOR_METHODS as readonly string[]).includes(name)
    ? `it is a function: .${name}(other)`
    : didYouMean(name, names);
  return expressionError(
    `${owner} has no field \`${name}\``,
    span,
    hint ?? (names.length > 0 ? `it has ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', …' : ''}` : undefined),
  );
}

/** `object.deltaR(other)` and its kin. */
export function method(
  context: Context,
  object: Checked,
  name: string,
  nameSpan: Span,
  args: readonly Checked[],
  span: Span,
): Value {
  if (!(VECTOR_METHODS as readonly string[]).includes(name)) {
    const hint = didYouMean(name, VECTOR_METHODS) ?? (REDUCTIONS.has(name) ? `write ${name}(…) around it` : undefined);
    throw expressionError(
      `there is no method .${name}()`,
      nameSpan,
      hint ?? `methods are ${VECTOR_METHODS.map((known) => `.${known}()`).join(', ')}`,
    );
  }
  if (args.length !== 1) throw expressionError(`.${name}() takes one argument: the other four-vector`, span);
  const directions = [object, args[0]].map((side) => direction(context, side, name as VectorMethod));
  const operands = directions.flatMap((side) => side.filter((part): part is Checked => part !== undefined));
  return context.lift(operands, span, (exprs) => {
    const { nodes, vectors } = context;
    if (name === 'deltaphi') return vectors.deltaPhi(exprs[0], exprs[1]);
    if (name === 'deltaeta') return nodes.arith('sub', exprs[0], exprs[1]);
    return vectors.deltaR([exprs[0], exprs[2]], [exprs[1], exprs[3]]);
  });
}

/** η and φ of one side, whichever the method needs. */
function direction(context: Context, side: Checked, name: VectorMethod): (Checked | undefined)[] {
  const get = (property: string): Checked => {
    try {
      const value = member(context, side, property, side.ast.span);
      return {
        value: context.lift([{ value, ast: side.ast }], side.ast.span, ([expr]) => context.nodes.toFloat(expr)),
        ast: side.ast,
      };
    } catch {
      throw expressionError(
        `.${name}() needs something with ${property}, not ${context.words(side.value)}`,
        side.ast.span,
      );
    }
  };
  return [name === 'deltaphi' ? undefined : get('eta'), name === 'deltaeta' ? undefined : get('phi')];
}

/** `object[index]`: an item, or a mask. */
export function index(context: Context, object: Checked, at: Checked, span: Span): Value {
  const { nodes } = context;
  const source = arrayOf(context, object, '[…]');
  const { value } = at;
  const type = value.kind === 'one' ? value.expr.type : value.kind === 'array' ? value.body.type : undefined;
  if (value.kind === 'array' && type?.kind === 'bool') {
    if (value.list !== source.list) {
      // Lifting reports which two collections these are.
      context.lift([object, at], span, ([one]) => one);
    }
    const list = nodes.filter(source.list, nodes.graph.itemVariable(source.list), value.body);
    return context.over(list, source.list, source.body);
  }
  if (type && isInteger(type)) {
    return context.lift([at], span, ([position]) => valueAt(context, source, position));
  }
  const hint =
    type?.kind === 'bool'
      ? 'to switch a whole collection on or off by an event condition, use it in select'
      : undefined;
  throw expressionError(`an index is an integer or a mask, not ${context.words(value)}`, at.ast.span, hint);
}

/** The value at a position; missing where there is none. A missing item is asked for its value like any other. */
export function valueAt(context: Context, source: Extract<Value, { kind: 'array' }>, position: Expr): Expr {
  const { nodes } = context;
  const id = nodes.graph.itemVariable(source.list);
  if (!source.list.itemOptional || passesMissing(source.body, id)) {
    return nodes.let(id, nodes.at(source.list, position), source.body);
  }
  return nodes.at(nodes.map(source.list, id, source.body), position);
}

/** `object[start:stop]`. */
export function slice(context: Context, object: Checked, start: Checked | undefined, stop: Checked | undefined): Value {
  const source = arrayOf(context, object, 'a slice');
  const bound = (side: Checked | undefined): Expr | undefined => {
    if (!side) return undefined;
    if (side.value.kind !== 'one' || !isInteger(side.value.expr.type)) {
      throw expressionError(`the bound of a slice is one integer, not ${context.words(side.value)}`, side.ast.span);
    }
    return context.nodes.toInt(side.value.expr);
  };
  return context.over(context.nodes.slice(source.list, bound(start), bound(stop)), source.list, source.body);
}

/** A collection or a list as an array. @throws LumiscopeError for anything else */
export function arrayOf(context: Context, { value, ast }: Checked, need: string): Extract<Value, { kind: 'array' }> {
  if (value.kind === 'array') return value;
  if (value.kind === 'literal') {
    const list = context.literalList(value);
    return { kind: 'array', list, body: context.nodes.itemOf(list) };
  }
  throw expressionError(`${need} needs a collection or a list, not ${context.words(value)}`, ast.span);
}

/** The one condition type. @throws LumiscopeError with a word on how to make a condition of a number */
export function needBool(expr: Expr, ast: Ast): Expr {
  if (expr.type.kind === 'bool') return expr;
  throw expressionError(
    `a condition is expected, not ${typeInWords(expr.type)}`,
    ast.span,
    isNumber(expr.type) ? 'compare it, e.g. … != 0' : undefined,
  );
}
