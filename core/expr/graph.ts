import { LumiscopeError } from '../errors.ts';
import type { Expr, List, Type } from './typedForm.ts';
import { forEachChild } from './walk.ts';

/** A node without what the graph gives it. */
export type DraftList = List extends infer L ? (L extends { id: number } ? Omit<L, 'id'> : never) : never;

/** Nodes on top of one another: engines walk them by recursion. */
const MAX_DEPTH = 1000;

/** What the graph knows of a node. */
interface Known {
  /** Two nodes have one shape if they are equal up to the names of all their variables, free ones too. */
  shape: number;
  /** Variables that are read, but not bound, inside: in the order of their first use. */
  free: readonly number[];
  depth: number;
}

/**
 * Makes nodes of the typed form so that equal ones are one object ("hash-consing"). Equal means: the same structure up to the
 * names of bound variables. That is what decides whether two derived collections are the same one.
 *
 * A node is looked up by its shape and its free variables. The shape is told by the shapes of the children, so that
 * a node costs the same however much lies below it.
 */
export class Graph {
  private readonly nodes = new Map<string, Expr | List>();
  private readonly shapes = new Map<string, number>();
  private readonly known = new Map<Expr | List, Known>();
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

  /** The one object that is equal to `draft`. @throws LumiscopeError `limit` where it is nested too deeply */
  expr<E extends Expr>(draft: E): E {
    return this.intern(draft) as E;
  }

  /** As `expr`, for lists. */
  list(draft: DraftList): List {
    return this.intern({ ...draft, id: 0 } as List) as List;
  }

  private intern(draft: Expr | List): Expr | List {
    const known = this.describe(draft);
    const key = `${known.shape} ${known.free.join(' ')}`;
    const found = this.nodes.get(key);
    if (found) return found;
    if (known.depth > MAX_DEPTH)
      throw new LumiscopeError('limit', `more than ${MAX_DEPTH} operations lie on top of one another`, {
        hint: 'use fewer operations, or definitions that build less on one another',
      });
    if ('item' in draft && 'itemOptional' in draft) (draft as List).id = this.nodes.size + 1;
    this.nodes.set(key, draft);
    this.known.set(draft, known);
    return draft;
  }

  private describe(node: Expr | List): Known {
    const free = new Map<number, number>();
    const place = (id: number): number => {
      const at = free.get(id) ?? free.size;
      free.set(id, at);
      return at;
    };
    const parts: (string | number)[] = [node.op, attributes(node)];
    if (node.op === 'var') place(node.id);
    let below = 0;
    forEachChild(node, (child, binder) => {
      const inner = this.known.get(child) as Known;
      below = Math.max(below, inner.depth);
      // Where each free variable of the child goes: to one of this node's own, or to the binder.
      parts.push(inner.shape, `(${inner.free.map((id) => (id === binder ? '^' : place(id))).join(' ')})`);
    });
    const text = parts.join(' ');
    const shape = this.shapes.get(text) ?? this.shapes.size;
    this.shapes.set(text, shape);
    return { shape, free: [...free.keys()], depth: below + 1 };
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
    case 'inRanges':
      return node.ranges.join(' ');
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
