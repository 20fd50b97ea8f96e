import { boundIn, knownIn, type Scope } from '../../core/expr/scopes.ts';
import type { CollectionUse, Expr, List, Type } from '../../core/expr/typedForm.ts';
import { inLoopOf, isTrivial, isWalkedAgain, type Node, Usage } from '../../core/expr/usage.ts';
import { forEachChild } from '../../core/expr/walk.ts';
import type { ColumnShape, ResidentArray } from '../types.ts';
import { Code, NotLowered, type WgslType } from './code.ts';
import { ConstantPool } from './constants.ts';
import { isSurelyEvaluated, Risks } from './lazy.ts';
import type { Held } from './slots.ts';

/** A list in scratch memory: a private array for each slot of its items. */
export interface Rows {
  count: string;
  at(index: string): Held;
}

/** Emitters of expressions and lists; they call each other through the generator. */
export interface Emitters {
  value(g: Generator, expr: Expr): Held;
  store(g: Generator, list: List): Rows;
}

/** What is going to be evaluated: in a loop, or perhaps not at all. */
export interface Root {
  node: Node;
  looped?: boolean;
  unsure?: boolean;
}

interface CodeScope extends Scope<Held, Held | Rows> {
  parent: CodeScope | undefined;
  /** Scratch that is free again when the scope ends. */
  scratch: [string, string][];
}

const newScope = (parent?: CodeScope, variables: Iterable<[number, Held]> = []): CodeScope => ({
  parent,
  variables: new Map(variables),
  values: new Map(),
  scratch: [],
});

const WORDS_OF: Record<WgslType, number> = { bool: 1, u32: 1, i32: 1, f32: 1, Num: 3 };

/** Words of private memory that lists may take in all; WGSL allows 2048 for everything. */
const MAX_SCRATCH = 1280;
/** As much may be taken where tables of four-vectors are asked for: lists need the rest. */
const MAX_TABLES = 640;

/**
 * What all parts of the lowering share: the code so far, constants, arrays, variables in scope, and values that have names already.
 *
 * Every value gets a name where it is computed; names end with their block. A node that several places use, or that a loop would compute
 * again and again, is computed once, before: see `prepare`.
 */
export class Generator {
  code = new Code();
  readonly constants = new ConstantPool();
  /** Functions of `numbers/` and of the prelude that the code calls. */
  readonly functions = new Set<string>();
  readonly arrays: ResidentArray[] = [];
  private readonly shapes: ReadonlyMap<string, ColumnShape>;
  private readonly uses: ReadonlyMap<string, CollectionUse>;
  private readonly usage: Usage;
  private readonly risks = new Risks();
  private readonly emitters: Emitters;
  private readonly collections = new Map<string, { first: string; count: string }>();
  private readonly scratchTypes = new Map<string, { type: WgslType; capacity: number }>();
  private readonly freeScratch = new Map<string, string[]>();
  private readonly tables = new Map<string, { name: string; words: number; text: string }>();
  private scope = newScope();
  /** Loops around the present place. */
  loops = 0;

  constructor(
    roots: readonly Node[],
    collections: readonly CollectionUse[],
    shapes: ReadonlyMap<string, ColumnShape>,
    emitters: Emitters,
  ) {
    this.usage = new Usage(roots);
    this.uses = new Map(collections.map((use) => [use.name, use]));
    this.shapes = shapes;
    this.emitters = emitters;
  }

  /** A call of a function, which the module will have. */
  fn(name: string, ...args: string[]): string {
    this.functions.add(name);
    return `${name}(${args.join(', ')})`;
  }

  shape(column: string): ColumnShape {
    const shape = this.shapes.get(column);
    if (!shape) throw new Error(`column ${column} is not listed`);
    return shape;
  }

  /** Number of an array of the chunk. */
  array(column: string, part: ResidentArray['part']): number {
    const known = this.arrays.findIndex((one) => one.column === column && one.part === part);
    return known >= 0 ? known : this.arrays.push({ column, part }) - 1;
  }

  /** Position of the event's first item in the collection's columns, and the number of items. */
  extent(collection: string): { first: string; count: string } {
    const found = this.collections.get(collection);
    if (!found) throw new Error(`collection ${collection} is not at hand`);
    return found;
  }

  // Scratch memory

  /** A private array that nothing else uses until the present scope ends. */
  scratch(type: WgslType, capacity: number): string {
    const kind = `${type} ${capacity}`;
    const free = this.freeScratch.get(kind)?.pop();
    const name = free ?? `rows${this.scratchTypes.size}`;
    if (!free) this.scratchTypes.set(name, { type, capacity });
    if (this.scratchWords > MAX_SCRATCH)
      throw new NotLowered('lists of the document take more private memory than a GPU gives a thread');
    this.scope.scratch.push([kind, name]);
    return name;
  }

