import { LumiscopeError } from '../errors.ts';
import type { Ast, Span } from './ast.ts';
import { type Check, callFunction, oneCondition } from './calls.ts';
import type { Context, Scope } from './context.ts';
import { expressionError } from './error.ts';
import { FUNCTION_NAMES } from './functions.ts';
import { index, listOfLists, member, method, slice } from './members.ts';
import { binary, compare, conditional, logic, unary } from './operators.ts';
import { parseExpression } from './parse.ts';
import { didYouMean } from './suggest.ts';
import type { List } from './typedForm.ts';
import type { Value } from './value.ts';

/** A name whose own definition is wrong: the error is reported there, once. */
export class BrokenDefinition extends Error {}

/**
 * Types one expression and lowers it to the typed form; `scope` holds what loops around it bind.
 * @throws LumiscopeError `expression` with the span of what is wrong and, where it helps, a hint; BrokenDefinition where it
 *   uses a definition that has an error
 */
export function checkExpression(context: Context, text: string, scope: Scope = new Map()): Value {
  const ast = parseExpression(text);
  try {
    return check(context, ast, scope);
  } catch (error) {
    // The graph knows its limits, but no places.
    if (!(error instanceof LumiscopeError) || error.place.span) throw error;
    throw new LumiscopeError(error.tag, error.message, { hint: error.hint, place: { span: ast.span } });
  }
}

function check(context: Context, ast: Ast, scope: Scope): Value {
  const sub: Check = (child, inner = scope) => ({ value: check(context, child, inner), ast: child });
  const { nodes } = context;
  switch (ast.kind) {
    case 'number':
      return { kind: 'one', expr: typeof ast.value === 'bigint' ? nodes.int(ast.value) : nodes.float(ast.value) };
    case 'string':
      return { kind: 'one', expr: nodes.string(ast.value) };
    case 'boolean':
      return { kind: 'one', expr: nodes.bool(ast.value) };
    case 'none':
      return { kind: 'none' };
    case 'name':
      return named(context, ast.name, ast.span, scope);
    case 'member':
      return member(context, sub(ast.object, scope), ast.name, ast.nameSpan);
    case 'index':
      return index(context, sub(ast.object, scope), sub(ast.index, scope), ast.span);
    case 'slice':
      return slice(
        context,
        sub(ast.object, scope),
        ast.start && sub(ast.start, scope),
        ast.stop && sub(ast.stop, scope),
      );
    case 'call':
      return call(context, ast, scope, sub);
    case 'unary':
      return unary(context, ast.op, sub(ast.operand, scope), ast.span);
    case 'binary':
      return binary(context, ast.op, sub(ast.left, scope), sub(ast.right, scope), ast.span);
    case 'compare':
      return compare(
        context,
        sub(ast.first, scope),
        ast.ops,
        ast.rest.map((side) => sub(side, scope)),
        ast.span,
      );
    case 'logic':
      return logic(context, ast.op, sub(ast.left, scope), sub(ast.right, scope), ast.span);
    case 'conditional':
      return conditional(context, sub(ast.test, scope), sub(ast.then, scope), sub(ast.otherwise, scope), ast.span);
    case 'lambda':
      throw expressionError('a lambda is only a key', ast.span, 'as in min(items, key=lambda x: …)');
    case 'list':
      return { kind: 'literal', items: ast.items.map((item) => check(context, item, scope)), span: ast.span };
    case 'comprehension':
      return comprehension(context, ast, scope);
  }
}

function named(context: Context, name: string, span: Span, scope: Scope): Value {
  const { schema, definitions } = context;
  const local = scope.get(name);
  if (local) return local;
  if (definitions.has(name)) {
    const value = definitions.get(name);
    if (!value) throw new BrokenDefinition(name);
    return value;
  }
  const collection = schema.collections.get(name);
  if (collection?.self && collection.fields.length === 0) return ofColumn(context, collection.self.name, span);
  if (collection) return context.collection(name);
  const record = schema.records.get(name);
  if (record && !schema.columns.has(name)) return { kind: 'record', record };
  if (schema.columns.has(name)) return ofColumn(context, name, span);
  throw noName(context, name, span, scope);
}

