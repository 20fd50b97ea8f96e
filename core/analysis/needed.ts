import type { CollectionUse, Expr, HistogramProgram, List, Program, TableProgram } from '../expr/typedForm.ts';
import { forEachNode } from '../expr/walk.ts';
import { type ColumnInfo, VALUE_BYTES } from '../schema/column.ts';
import type { Schema } from '../schema/schema.ts';

type Draft = Pick<Program, 'cuts' | 'weight' | 'histograms' | 'table'>;

/** All expressions and lists that a program evaluates. */
export function roots({ cuts, weight, histograms, table }: Draft): (Expr | List)[] {
  const ofHistogram = ({ per, axes, select, weight: own, sample }: HistogramProgram) => [
    per?.list,
    ...axes.map((axis) => axis.value),
    select,
    own,
    sample,
  ];
  return [...cuts.map((cut) => cut.cond), weight, ...histograms.flatMap(ofHistogram), ...tableRoots(table)].filter(
    (root) => root !== undefined,
  );
}

/** What a table notes of each event. */
export function tableRoots(table: TableProgram | undefined): (Expr | List)[] {
  return table ? [...table.values, ...(table.lists ?? [])] : [];
}

/** Completes a program with the columns that its expressions read: nothing else is fetched. @param file as of `columnsOf` */
export function neededColumns(draft: Draft, schema: Schema, file = schema): Program {
  return { ...columnsOf(roots(draft), schema, file), ...draft };
}

/**
 * The columns that expressions and lists read, in the schema's order.
 * @param file the schema without columns that only a default stands in for
 */
export function columnsOf(
  nodes: readonly (Expr | List)[],
  schema: Schema,
  file = schema,
): Pick<Program, 'columns' | 'collections'> {
  const columns = new Set<string>();
  const collections = new Map<string, Set<string>>();
  const use = (name: string) => {
    const found = collections.get(name) ?? new Set();
    collections.set(name, found);
    return found;
  };
  const owner = new Map<string, string>();
  for (const collection of schema.collections.values()) {
    for (const column of jaggedColumns(schema, collection.name)) owner.set(column.name, collection.name);
  }
  forEachNode(nodes, (node) => {
    if (node.op === 'column') columns.add(node.column);
    if (node.op === 'field') {
      columns.add(node.column);
      use(owner.get(node.column) as string).add(node.column);
    }
    if (node.op === 'base' || node.op === 'reference') use(node.collection);
  });
  for (const [name, used] of collections) {
    if (used.size > 0) continue;
    // Only the number of items is asked for: any of the collection's columns tells it, the smallest is the cheapest.
    const [cheapest] = jaggedColumns(schema, name).sort((a, b) => VALUE_BYTES[a.type] - VALUE_BYTES[b.type]);
    used.add(cheapest.name);
    columns.add(cheapest.name);
  }
  if (columns.size === 0) {
    // A program of constants only: one column has to tell the number of events.
    const [cheapest] = [...file.columns.values()].sort(
      (a, b) => a.depth - b.depth || VALUE_BYTES[a.type] - VALUE_BYTES[b.type],
    );
    if (cheapest) columns.add(cheapest.name);
  }
  const order = new Map([...schema.columns.keys()].map((name, k) => [name, k]));
  const inOrder = (names: Iterable<string>) => [...names].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  const uses: CollectionUse[] = [...collections].map(([name, used]) => ({ name, columns: inOrder(used) }));
  return { columns: inOrder(columns), collections: uses };
}

function jaggedColumns(schema: Schema, collection: string): ColumnInfo[] {
  const found = schema.collections.get(collection);
  return [...(found?.self ? [found.self] : []), ...(found?.fields.map((field) => field.column) ?? [])];
}