  private get scratchWords(): number {
    let words = 0;
    for (const { type, capacity } of this.scratchTypes.values()) words += WORDS_OF[type] * capacity;
    for (const table of this.tables.values()) words += table.words;
    return words;
  }

  /**
   * The function that keeps four-vectors made of the same columns, written where it is asked for the first time; undefined where private
   * memory is short.
   */
  vectorTable(columns: string, words: number, write: (name: string) => string): string | undefined {
    const known = this.tables.get(columns);
    if (known) return known.name;
    if (this.scratchWords + words > MAX_TABLES) return undefined;
    const name = `vectors_${this.tables.size}`;
    this.tables.set(columns, { name, words, text: write(name) });
    return name;
  }

  /** Functions of the tables, and what empties these for a new event. */
  get tableTexts(): { functions: string[]; reset: string[] } {
    const all = [...this.tables.values()];
    return { functions: all.map(({ text }) => text), reset: all.map(({ name }) => `${name}_has = 0u;`) };
  }

  /** The text of another function: what `write` writes. */
  apart(write: () => void): string {
    const before = this.code;
    this.code = new Code();
    write();
    const { text } = this.code;
    this.code = before;
    return text;
  }

  /** Declarations of the scratch arrays. */
  get scratchText(): string[] {
    return [...this.scratchTypes].map(
      ([name, { type, capacity }]) => `var<private> ${name}: array<${type}, ${capacity}>;`,
    );
  }

  // Scopes

  /** Runs `body` with variables bound. What it gives names to is forgotten at its end. */
  within<T>(variables: Iterable<[number, Held]>, body: () => T): T {
    this.scope = newScope(this.scope, variables);
    try {
      return body();
    } finally {
      for (const [kind, name] of this.scope.scratch) {
        const free = this.freeScratch.get(kind) ?? [];
        this.freeScratch.set(kind, [...free, name]);
      }
      this.scope = this.scope.parent as CodeScope;
    }
  }

  variable(id: number): Held {
    const found = this.bound(id);
    if (!found) throw new Error(`variable ${id} is not bound`);
    return found;
  }

  bound(id: number): Held | undefined {
    return boundIn(this.scope, id);
  }

  /** A value that has a name already. */
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
   * Computes, here and now, what `roots` would otherwise compute more than once: nodes with several uses, and nodes within a loop that
   * don't depend on it. Only what needs no variable but those in scope; and where it may not be evaluated at all, only what can hardly be
   * in doubt, since doubt about a value that nobody asks for would be for nothing.
   *
   */
  prepare(...roots: readonly Root[]): void {
    const marked = new Set<Node>();
    const order: Node[] = [];
    const seen = new Set<Node>();
    const visit = (node: Node, bound: ReadonlySet<number>, inLoop: boolean, surely: boolean): void => {
      if (isTrivial(node) || this.known(node)) return;
      let computable = true;
      for (const id of this.usage.freeOf(node)) if (bound.has(id) || !this.bound(id)) computable = false;
      const shared = inLoop || this.usage.usesOf(node) > 1;
      const hoist = computable && shared && !isWalkedAgain(node) && (surely || !this.risks.of(node));
      if (hoist) marked.add(node);
      if (seen.has(node)) return;
      seen.add(node);
      forEachChild(node, (child, binder) => {
        const inside = binder === undefined ? bound : new Set(bound).add(binder);
        const looping = inLoopOf(node, child);
        visit(child, inside, (inLoop && !hoist) || looping, surely && isSurelyEvaluated(node, child));
      });
      order.push(node);
    };
    for (const { node, looped = false, unsure = false } of roots) visit(node, new Set(), looped, !unsure);
    for (const node of order) {
      if (!marked.has(node)) continue;
      const value = 'itemOptional' in node ? this.emitters.store(this, node) : this.emitters.value(this, node);
      this.scope.values.set(node, value);
    }
  }

  /** `prepare` at the event's level: also finds where the collections' items of this event are. */
  prepareEvent(...roots: readonly Root[]): void {
    const seen = new Set<Node>();
    const enter = (node: Node): void => {
      if (seen.has(node)) return;
      seen.add(node);
      if (node.op === 'base' || node.op === 'reference') this.locate(node.collection);
      if (node.op === 'field') this.locate((node.item.type as Extract<Type, { kind: 'item' }>).collection);
      forEachChild(node, enter);
    };
    for (const { node } of roots) enter(node);
    this.prepare(...roots);
  }

  private locate(collection: string): void {
    if (this.collections.has(collection)) return;
    const use = this.uses.get(collection);
    if (!use) throw new Error(`collection ${collection} is not listed`);
    const read = `read_${this.array(use.columns[0], 'offsets')}`;
    const first = this.code.hold(`${read}(e)`);
    const count = this.code.hold(`${read}(e + 1u) - ${first}`);
    this.collections.set(collection, { first, count });
  }
}
