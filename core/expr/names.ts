/** Where an expression uses a name of the document, finished or not. */
import type { SyntaxNode } from '@lezer/common';
import type { Span } from './ast.ts';
import { bindingsAt, tolerantTree } from './inside.ts';

/** One use of a name, and the names that loops and lambdas bind around it. */
export interface Use {
  span: Span;
  bound: ReadonlySet<string>;
}

/** Uses of a name that mean the document's, in order: no fields, no words in strings, no variables of loops and lambdas. */
export function usesOf(text: string, name: string): Use[] {
  const uses: Use[] = [];
  tolerantTree(text).iterate({
    enter({ name: type, from, to, node }) {
      if (type !== 'VariableName' || text.slice(from, to) !== name || isNewName(node)) return;
      const bound = new Set(bindingsAt(node).map(({ at }) => text.slice(at.from, at.to)));
      if (!bound.has(name)) uses.push({ span: [from, to], bound });
    },
  });
  return uses;
}

/** A loop's or a lambda's variable where it is made, or the name of an argument. */
function isNewName(node: SyntaxNode): boolean {
  const isArgument = node.parent?.name === 'ArgList' && node.nextSibling?.name === 'AssignOp';
  return isArgument || node.prevSibling?.name === 'for' || node.parent?.name === 'ParamList';
}

/** The text with other words at some of its places. */
export function replaceUses(text: string, uses: readonly Use[], to: string): string {
  return uses.reduceRight((result, { span: [from, end] }) => result.slice(0, from) + to + result.slice(end), text);
}

/** The name at a place of an expression, if it is one that means the document's. */
export function nameAt(text: string, pos: number): { name: string; span: Span } | undefined {
  const tree = tolerantTree(text);
  const node = [1, -1].map((side) => tree.resolveInner(pos, side as 1 | -1)).find((one) => one.name === 'VariableName');
  if (!node) return undefined;
  const name = text.slice(node.from, node.to);
  const use = usesOf(text, name).find(({ span }) => span[0] === node.from);
  return use && { name, span: use.span };
}
