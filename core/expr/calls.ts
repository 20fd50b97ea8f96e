import type { Ast, Span } from './ast.ts';
import type { Checked, Context, Scope } from './context.ts';
import { expressionError } from './error.ts';
import { FUNCTIONS, signatureOf } from './functions.ts';
import { arrayOf, needBool, valueAt } from './members.ts';
import { isNumber } from './nodes.ts';
import { conditional } from './operators.ts';
import { passesMissing } from './strict.ts';
import { didYouMean } from './suggest.ts';
import type { Expr, Float1, List, Type } from './typedForm.ts';
import { typeInWords, type Value } from './value.ts';

/** How a call sees the checker: it types arguments itself, since a lambda's parameter depends on another argument. */
export type Check = (ast: Ast, scope: Scope) => Checked;

export interface Call {
  name: string;
  args: Ast[];
  keywords: { name: string; span: Span; value: Ast }[];
  span: Span;
  scope: Scope;
}

type Handler = (context: Context, call: Call, check: Check) => Value;

const MAX_COMBINATION = 6;
const MAX_PARTS = 100;

/** Calls a function of the language. @throws LumiscopeError for an unknown name or wrong arguments */
export function callFunction(context: Context, call: Call, nameSpan: Span, check: Check): Value {
  const handler = Object.hasOwn(HANDLERS, call.name) ? HANDLERS[call.name] : undefined;
  if (!handler) {
    throw expressionError(
      `there is no function \`${call.name}\``,
      nameSpan,
      didYouMean(
        call.name,
        FUNCTIONS.map((info) => info.name),
      ),
    );
  }
  return handler(context, call, check);
}

/** Exactly `count` positional arguments and no keyword but those in `allowed`. */
function expectArguments(call: Call, count: number | [number, number], allowed: readonly string[] = []): void {
  const [least, most] = typeof count === 'number' ? [count, count] : count;
  const usage = `usage: ${signatureOf(call.name)}`;
  if (call.args.length < least) throw expressionError(`${call.name}() lacks an argument`, call.span, usage);
  if (call.args.length > most)
    throw expressionError(`${call.name}() has too many arguments`, call.args[most].span, usage);
  for (const keyword of call.keywords) {
    if (!allowed.includes(keyword.name)) {
      throw expressionError(
        `${call.name}() has no argument \`${keyword.name}\``,
        keyword.span,
        didYouMean(keyword.name, allowed) ?? usage,
      );
    }
  }
}

const keyword = (call: Call, name: string): Ast | undefined =>
  call.keywords.find((candidate) => candidate.name === name)?.value;

/** A key, with the variable of the item in it. */
interface Key {
  id: number;
  expr: Expr;
}

/** The key of a choice or a sort: a lambda of the item, or values of the same collection. */
function keyOf(context: Context, source: Extract<Value, { kind: 'array' }>, key: Ast, call: Call, check: Check): Key {
  const { nodes } = context;
  const { id, expr } =
    key.kind === 'lambda'
      ? keyOfLambda(context, source, key, call, check)
      : keyOfValues(context, source, key, call, check);
  if (!isNumber(expr.type)) throw expressionError(`the key is a number, not ${typeInWords(expr.type)}`, key.span);
  return { id, expr: expr.type.kind === 'bool' ? nodes.toInt(expr) : expr };
}

function keyOfLambda(
  context: Context,
  { list, body }: Extract<Value, { kind: 'array' }>,
  key: Extract<Ast, { kind: 'lambda' }>,
  call: Call,
  check: Check,
): Key {
  const { nodes } = context;
  if (key.parameters.length !== 1) throw expressionError('the key takes one item: lambda x: …', key.span);
  // Not the list's own item variable: the key may go through the list again.
  const id = nodes.graph.newVariable();
  const variable = nodes.variable(id, list.item, list.itemOptional);
  const item = nodes.forItem(nodes.graph.itemVariable(list), variable, body);
  const scope = new Map(call.scope).set(key.parameters[0].name, { kind: 'one', expr: item });
  const { value } = check(key.body, scope);
  if (value.kind !== 'one')
    throw expressionError(`the key is one number an item, not ${context.words(value)}`, key.body.span);
  return { id, expr: value.expr };
}

function keyOfValues(
  context: Context,
  source: Extract<Value, { kind: 'array' }>,
  key: Ast,
  call: Call,
  check: Check,
): Key {
  const checked = check(key, call.scope);
  const lifted = context.lift([{ value: source, ast: call.args[0] }, checked], key.span, ([, value]) => value);
  if (checked.value.kind !== 'array' || lifted.kind !== 'array')
    throw expressionError(
      'the key is the same for all items',
      key.span,
      'use values of the collection, or lambda x: …',
    );
  return { id: context.nodes.graph.itemVariable(source.list), expr: lifted.body };
}

