import type { Ast, BinaryOp, CompareOp, Span } from './ast.ts';
import type { Checked, Context } from './context.ts';
import { expressionError } from './error.ts';
import { needBool } from './members.ts';
import { isInteger, isNumber, sameType } from './nodes.ts';
import type { Expr, Type } from './typedForm.ts';
import { typeInWords, type Value } from './value.ts';

const ARITHMETIC = { '+': 'add', '-': 'sub', '*': 'mul', '/': 'div', '//': 'floordiv', '%': 'mod' } as const;
const BITS = { '&': 'and', '|': 'or', '^': 'xor', '<<': 'shl', '>>': 'shr' } as const;
const COMPARISONS = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge', '==': 'eq', '!=': 'ne' } as const;

const PARENTHESES = '& and | bind tighter than comparisons: write (a > 1) & (b < 2)';

/** `left op right`. */
export function binary(context: Context, op: BinaryOp, left: Checked, right: Checked, span: Span): Value {
  return context.lift([left, right], span, ([a, b]) => {
    if (op in BITS) return bitwise(context, op as keyof typeof BITS, a, b, span);
    if (op === '**') return power(context, a, b, span);
    return arithmetic(context, op as keyof typeof ARITHMETIC, a, b, span);
  });
}

function arithmetic(context: Context, op: keyof typeof ARITHMETIC, a: Expr, b: Expr, span: Span): Expr {
  const { nodes } = context;
  if (isNumber(a.type) && isNumber(b.type)) return nodes.arith(ARITHMETIC[op], a, b);
  if (op === '+' || op === '-') {
    const [v, w] = [context.asVector(a), context.asVector(b)];
    if (v && w) return nodes.vectorArith(op === '+' ? 'add' : 'sub', v, w);
  }
  if (op === '*' || op === '/') {
    const [v, w] = [context.asVector(a), context.asVector(b)];
    if (v && isNumber(b.type)) return nodes.vectorScale(v, op === '*' ? b : nodes.arith('div', nodes.float(1), b));
    if (w && isNumber(a.type) && op === '*') return nodes.vectorScale(w, a);
  }
  throw expressionError(
    `\`${op}\` can't be used with ${typeInWords(a.type)} and ${typeInWords(b.type)}`,
    span,
    vectorHint(context, a, b),
  );
}

function vectorHint(context: Context, a: Expr, b: Expr): string | undefined {
  const item = [a, b].find((expr) => expr.type.kind === 'item' && !context.asVector(expr));
  return item ? `${typeInWords(item.type)} is no four-vector: it lacks pt, eta, phi or px, py, pz, E` : undefined;
}

function power(context: Context, a: Expr, b: Expr, span: Span): Expr {
  const { nodes } = context;
  if (!isNumber(a.type) || !isNumber(b.type))
    throw expressionError(`\`**\` can't be used with ${typeInWords(a.type)} and ${typeInWords(b.type)}`, span);
  // The square and the root are exact operations; pow need not be.
  if (b.op === 'const' && Number(b.value) === 2) return nodes.share(nodes.toFloat(a), (x) => nodes.arith('mul', x, x));
  if (b.op === 'const' && b.value === 0.5) return nodes.float1('sqrt', a);
  return nodes.float2('pow', a, b);
}

function bitwise(context: Context, op: keyof typeof BITS, a: Expr, b: Expr, span: Span): Expr {
  const { nodes } = context;
  const shift = op === '<<' || op === '>>';
  if (!shift && a.type.kind === 'bool' && b.type.kind === 'bool')
    return nodes.logic(BITS[op] as 'and' | 'or' | 'xor', a, b);
  if (isInteger(a.type) && isInteger(b.type)) return nodes.bits(BITS[op], a, b);
  const power = op === '^' && isNumber(a.type) && isNumber(b.type);
  throw expressionError(
    `\`${op}\` needs ${shift ? '' : 'two conditions or '}two integers, not ${typeInWords(a.type)} and ${typeInWords(b.type)}`,
    span,
    power ? 'a power is written with **' : shift ? undefined : PARENTHESES,
  );
}

