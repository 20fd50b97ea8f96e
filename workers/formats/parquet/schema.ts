/**
 * Parquet's schema tree, flattened to columns: names by their path, types, and what the levels of each mean.
 * @see https://parquet.apache.org/docs/file-format/nestedencoding/
 * @see https://github.com/apache/parquet-format/blob/master/LogicalTypes.md#nested-types
 */
import type { SchemaElement } from 'hyparquet';
import type { ColumnInfo } from '../../../core/schema/column.ts';
import { leafType, type Stored } from './types.ts';

/** A leaf of the schema tree. */
export interface Leaf extends ColumnInfo {
  stored: Stored;
  /** Which column chunk of a row group holds it. */
  index: number;
  /** Definition level of a value that is there. */
  maxDefinition: number;
  /** How many lists it is in. */
  maxRepetition: number;
  /** Definition level from which on an entry is an item of each list, outermost first: below, that list is empty or missing. */
  itemDefinitions: number[];
  /** That of the innermost list. 0 if flat. */
  itemDefinition: number;
}

export type LeafOrReason = { name: string; leaf: Leaf } | { name: string; reason: string };

interface Node {
  element: SchemaElement;
  children: Node[];
}

interface Position {
  path: string[];
  definition: number;
  itemDefinitions: number[];
}

/** All leaves in the order of the column chunks, each readable or with the reason why it isn't. */
export function flattenSchema(elements: SchemaElement[]): LeafOrReason[] {
  const leaves: LeafOrReason[] = [];
  const cursor = { next: 0 };
  const root = readTree(elements, cursor, 0);
  for (const child of root.children) visit(child, { path: [], definition: 0, itemDefinitions: [] }, leaves);
  const first = new Map(leaves.map(({ name }, index) => [name, index] as const).reverse());
  return leaves.map((one, index) =>
    first.get(one.name) === index ? one : { name: one.name, reason: 'another column has the same name' },
  );
}

function readTree(elements: SchemaElement[], cursor: { next: number }, nesting: number): Node {
  const element = elements[cursor.next++];
  if (!element) throw new Error('the schema is cut short');
  if (nesting > 64) throw new Error('the schema is nested too deeply');
  const children: Node[] = [];
  for (let i = 0; i < (element.num_children ?? 0); i++) children.push(readTree(elements, cursor, nesting + 1));
  return { element, children };
}

function visit(node: Node, at: Position, leaves: LeafOrReason[], named = true): void {
  const { element } = node;
  const path = named ? [...at.path, element.name] : at.path;
  const next = { ...descend(element, at), path };
  if (element.type) {
    leaves.push(leaf(element, next, leaves.length));
  } else if (isList(node)) {
    visitList(node.children[0]!, next, leaves);
  } else if (isMap(node)) {
    const [entries] = node.children;
    // A list of keys and values, whatever the writer calls it.
    for (const child of entries!.children) visit(child, { ...descend(entries!.element, next), path }, leaves);
  } else {
    for (const child of node.children) visit(child, next, leaves);
  }
}

/** The repeated node of a list, whose own name says nothing; by the rules for what older writers wrote. */
function visitList(repeated: Node, list: Position, leaves: LeafOrReason[]): void {
  const { element, children } = repeated;
  const name = list.path.at(-1);
  const isItem =
    element.type !== undefined || children.length !== 1 || element.name === 'array' || element.name === `${name}_tuple`;
  if (isItem) visit(repeated, list, leaves, false);
  else visit(children[0]!, { ...descend(element, list), path: list.path }, leaves, false);
}

function isList({ element, children }: Node): boolean {
  const annotated = element.converted_type === 'LIST' || element.logical_type?.type === 'LIST';
  return annotated && children.length === 1 && children[0]!.element.repetition_type === 'REPEATED';
}

function isMap({ element, children }: Node): boolean {
  const { converted_type: converted, logical_type: logical } = element;
  const annotated = converted === 'MAP' || converted === 'MAP_KEY_VALUE' || logical?.type === 'MAP';
  return annotated && children.length === 1 && children[0]!.element.repetition_type === 'REPEATED';
}

function descend({ repetition_type: repeats }: SchemaElement, at: Position): Position {
  if (repeats === 'OPTIONAL') return { ...at, definition: at.definition + 1 };
  if (repeats !== 'REPEATED') return { ...at };
  const definition = at.definition + 1;
  return { ...at, definition, itemDefinitions: [...at.itemDefinitions, definition] };
}

function leaf(element: SchemaElement, at: Position, index: number): LeafOrReason {
  const name = at.path.join('.');
  const type = leafType(element);
  const depth = at.itemDefinitions.length;
  const itemDefinition = at.itemDefinitions.at(-1) ?? 0;
  if ('reason' in type) return { name, reason: type.reason };
  return {
    name,
    leaf: {
      name,
      ...type,
      depth,
      nullable: at.definition > itemDefinition,
      index,
      maxDefinition: at.definition,
      maxRepetition: depth,
      itemDefinitions: at.itemDefinitions,
      itemDefinition,
    },
  };
}
