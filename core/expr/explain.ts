/** What a part of an expression is: for whoever points at it. */
import type { SyntaxNode } from '@lezer/common';
import type { Span } from './ast.ts';
import type { Context } from './context.ts';
import { FUNCTIONS } from './functions.ts';
import { scopeAt, tolerantTree, valueIn } from './inside.ts';
import type { Value } from './value.ts';
import { VECTOR_WORDS, type VectorMethod, type VectorProperty } from './vectors.ts';

/** A part of an expression, explained. */
export interface Explanation {
  /** The part, in characters of the expression. */
  span: Span;
  /** Its text, or the signature of a function. */
  title: string;
  /** Its type in words. */
  type?: string;
  unit?: string;
  /** What a function or a property of four-vectors is. */
  doc?: string;
  /** A name of the document's own: its definition is worth showing. */
  definition?: string;
  /** Whether its value depends on the event alone, and not on a loop around it. */
  free: boolean;
}

/** Explains the smallest part at a place; undefined where nothing has a meaning of its own. */
export function explainAt(context: Context, text: string, pos: number): Explanation | undefined {
  const tree = tolerantTree(text);
  let node: SyntaxNode | null = tree.resolveInner(pos, 1);
  if (isName(node)) return explainName(context, text, node);
  // Between names: the whole that the operator or bracket belongs to.
  while (node && !/Expression$|^Number$|^String$|^Boolean$/.test(node.name)) node = node.parent;
  while (node?.parent && node.name === 'ExpressionStatement') node = node.parent;
  return node ? explainPart(context, text, node) : undefined;
}

const isName = (node: SyntaxNode): boolean => node.name === 'VariableName' || node.name === 'PropertyName';

function explainName(context: Context, text: string, node: SyntaxNode): Explanation | undefined {
  const name = text.slice(node.from, node.to);
  const span: Span = [node.from, node.to];
  if (node.name === 'PropertyName') {
    const member = node.parent as SyntaxNode;
    const property = VECTOR_WORDS[name as VectorProperty | VectorMethod] as string | undefined;
    const whole = explainPart(context, text, member);
    return (whole ?? property) ? { span, title: name, free: true, ...whole, doc: property } : undefined;
  }
  const scope = scopeAt(context, text, node);
  const local = scope.get(name);
  if (local) return { span, title: name, type: context.words(local), free: false };
  const info = node.nextSibling?.name === 'ArgList' ? FUNCTIONS.find((f) => f.name === name) : undefined;
  if (info) {
    const call = node.parent && valueIn(context, text.slice(node.parent.from, node.parent.to), scope);
    return {
      span,
      title: info.signature,
      doc: info.summary,
      type: call ? context.words(call) : undefined,
      free: false,
    };
  }
  return explainPart(context, text, node);
}

function explainPart(context: Context, text: string, node: SyntaxNode): Explanation | undefined {
  const part = text.slice(node.from, node.to);
  const scope = scopeAt(context, text, node);
  const value = valueIn(context, part, scope);
  if (!value) return undefined;
  return {
    span: [node.from, node.to],
    title: part,
    type: context.words(value),
    unit: unitOf(context, value),
    ...(context.definitions.has(part) && !scope.has(part) && { definition: part }),
    free: scope.size === 0,
  };
}

/** The unit of a value that is a column. */
function unitOf({ schema }: Context, value: Value): string | undefined {
  const expr = value.kind === 'one' ? value.expr : value.kind === 'array' ? value.body : undefined;
  const column = expr && 'column' in expr ? expr.column : undefined;
  if (!column) return undefined;
  for (const group of [...schema.collections.values(), ...schema.records.values()]) {
    const field = group.fields.find((one) => one.column.name === column);
    if (field) return field.unit;
  }
  return undefined;
}
