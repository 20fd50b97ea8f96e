import { tableRoots } from '../../../core/analysis/needed.ts';
import { boundIn, knownIn, type Scope } from '../../../core/expr/scopes.ts';
import type { Expr, List, Program, Type } from '../../../core/expr/typedForm.ts';
import { inLoopOf, isTrivial, isWalkedAgain, type Node, Usage } from '../../../core/expr/usage.ts';
import { forEachChild } from '../../../core/expr/walk.ts';
import type { ColumnInfo } from '../../../core/schema/column.ts';
import { Code, F64, I32, type Local } from './code.ts';
import { cells, FrameLayout } from './frame.ts';
import type { Held, RowLayout } from './layout.ts';

/** What the generator has to know of a column beforehand: how a value is loaded. */
export type ColumnShape = Pick<ColumnInfo, 'type' | 'nullable'>;

/** A list in scratch memory. */
export interface Rows {
  address: Local;
  count: Local;
  layout: RowLayout;
}

/** Emitters of expressions and lists; they call each other through the generator. */
export interface Emitters {
  value(g: Generator, expr: Expr): Held;
  store(g: Generator, list: List): Rows;
}

type CodeScope = Scope<Held, Held | Rows>;

/** Numbers that the event loop reads from memory: edges, categories. */
export type ConstantArray =
  | { f64: readonly number[] }
  | { i64: readonly bigint[] }
  | { strings: readonly string[] }
  | { logLimits: readonly [number, number]; bins: number };

/**
 * What all parts of the generator share: the code so far, the frame, variables in scope, and values that are already in locals.
 *
 * Every value is computed into fresh locals; the browser's compiler makes registers of them. A node that several places use, or
 * that a loop would compute again and again, is computed once, before ("hoisted"): see `prepare`.
 */
export class Generator {
  readonly code = new Code({ params: [I32, I32, I32], results: [] });
  readonly frame = new FrameLayout();
  readonly framePointer: Local;
  readonly event: Local;
  /** Top of the scratch stack. */
  readonly top: Local;
  /** Whether the code puts anything into scratch memory. */
  usesScratch = false;
  readonly constantArrays: ConstantArray[] = [];
  private readonly vectorTables: string[] = [];
  /** Whether an item's index counts from the event's first item. */
  itemsAreOfEvent = true;
  private readonly usage: Usage;
  private readonly shapes: ReadonlyMap<string, ColumnShape>;
  private readonly emitters: Emitters;
  private readonly strings = new Map<string, number>();
  private readonly pointers = new Map<string, Local>();
  private readonly numbers: { array: Local; k: number; local: Local }[] = [];
  private readonly collections = new Map<string, { first: Local; count: Local }>();
  private scope: CodeScope = { parent: undefined, variables: new Map(), values: new Map() };

  constructor(roots: readonly Node[], shapes: ReadonlyMap<string, ColumnShape>, emitters: Emitters) {
    this.usage = new Usage(roots);
    this.shapes = shapes;
    this.emitters = emitters;
    this.framePointer = this.code.param(0);
    this.event = this.code.local(I32);
    this.top = this.code.local(I32);
  }

  shape(column: string): ColumnShape {
    const shape = this.shapes.get(column);
    if (!shape) throw new Error(`column ${column} is not listed`);
    return shape;
  }

  /** Number of the table that keeps the four-vectors made of these columns. */
  vectorTable(columns: string): number {
    const known = this.vectorTables.indexOf(columns);
    return known >= 0 ? known : this.vectorTables.push(columns) - 1;
  }

  get vectorTableCount(): number {
    return this.vectorTables.length;
  }

  /** Interned number of a string that the program names. */
  stringId(text: string): number {
    let id = this.strings.get(text);
    if (id === undefined) {
      id = this.strings.size + 1;
      this.strings.set(text, id);
    }
    return id;
  }

  get literals(): ReadonlyMap<string, number> {
    return this.strings;
  }

  /** A local that holds an address from the frame; loaded once, at the function's start. */
  pointer(name: string): Local {
    let local = this.pointers.get(name);
    if (!local) {
      this.frame.cell(name);
      local = this.code.lasting(I32);
      this.pointers.set(name, local);
    }
    return local;
  }

  /** A local with the address of a constant array. */
  constants(array: ConstantArray): Local {
    return this.pointer(cells.constants(this.constantArrays.push(array) - 1));
  }

  /** A local with entry `k` of a constant array of floats; loaded once, at the function's start. */
  number(array: Local, k: number): Local {
    const local = this.code.lasting(F64);
    this.numbers.push({ array, k, local });
    return local;
  }

  /** Loads of all addresses and numbers that the code uses: belongs at the function's start, known at its end. */
  loadPointers(code: Code): void {
    for (const [name, local] of this.pointers) {
      code.get(this.framePointer).mem('i32.load', this.frame.cell(name)).set(local);
    }
    for (const { array, k, local } of this.numbers)
      code
        .get(array)
        .mem('f64.load', 8 * k)
        .set(local);
  }

