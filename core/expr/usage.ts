import type { Expr, List } from './typedForm.ts';
import { forEachChild, freeVariables } from './walk.ts';

export type Node = Expr | List;

/** What generators of code ask about nodes: which variables they read, and how often they are used. */
export class Usage {
  private readonly free = new Map<Node, ReadonlySet<number>>();
  private readonly uses = new Map<Node, number>();

  /** @param roots every expression and list that the program evaluates by itself */
  constructor(roots: readonly Node[]) {
    const seen = new Set<Node>();
    const enter = (node: Node): void => {
      this.uses.set(node, (this.uses.get(node) ?? 0) + 1);
      if (seen.has(node)) return;
      seen.add(node);
      forEachChild(node, enter);
    };
    for (const root of roots) enter(root);
  }

  /** Variables that a node reads and doesn't bind. */
  freeOf(node: Node): ReadonlySet<number> {
    let found = this.free.get(node);
    if (!found) {
      found = freeVariables(node, (child) => this.freeOf(child));
      this.free.set(node, found);
    }
    return found;
  }

  /** Places in the program that use this very node. */
  usesOf(node: Node): number {
    return this.uses.get(node) ?? 0;
  }
}

/** Nodes that cost nothing to evaluate again. */
export function isTrivial(node: Node): boolean {
  switch (node.op) {
    case 'const':
    case 'none':
    case 'var':
    case 'base':
      return true;
    case 'part':
      return isTrivial(node.tuple);
    case 'component':
      return isTrivial(node.vector);
    default:
      return false;
  }
}

/** Lists that are better walked again than stored: their sources are stored instead. */
export function isWalkedAgain(node: Node): boolean {
  return node.op === 'combinations' || node.op === 'cartesian' || node.op === 'slice' || node.op === 'concatenate';
}

/** Whether `child` is evaluated once an item of a loop that `node` is. */
export function inLoopOf(node: Node, child: Node): boolean {
  switch (node.op) {
    case 'reduce':
      return child === node.body && (child as Node) !== node.list;
    case 'pick':
    case 'sort':
      return child === node.key;
    case 'filter':
      return child === node.cond;
    case 'map':
      return child === node.body;
    case 'flatMap':
      return child === node.inner;
    case 'cartesian':
      return child !== node.lists[0];
    default:
      return false;
  }
}