function reduction(fn: 'sum' | 'mean' | 'min' | 'max' | 'any' | 'all' | 'argmin' | 'argmax'): Handler {
  const ofConditions = fn === 'any' || fn === 'all';
  return (context, call, check) => {
    expectArguments(call, 1);
    const { nodes } = context;
    const [ast] = call.args;
    const source = arrayOf(context, check(ast, call.scope), `${fn}()`);
    let body = source.body;
    if (!isNumber(body.type) && fn === 'sum') {
      const vector = context.asVector(body);
      if (vector)
        return { kind: 'one', expr: nodes.reduce('sum', source.list, nodes.graph.itemVariable(source.list), vector) };
    }
    if (ofConditions ? body.type.kind !== 'bool' : !isNumber(body.type)) {
      const field = `${context.exampleName(source.list)}.pt${ofConditions ? ' > 20' : ''}`;
      const compared = ofConditions && isNumber(body.type) ? `compare them, e.g. ${fn}(… > 0)` : undefined;
      throw expressionError(
        `${fn}() needs ${ofConditions ? 'conditions' : 'numbers'}, not ${context.words(source)}`,
        ast.span,
        body.type.kind === 'item' ? `choose a field, e.g. ${fn}(${field})` : compared,
      );
    }
    if (fn === 'mean') body = nodes.toFloat(body);
    else if (body.type.kind === 'bool' && !ofConditions) body = nodes.toInt(body);
    else if (fn === 'sum' && body.type.kind === 'uint') body = nodes.toInt(body);
    return { kind: 'one', expr: nodes.reduce(fn, source.list, nodes.graph.itemVariable(source.list), body) };
  };
}

function extreme(fn: 'min' | 'max'): Handler {
  return (context, call, check) => {
    expectArguments(call, [1, 100], ['key']);
    const key = keyword(call, 'key');
    if (key) {
      if (call.args.length > 1)
        throw expressionError(`${fn}() with a key takes one collection`, call.span, `usage: ${signatureOf(fn)}`);
      const source = arrayOf(context, check(call.args[0], call.scope), `${fn}()`);
      const { nodes } = context;
      const item = nodes.graph.itemVariable(source.list);
      const { id, expr } = keyOf(context, source, key, call, check);
      if (!source.list.itemOptional || passesMissing(source.body, item)) {
        return { kind: 'one', expr: nodes.let(item, nodes.pick(fn, source.list, id, expr), source.body) };
      }
      // The chosen item may be a missing one, and its value is not.
      const position = nodes.reduce(fn === 'min' ? 'argmin' : 'argmax', source.list, id, expr);
      return { kind: 'one', expr: valueAt(context, source, position) };
    }
    if (call.args.length === 1) return reduction(fn)(context, call, check);
    const operands = call.args.map((arg) => check(arg, call.scope));
    return context.lift(operands, call.span, (exprs) => {
      for (const [k, expr] of exprs.entries()) needNumber(expr, call.args[k]);
      return context.nodes.extreme(fn, exprs);
    });
  };
}

function needNumber(expr: Expr, ast: Ast): Expr {
  if (isNumber(expr.type)) return expr;
  throw expressionError(`a number is expected, not ${typeInWords(expr.type)}`, ast.span);
}

/** A function of numbers, item by item. */
function numeric(count: number, make: (context: Context, args: Expr[]) => Expr): Handler {
  return (context, call, check) => {
    expectArguments(call, count);
    const operands = call.args.map((arg) => check(arg, call.scope));
    return context.lift(operands, call.span, (exprs) =>
      make(
        context,
        exprs.map((expr, k) => needNumber(expr, call.args[k])),
      ),
    );
  };
}

const float1 = (fn: Float1): Handler => numeric(1, (context, [a]) => context.nodes.float1(fn, a));

/** For functions that leave integers as they are. */
const keepsIntegers = (fn: 'floor' | 'ceil' | 'round'): Handler =>
  numeric(1, (context, [a]) => (a.type.kind === 'float' ? context.nodes.float1(fn, a) : context.nodes.toInt(a)));

const magnitude = (fn: 'abs' | 'sign'): Handler =>
  numeric(1, (context, [a]) => (a.type.kind === 'float' ? context.nodes.float1(fn, a) : context.nodes.intfn(fn, a)));

const listOfArgument = (context: Context, call: Call, check: Check, k: number): List =>
  context.listOf(check(call.args[k], call.scope), `${call.name}()`);

/** Items that one item of a type is made of. */
const sizeOf = (type: Type): number =>
  type.kind === 'tuple' || type.kind === 'union' ? type.parts.reduce((size, part) => size + sizeOf(part), 0) : 1;

/** The collection of a new list. Combinations of combinations grow fast: their items have a limit. */
function collection(context: Context, list: List, call: Call): Value {
  if (sizeOf(list.item) > MAX_PARTS)
    throw expressionError(`an item of this ${call.name}() is made of more than ${MAX_PARTS} items`, call.span);
  return { kind: 'array', list, body: context.nodes.itemOf(list) };
}