/** `first op rest op rest …`: each neighbouring pair compared, joined by `and`. */
export function compare(
  context: Context,
  first: Checked,
  ops: readonly CompareOp[],
  rest: readonly Checked[],
  span: Span,
): Value {
  const sides = [first, ...rest];
  const loose = sides.find(
    ({ ast }) => ast.kind === 'binary' && ['&', '|', '^'].includes(ast.op) && !ast.parenthesized,
  );
  if (loose && ops.length > 1)
    throw expressionError('this compares the result of a bitwise operation twice', loose.ast.span, PARENTHESES);
  let result: Checked | undefined;
  for (const [k, op] of ops.entries()) {
    const pair: Span = [sides[k].ast.span[0], sides[k + 1].ast.span[1]];
    const one: Checked = {
      value: comparePair(context, op, sides[k], sides[k + 1], pair, loose !== undefined),
      ast: first.ast,
    };
    result = result
      ? { value: context.lift([result, one], span, ([a, b]) => context.nodes.logic('and', a, b)), ast: first.ast }
      : one;
  }
  return (result as Checked).value;
}

function comparePair(
  context: Context,
  op: CompareOp,
  left: Checked,
  right: Checked,
  span: Span,
  loose: boolean,
): Value {
  const { nodes } = context;
  if (op === 'is' || op === 'is not') {
    const value = identity(context, left, right, span);
    return op === 'is' ? value : negated(context, value, left.ast);
  }
  if (op === 'in' || op === 'not in') {
    const value = contains(context, left, right, span);
    return op === 'in' ? value : negated(context, value, left.ast);
  }
  if (left.value.kind === 'none' || right.value.kind === 'none')
    throw expressionError('nothing is equal to None', span, 'write `x is None`');
  return context.lift([left, right], span, ([a, b]) => {
    if (isNumber(a.type) && isNumber(b.type)) return nodes.compare(COMPARISONS[op], a, b);
    const strings = a.type.kind === 'string' && b.type.kind === 'string';
    if (strings && (op === '==' || op === '!=')) return nodes.compare(COMPARISONS[op], a, b);
    if (strings) throw expressionError('strings are compared with == and != only', span);
    const items = sameType(a.type, b.type) ? 'items are compared with `is`' : undefined;
    throw expressionError(
      `\`${op}\` can't compare ${typeInWords(a.type)} with ${typeInWords(b.type)}`,
      span,
      loose ? PARENTHESES : items,
    );
  });
}

const negated = (context: Context, value: Value, ast: Ast): Value =>
  context.lift([{ value, ast }], ast.span, ([a]) => context.nodes.not(a));

/** `a is b`: the same item; `x is None`: whether x is missing. */
function identity(context: Context, left: Checked, right: Checked, span: Span): Value {
  const { nodes } = context;
  if (right.value.kind === 'none' || left.value.kind === 'none') {
    const other = right.value.kind === 'none' ? left : right;
    if (other.value.kind === 'none') return { kind: 'one', expr: nodes.bool(true) };
    return context.lift([other], span, ([a]) => nodes.isMissing(a));
  }
  return context.lift([left, right], span, ([a, b]) => sameItem(context, a, b, span));
}

/** Whether values of a type are items, or made of nothing but items. */
function hasIdentity(type: Type): boolean {
  if (type.kind === 'tuple' || type.kind === 'union') return type.parts.every(hasIdentity);
  return type.kind === 'item';
}

function sameItem(context: Context, a: Expr, b: Expr, span: Span): Expr {
  const { nodes } = context;
  for (const side of [a, b]) {
    if (hasIdentity(side.type)) continue;
    throw expressionError(`\`is\` compares items, not ${typeInWords(side.type)}`, span, 'compare values with ==');
  }
  if (sameType(a.type, b.type)) return nodes.same(a, b);
  // An item against one that may come from several collections: the same if it is that part.
  const [union, other] = a.type.kind === 'union' ? [a, b] : [b, a];
  if (union.type.kind !== 'union') {
    throw expressionError(`${typeInWords(a.type)} is never ${typeInWords(b.type)}`, span);
  }
  const matched = nodes.share(other, (item) => {
    const parts = context.matchParts(union, (part) =>
      sameType(part.type, item.type) ? nodes.same(part, item) : nodes.bool(false),
    );
    return parts ?? nodes.bool(false);
  });
  return matched;
}

