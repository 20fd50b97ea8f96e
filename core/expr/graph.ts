import type { Expr, List, Type } from './typedForm.ts';
import { type Binder, forEachChild, freeVariables } from './walk.ts';

/** A node without what the graph gives it. */
export type DraftList = List extends infer L ? (L extends { id: number } ? Omit<L, 'id'> : never) : never;

/**
 * Makes nodes of the typed form so that equal ones are one object ("hash-consing"). Equal means: the same structure up to the
 * names of bound variables. That is what decides whether two derived collections are the same one.
 */
export class Graph {
  private readonly nodes = new Map<string, Expr | List>();
  private readonly ids = new Map<Expr | List, number>();
  private readonly free = new Map<Expr | List, ReadonlySet<number>>();
  private readonly itemVariables = new Map<List, number>();
  private variables = 0;

  /** A variable that nothing binds yet. */
  newVariable(): number {
    return ++this.variables;
  }

  /** The variable that per-item values of `list` are written in (`Muon.pt` is `field(itemVariable(Muon), pt)`). */
  itemVariable(list: List): number {
    let id = this.itemVariables.get(list);
    if (id === undefined) {
      id = this.newVariable();
      this.itemVariables.set(list, id);
    }
    return id;
  }

  /** The one object that is equal to `draft`. */
  expr<E extends Expr>(draft: E): E {
    return this.intern(draft) as E;
  }

  list(draft: DraftList): List {
    return this.intern({ ...draft, id: 0 } as List) as List;
  }

  /** Variables that are read, but not bound, inside. */
  freeOf(node: Expr | List): ReadonlySet<number> {
    return this.free.get(node) ?? new Set();
  }

  private intern(draft: Expr | List): Expr | List {
    const key = this.key(draft, new Map(), true);
    const found = this.nodes.get(key);
    if (found) return found;
    const id = this.nodes.size + 1;
    if ('item' in draft && 'itemOptional' in draft) (draft as List).id = id;
    this.nodes.set(key, draft);
    this.ids.set(draft, id);
    this.free.set(
      draft,
      freeVariables(draft, (child) => this.freeOf(child)),
    );
    return draft;
  }

  /** Structure as text: known nodes by number, variables bound on the way by their level (de Bruijn). */
  private key(node: Expr | List, bound: ReadonlyMap<number, number>, isNew = false): string {
    if (!isNew && ![...this.freeOf(node)].some((id) => bound.has(id))) return `#${this.ids.get(node)}`;
    const parts: string[] = [node.op, attributes(node)];
    if (node.op === 'var') parts.push(bound.has(node.id) ? `^${bound.get(node.id)}` : `$${node.id}`);
    forEachChild(node, (child, binder: Binder) => {
      if (binder === undefined) parts.push(this.key(child, bound));
      else parts.push(this.key(child, new Map(bound).set(binder, bound.size)));
    });
    return `(${parts.join(' ')})`;
  }
}

/** Whatever makes two nodes with the same children differ. */
function attributes(node: Expr | List): string {
  switch (node.op) {
    case 'const':
      return `${node.type.kind} ${typeof node.value} ${Object.is(node.value, -0) ? '-0' : JSON.stringify(typeof node.value === 'bigint' ? String(node.value) : typeof node.value === 'number' ? String(node.value) : node.value)}`;
    case 'none':
      return typeKey(node.type);
    case 'column':
    case 'field':
      return JSON.stringify(node.column);
    case 'arith':
    case 'bits':
    case 'unary':
    case 'intfn':
    case 'float1':
    case 'float2':
    case 'compare':
    case 'logic':
    case 'extreme':
    case 'reduce':
    case 'pick':
    case 'vectorArith':
      return node.fn;
    case 'part':
    case 'component':
      return String(node.index);
    case 'wrap':
      return `${node.part} ${typeKey(node.type)}`;
    case 'reference':
    case 'base':
      return JSON.stringify(node.collection);
    case 'vector':
      return node.from;
    case 'sort':
      return String(node.reverse);
    case 'combinations':
      return String(node.n);
    case 'slice':
      return `${node.start ? 's' : ''}${node.stop ? 't' : ''}`;
    case 'concatenate':
      return typeKey(node.item);
    default:
      return '';
  }
}

/** Two types are the same exactly if their keys are. */
export function typeKey(type: Type): string {
  switch (type.kind) {
    case 'item':
      return `item ${JSON.stringify(type.collection)}`;
    case 'tuple':
      return `tuple(${type.parts.map((part, i) => `${type.names[i]}:${typeKey(part)}`).join(',')})`;
    case 'union':
      return `union(${type.parts.map(typeKey).join('|')})`;
    default:
      return type.kind;
  }
}
