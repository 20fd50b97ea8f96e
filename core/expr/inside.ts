/**
 * What stands at a place of an expression that somebody is still writing: a tree that bears with what is missing, and the names
 * that loops and lambdas around the place bind, with their types.
 */
import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@lezer/python';
import { checkExpression } from './check.ts';
import type { Context, Scope } from './context.ts';
import { onOneLine } from './syntax.ts';
import type { Value } from './value.ts';

/** The tree of an expression, finished or not. */
export function tolerantTree(text: string): Tree {
  return parser.parse(onOneLine(text));
}

/** A name that a loop or a lambda binds. */
export interface Binding {
  /** The node that binds it: the name in `for name in …`, or the parameter. */
  at: SyntaxNode;
  /** What its values come from: the list of the loop, or the list that the lambda is a key of. */
  source?: SyntaxNode;
}

/** The bindings that hold where a node stands, outermost first. */
export function bindingsAt(place: SyntaxNode): Binding[] {
  const above: SyntaxNode[] = [];
  for (let node: SyntaxNode | null = place; node; node = node.parent) above.unshift(node);
  return above.flatMap((node) =>
    node.name === 'LambdaExpression' ? ofLambda(node, place.from) : ofLoops(node, place.from),
  );
}

function ofLambda(node: SyntaxNode, pos: number): Binding[] {
  const list = node.getChild('ParamList');
  if (!list || pos < list.to) return [];
  const source = node.parent?.name === 'ArgList' ? firstArgument(node.parent) : undefined;
  return list.getChildren('VariableName').map((at) => ({ at, source }));
}

function firstArgument(list: SyntaxNode): SyntaxNode | undefined {
  return list.firstChild?.nextSibling ?? undefined;
}

/** Loops of a comprehension, or of the generator that is a call's argument. A loop's list doesn't see the loop's own name. */
function ofLoops(node: SyntaxNode, pos: number): Binding[] {
  const bindings: Binding[] = [];
  const inElement = pos < (node.getChild('for')?.from ?? -1);
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'for') continue;
    const at = child.nextSibling;
    const source = at?.nextSibling?.nextSibling;
    if (at?.name !== 'VariableName' || at.nextSibling?.name !== 'in' || !source) continue;
    if (!inElement && pos < source.to) break;
    bindings.push({ at, source });
  }
  return bindings;
}

/** The types of the names that are bound where a node stands; a name whose list is wrong is left out. */
export function scopeAt(context: Context, text: string, place: SyntaxNode): Scope {
  let scope: Scope = new Map();
  for (const { at, source } of bindingsAt(place)) {
    const list = source && valueIn(context, text.slice(source.from, source.to), scope);
    const item = list && itemOf(context, list);
    if (item) scope = new Map(scope).set(text.slice(at.from, at.to), item);
  }
  return scope;
}

/** What an expression stands for, or undefined where it is wrong or unfinished. */
export function valueIn(context: Context, text: string, scope: Scope): Value | undefined {
  try {
    return checkExpression(context, text, scope);
  } catch {
    return undefined;
  }
}

/** One item of a list, as a loop's variable has it. */
function itemOf(context: Context, value: Value): Value | undefined {
  try {
    const list = context.listOf({ value, ast: { kind: 'none', span: [0, 0] } }, 'this');
    const { nodes } = context;
    return { kind: 'one', expr: nodes.variable(nodes.graph.newVariable(), list.item, list.itemOptional) };
  } catch {
    return undefined;
  }
}