const HANDLERS: Record<string, Handler> = {
  len(context, call, check) {
    expectArguments(call, 1);
    const source = arrayOf(context, check(call.args[0], call.scope), 'len()');
    return { kind: 'one', expr: context.nodes.len(source.list) };
  },
  sum: reduction('sum'),
  mean: reduction('mean'),
  any: reduction('any'),
  all: reduction('all'),
  argmin: reduction('argmin'),
  argmax: reduction('argmax'),
  min: extreme('min'),
  max: extreme('max'),
  combinations(context, call, check) {
    expectArguments(call, 2);
    const list = listOfArgument(context, call, check, 0);
    const count = call.args[1];
    const n = count.kind === 'number' && typeof count.value === 'bigint' ? Number(count.value) : Number.NaN;
    if (!(n >= 1) || n > MAX_COMBINATION)
      throw expressionError(`combinations() takes a number of items from 1 to ${MAX_COMBINATION}`, count.span);
    return collection(context, context.nodes.combinations(list, n), call);
  },
  cartesian(context, call, check) {
    expectArguments(call, [2, MAX_COMBINATION]);
    return collection(
      context,
      context.nodes.cartesian(call.args.map((_, k) => listOfArgument(context, call, check, k))),
      call,
    );
  },
  concatenate(context, call, check) {
    expectArguments(call, [2, 20]);
    const lists = call.args.map((_, k) => listOfArgument(context, call, check, k));
    const kinds = new Set(lists.map((list) => list.item.kind));
    const numbers = [...kinds].every((kind) => ['int', 'uint', 'float'].includes(kind));
    const values = [...kinds].some((kind) => ['int', 'uint', 'float', 'bool', 'string', 'vector'].includes(kind));
    if (values && kinds.size > 1 && !numbers)
      throw expressionError('concatenate() needs lists of one kind of values', call.span);
    const { nodes } = context;
    const unified =
      numbers && kinds.size > 1
        ? lists.map((list) => nodes.map(list, nodes.graph.itemVariable(list), nodes.toFloat(nodes.itemOf(list))))
        : lists;
    return collection(context, nodes.concatenate(unified), call);
  },
  sort(context, call, check) {
    expectArguments(call, 1, ['key', 'reverse']);
    const checked = check(call.args[0], call.scope);
    const source = arrayOf(context, checked, 'sort()');
    const reverse = keyword(call, 'reverse');
    if (reverse && reverse.kind !== 'boolean') throw expressionError('reverse is True or False', reverse.span);
    const keyAst = keyword(call, 'key');
    if (!keyAst && !isNumber(source.body.type))
      throw expressionError(
        `sort() of ${context.words(source)} needs a key`,
        call.span,
        `e.g. sort(${context.exampleName(source.list)}, key=lambda x: x.pt, reverse=True)`,
      );
    const { nodes } = context;
    const own = source.body.type.kind === 'bool' ? nodes.toInt(source.body) : source.body;
    const key = keyAst
      ? keyOf(context, source, keyAst, call, check)
      : { id: nodes.graph.itemVariable(source.list), expr: own };
    const list = nodes.sort(source.list, key.id, key.expr, reverse?.kind === 'boolean' && reverse.value);
    return context.over(list, source.list, source.body);
  },
  fill_none(context, call, check) {
    expectArguments(call, 2);
    const operands = call.args.map((arg) => check(arg, call.scope));
    return context.lift(operands, call.span, (exprs) => {
      const [a, b] = context.unify(exprs, call.span);
      return context.nodes.fillMissing(a, b);
    });
  },
  where(context, call, check) {
    expectArguments(call, 3);
    const [test, then, otherwise] = call.args.map((arg) => check(arg, call.scope));
    return conditional(context, test, then, otherwise, call.span);
  },
  clip: numeric(3, (context, [x, low, high]) =>
    context.nodes.extreme('min', [context.nodes.extreme('max', [x, low]), high]),
  ),
  isnan: numeric(1, (context, [a]) => context.nodes.isnan(a)),
  abs: magnitude('abs'),
  sign: magnitude('sign'),
  floor: keepsIntegers('floor'),
  ceil: keepsIntegers('ceil'),
  round: keepsIntegers('round'),
  atan2: numeric(2, (context, [a, b]) => context.nodes.float2('atan2', a, b)),
  hypot: numeric(2, (context, [a, b]) => context.nodes.float2('hypot', a, b)),
  ...Object.fromEntries(
    (['sqrt', 'exp', 'log', 'log10', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh', 'tanh'] as const).map(
      (fn) => [fn, float1(fn)],
    ),
  ),
};

/** The condition of a comprehension, where an array has no place. */
export function oneCondition(context: Context, { value, ast }: Checked): Expr {
  if (value.kind === 'one') return needBool(value.expr, ast);
  if (value.kind === 'array')
    throw expressionError(
      `the condition is ${context.words(value)}: one true/false value is expected`,
      ast.span,
      'use any(…) or all(…)',
    );
  throw expressionError(`a condition is expected, not ${context.words(value)}`, ast.span);
}