  /** Position of the event's first item in the collection's columns, and the number of items. */
  extent(collection: string): { first: Local; count: Local } {
    const found = this.collections.get(collection);
    if (!found) throw new Error(`collection ${collection} is not at hand`);
    return found;
  }

  /** While `body` runs, items of a collection are positions in its columns, not within an event. */
  withItemsAt(collection: string, extent: { first: Local; count: Local }, body: () => void): void {
    const before = this.collections.get(collection);
    this.collections.set(collection, extent);
    this.itemsAreOfEvent = false;
    body();
    this.itemsAreOfEvent = true;
    if (before) this.collections.set(collection, before);
    else this.collections.delete(collection);
  }

  // Scopes

  /** Runs `body` with variables bound. */
  within<T>(variables: Iterable<[number, Held]>, body: () => T): T {
    this.scope = { parent: this.scope, variables: new Map(variables), values: new Map() };
    try {
      return body();
    } finally {
      this.scope = this.scope.parent as CodeScope;
    }
  }

  /** Runs `body` where nothing is known: outside the event loop, its values are of no event. */
  isolated(body: () => void): void {
    const before = this.scope;
    this.scope = { parent: undefined, variables: new Map(), values: new Map() };
    body();
    this.scope = before;
  }

  variable(id: number): Held {
    const found = this.bound(id);
    if (!found) throw new Error(`variable ${id} is not bound`);
    return found;
  }

  private bound(id: number): Held | undefined {
    return boundIn(this.scope, id);
  }

  /** A value that is in locals already. */
  private known(node: Node): Held | Rows | undefined {
    return knownIn(this.scope, node, this.usage);
  }

  value(expr: Expr): Held {
    return (this.known(expr) as Held | undefined) ?? this.emitters.value(this, expr);
  }

  /** The list if it is in scratch memory. */
  stored(list: List): Rows | undefined {
    return this.known(list) as Rows | undefined;
  }

  /**
   * Computes, here and now, what `roots` would otherwise compute more than once: nodes with several uses, and nodes within a loop
   * that don't depend on it. Only what needs no variable but those in scope.
   *
   * @param looped roots that are evaluated in a loop themselves
   */
  prepare(roots: readonly Node[], looped: readonly Node[] = []): void {
    const marked = new Set<Node>();
    const order: Node[] = [];
    const seen = new Set<Node>();
    const visit = (node: Node, bound: ReadonlySet<number>, inLoop: boolean): void => {
      if (isTrivial(node) || this.known(node)) return;
      const free = this.usage.freeOf(node);
      let computable = true;
      for (const id of free) if (bound.has(id) || !this.bound(id)) computable = false;
      const shared = inLoop || this.usage.usesOf(node) > 1;
      const hoist = computable && shared && !isWalkedAgain(node);
      if (hoist) marked.add(node);
      if (seen.has(node)) return;
      seen.add(node);
      forEachChild(node, (child, binder) => {
        const inside = binder === undefined ? bound : new Set(bound).add(binder);
        visit(child, inside, (inLoop && !hoist) || inLoopOf(node, child));
      });
      order.push(node);
    };
    for (const root of roots) visit(root, new Set(), false);
    for (const root of looped) visit(root, new Set(), true);
    for (const node of order) {
      if (!marked.has(node)) continue;
      const value = 'itemOptional' in node ? this.emitters.store(this, node) : this.emitters.value(this, node);
      this.scope.values.set(node, value);
    }
  }

  /** `prepare` at the event's level: also finds where the collections' items of this event are. */
  prepareEvent(roots: readonly Node[], looped: readonly Node[] = []): void {
    const seen = new Set<Node>();
    const enter = (node: Node): void => {
      if (seen.has(node)) return;
      seen.add(node);
      if (node.op === 'base' || node.op === 'reference') this.locate(node.collection);
      if (node.op === 'field') this.locate((node.item.type as Extract<Type, { kind: 'item' }>).collection);
      forEachChild(node, enter);
    };
    for (const root of [...roots, ...looped]) enter(root);
    this.prepare(roots, looped);
  }

  private locate(collection: string): void {
    if (this.collections.has(collection)) return;
    const { code } = this;
    const offsets = this.pointer(cells.offsets(collection));
    const at = code.get(this.event).i32(2).op('i32.shl').get(offsets).op('i32.add').hold(I32);
    const first = code.get(at).mem('i32.load').hold(I32);
    const count = code.get(at).mem('i32.load', 4).get(first).op('i32.sub').hold(I32);
    this.collections.set(collection, { first, count });
  }
}

/** Every expression and list that a program evaluates by itself. */
export function rootsOf(program: Program): Node[] {
  const roots: (Node | undefined)[] = [program.weight, ...program.cuts.map((cut) => cut.cond)];
  for (const { per, axes, select, weight, sample } of program.histograms)
    roots.push(per?.list, select, weight, sample, ...axes.map((axis) => axis.value));
  roots.push(...tableRoots(program.table));
  return roots.filter((root) => root !== undefined);
}
