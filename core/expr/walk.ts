import type { Expr, List } from './typedForm.ts';

/** The variable that is bound inside a child, if any. */
type Binder = number | undefined;

/** Calls `visit` for each direct child, in a fixed order, with the variable that the node binds in it. */
export function forEachChild(node: Expr | List, visit: (child: Expr | List, binder: Binder) => void): void {
  switch (node.op) {
    case 'const':
    case 'none':
    case 'column':
    case 'var':
    case 'base':
      return;
    case 'field':
    case 'wrap':
      visit(node.item, undefined);
      return;
    case 'let':
      visit(node.value, undefined);
      visit(node.body, node.id);
      return;
    case 'arith':
    case 'bits':
    case 'float2':
    case 'compare':
    case 'inRanges':
    case 'logic':
    case 'fillMissing':
    case 'same':
    case 'vectorArith':
      visit(node.a, undefined);
      visit(node.b, undefined);
      return;
    case 'unary':
    case 'intfn':
    case 'float1':
    case 'not':
    case 'toFloat':
    case 'toInt':
    case 'isMissing':
    case 'isnan':
      visit(node.a, undefined);
      return;
    case 'cond':
      visit(node.c, undefined);
      visit(node.a, undefined);
      visit(node.b, undefined);
      return;
    case 'extreme':
      for (const arg of node.args) visit(arg, undefined);
      return;
    case 'len':
      visit(node.list, undefined);
      return;
    case 'reduce':
      visit(node.list, undefined);
      visit(node.body, node.id);
      return;
    case 'at':
      visit(node.list, undefined);
      visit(node.index, undefined);
      return;
    case 'pick':
      visit(node.list, undefined);
      visit(node.key, node.id);
      return;
    case 'part':
      visit(node.tuple, undefined);
      return;
    case 'match':
      visit(node.item, undefined);
      for (const branch of node.cases) visit(branch.body, branch.id);
      return;
    case 'reference':
      visit(node.index, undefined);
      return;
    case 'vector':
      for (const part of node.parts) visit(part, undefined);
      return;
    case 'vectorScale':
      visit(node.a, undefined);
      visit(node.by, undefined);
      return;
    case 'component':
      visit(node.vector, undefined);
      return;
    case 'filter':
      visit(node.list, undefined);
      visit(node.cond, node.var);
      return;
    case 'slice':
      visit(node.list, undefined);
      if (node.start) visit(node.start, undefined);
      if (node.stop) visit(node.stop, undefined);
      return;
    case 'sort':
      visit(node.list, undefined);
      visit(node.key, node.var);
      return;
    case 'combinations':
      visit(node.list, undefined);
      return;
    case 'cartesian':
    case 'concatenate':
      for (const list of node.lists) visit(list, undefined);
      return;
    case 'map':
      visit(node.list, undefined);
      visit(node.body, node.var);
      return;
    case 'flatMap':
      visit(node.list, undefined);
      visit(node.inner, node.var);
      return;
    case 'literal':
      for (const item of node.items) visit(item, undefined);
      return;
  }
}

/** Variables that a node reads and does not bind; `ofChild` knows those of its children. */
export function freeVariables(
  node: Expr | List,
  ofChild: (child: Expr | List) => ReadonlySet<number>,
): ReadonlySet<number> {
  const free = new Set<number>();
  if (node.op === 'var') free.add(node.id);
  forEachChild(node, (child, binder) => {
    for (const id of ofChild(child)) if (id !== binder) free.add(id);
  });
  return free;
}

/** Visits every node once, children first. */
export function forEachNode(roots: Iterable<Expr | List>, visit: (node: Expr | List) => void): void {
  const seen = new Set<Expr | List>();
  const enter = (node: Expr | List): void => {
    if (seen.has(node)) return;
    seen.add(node);
    forEachChild(node, enter);
    visit(node);
  };
  for (const root of roots) enter(root);
}