/** `x in list`. */
function contains(context: Context, left: Checked, right: Checked, span: Span): Value {
  const { nodes } = context;
  const equal = (a: Expr, b: Expr): Expr => {
    if (isNumber(a.type) && isNumber(b.type)) return nodes.compare('eq', a, b);
    if (a.type.kind === 'string' && b.type.kind === 'string') return nodes.compare('eq', a, b);
    if (!hasIdentity(a.type) || !hasIdentity(b.type))
      throw expressionError(`\`in\` can't compare ${typeInWords(a.type)} with ${typeInWords(b.type)}`, span);
    return sameItem(context, a, b, span);
  };
  const { value } = right;
  if (value.kind === 'literal') {
    return context.lift([left], span, ([a]) =>
      nodes.share(a, (x) =>
        anyOf(
          context,
          value.items.map((item) => equal(x, single(context, item, span))),
        ),
      ),
    );
  }
  if (value.kind !== 'array')
    throw expressionError(`\`in\` needs a list on its right, not ${context.words(value)}`, right.ast.span);
  return context.lift([left], span, ([a]) => {
    // The item variable of the right side may be the one that the left side is written in: bind another one.
    const id = nodes.graph.newVariable();
    const item = nodes.forItem(
      nodes.graph.itemVariable(value.list),
      nodes.variable(id, value.list.item, value.list.itemOptional),
      value.body,
    );
    return nodes.reduce('any', value.list, id, equal(a, item));
  });
}

/** `a or b or …` by halves: a list of thousand runs must not make an expression a thousand operations deep. */
function anyOf(context: Context, conditions: readonly Expr[]): Expr {
  if (conditions.length < 2) return conditions[0] ?? context.nodes.bool(false);
  const middle = conditions.length >> 1;
  const [first, second] = [conditions.slice(0, middle), conditions.slice(middle)];
  return context.nodes.logic('or', anyOf(context, first), anyOf(context, second));
}

function single(context: Context, value: Value, span: Span): Expr {
  if (value.kind === 'one') return value.expr;
  throw expressionError(`a list after \`in\` has single values, not ${context.words(value)}`, span);
}

/** `and`, `or`: three-valued, item by item too. */
export function logic(context: Context, op: 'and' | 'or', left: Checked, right: Checked, span: Span): Value {
  return context.lift([left, right], span, ([a, b]) =>
    context.nodes.logic(op, needBool(a, left.ast), needBool(b, right.ast)),
  );
}

/** `-x`, `+x`, `~x`, `not x`. */
export function unary(context: Context, op: '-' | '+' | '~' | 'not', operand: Checked, span: Span): Value {
  const { nodes } = context;
  return context.lift([operand], span, ([a]) => {
    if (op === 'not') return nodes.not(needBool(a, operand.ast));
    if (op === '~') {
      if (a.type.kind === 'bool') return nodes.not(a);
      if (isInteger(a.type)) return nodes.invert(a);
    } else if (isNumber(a.type)) {
      return op === '-' ? nodes.negative(a) : a.type.kind === 'bool' ? nodes.toInt(a) : a;
    } else {
      const vector = context.asVector(a);
      if (vector) return op === '-' ? nodes.vectorScale(vector, nodes.float(-1)) : vector;
    }
    throw expressionError(`\`${op}\` can't be used with ${typeInWords(a.type)}`, span);
  });
}

/** `then if test else otherwise`, also as `where(test, then, otherwise)`. */
export function conditional(context: Context, test: Checked, then: Checked, otherwise: Checked, span: Span): Value {
  const branches = [then, otherwise];
  const operands = branches.filter((branch) => branch.value.kind !== 'none');
  if (operands.length === 0) throw expressionError('both branches are None', span);
  return context.lift([test, ...operands], span, ([c, ...values]) => {
    const exprs = branches.map((branch) =>
      branch.value.kind === 'none' ? context.nodes.none(values[0].type) : values[operands.indexOf(branch)],
    );
    const [a, b] = context.unify(exprs, span);
    return context.nodes.cond(needBool(c, test.ast), a, b);
  });
}