function noName(context: Context, name: string, span: Span, scope: Scope): Error {
  const { schema, definitions } = context;
  if (FUNCTION_NAMES.has(name)) return expressionError(`${name} is a function`, span, `call it: ${name}(…)`);
  const known = [
    ...scope.keys(),
    ...definitions.keys(),
    ...schema.collections.keys(),
    ...schema.records.keys(),
    ...schema.columns.keys(),
  ];
  return expressionError(`there is no \`${name}\` here`, span, didYouMean(name, known));
}

/** A column by its raw name. */
function ofColumn(context: Context, column: string, span: Span): Value {
  const info = context.schema.columns.get(column);
  if (!info) throw new Error(`no column ${column}`);
  if (info.depth === 0) return { kind: 'one', expr: context.column(info) };
  const owner = [...context.schema.collections.values()].find(
    (collection) => collection.self === info || collection.fields.some((field) => field.column === info),
  );
  if (!owner) throw listOfLists(column, span);
  const value = context.collection(owner.name) as Extract<Value, { kind: 'array' }>;
  return { ...value, body: context.nodes.field(value.body, info) };
}

/** What functions are called under in Python. */
const MODULES: ReadonlySet<string> = new Set(['np', 'numpy', 'ak', 'awkward', 'math']);

/** Whether a name stands for a value; a column doesn't hide the function of its name. */
function isValue({ definitions, schema }: Context, name: string, scope: Scope): boolean {
  if (scope.has(name) || definitions.has(name)) return true;
  return !FUNCTION_NAMES.has(name) && [schema.collections, schema.records, schema.columns].some((map) => map.has(name));
}

function call(context: Context, ast: Extract<Ast, { kind: 'call' }>, scope: Scope, sub: Check): Value {
  const { callee } = ast;
  if (callee.kind === 'member') {
    const { object, name } = callee;
    if (object.kind === 'name' && MODULES.has(object.name) && !isValue(context, object.name, scope))
      throw expressionError(
        `functions have no prefix \`${object.name}.\``,
        object.span,
        FUNCTION_NAMES.has(name) ? `write ${name}(…)` : undefined,
      );
    if (ast.keywords.length > 0) throw expressionError('a method takes no named arguments', ast.keywords[0].span);
    return method(
      context,
      sub(object, scope),
      name,
      callee.nameSpan,
      ast.args.map((arg) => sub(arg, scope)),
      ast.span,
    );
  }
  if (callee.kind !== 'name') throw expressionError("this can't be called", callee.span);
  if (isValue(context, callee.name, scope))
    throw expressionError(`\`${callee.name}\` is a value, not a function`, callee.span);
  return callFunction(
    context,
    { name: callee.name, args: ast.args, keywords: ast.keywords, span: ast.span, scope },
    callee.span,
    sub,
  );
}

/** `[element for x in list if … for y in … ]`: nested loops, as in Python. */
function comprehension(context: Context, ast: Extract<Ast, { kind: 'comprehension' }>, outer: Scope): Value {
  const { nodes } = context;
  const loops: { list: List; id: number }[] = [];
  let scope = outer;
  for (const clause of ast.clauses) {
    let list = context.listOf({ value: check(context, clause.source, scope), ast: clause.source }, '`for`');
    const id = nodes.graph.newVariable();
    scope = new Map(scope).set(clause.name, { kind: 'one', expr: nodes.variable(id, list.item, list.itemOptional) });
    for (const condition of clause.conditions) {
      list = nodes.filter(list, id, oneCondition(context, { value: check(context, condition, scope), ast: condition }));
    }
    loops.push({ list, id });
  }
  const element = check(context, ast.element, scope);
  if (element.kind !== 'one') {
    const hint = element.kind === 'array' ? 'reduce the inner list, e.g. with sum(…) or len(…)' : undefined;
    throw expressionError(`each element must be one value, not ${context.words(element)}`, ast.element.span, hint);
  }
  const last = loops[loops.length - 1];
  let list = nodes.map(last.list, last.id, element.expr);
  for (const { list: source, id } of loops.slice(0, -1).reverse()) list = nodes.flatMap(source, id, list);
  return { kind: 'array', list, body: nodes.itemOf(list) };
}
