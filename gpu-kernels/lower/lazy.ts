import type { Node } from '../../core/expr/usage.ts';
import { forEachChild } from '../../core/expr/walk.ts';

/** Whether `child` is evaluated wherever `node` is: not so the sides of a condition. */
export function isSurelyEvaluated(node: Node, child: Node): boolean {
  switch (node.op) {
    case 'cond':
      return child === node.c;
    case 'logic':
      return child === node.a || node.fn === 'xor';
    case 'fillMissing':
      return child === node.a;
    case 'match':
      return child === node.item;
    case 'let':
      return child === node.value || !node.value.optional;
    default:
      return true;
  }
}

/** Functions that have no value somewhere, or soon an infinite one. */
const RISKY = new Set([
  'sqrt',
  'exp',
  'log',
  'log10',
  'asin',
  'acos',
  'cosh',
  'sinh',
  'tan',
  'pow',
  'div',
  'mod',
  'floordiv',
]);

/** Which nodes may be in doubt for many events where nobody asks for them: those that divide, take roots or logarithms unguarded. */
export class Risks {
  private readonly known = new Map<Node, boolean>();

  of(node: Node): boolean {
    let risky = this.known.get(node);
    if (risky === undefined) {
      risky = isRiskyItself(node);
      forEachChild(node, (child) => {
        if (!risky && isSurelyEvaluated(node, child)) risky = this.of(child);
      });
      this.known.set(node, risky);
    }
    return risky;
  }
}

function isRiskyItself(node: Node): boolean {
  return (node.op === 'float1' || node.op === 'float2' || node.op === 'arith') && RISKY.has(node.fn);
}
