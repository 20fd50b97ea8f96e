import type { Node, Usage } from './usage.ts';

/** What generators of code know at a place: variables that are bound, and values that have a name in the code already. */
export interface Scope<Variable, Value> {
  parent: Scope<Variable, Value> | undefined;
  variables: Map<number, Variable>;
  values: Map<Node, Value>;
}

/** What a variable is bound to; the innermost binding counts. */
export function boundIn<Variable>(innermost: Scope<Variable, unknown>, id: number): Variable | undefined {
  for (let scope: Scope<Variable, unknown> | undefined = innermost; scope; scope = scope.parent) {
    const found = scope.variables.get(id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A node's value where it has a name that still means the same: no scope since then binds one of the variables that the node reads. */
export function knownIn<Value>(innermost: Scope<unknown, Value>, node: Node, usage: Usage): Value | undefined {
  const free = usage.freeOf(node);
  for (let scope: Scope<unknown, Value> | undefined = innermost; scope; scope = scope.parent) {
    const found = scope.values.get(node);
    if (found !== undefined) return found;
    for (const id of scope.variables.keys()) if (free.has(id)) return undefined;
  }
  return undefined;
}
