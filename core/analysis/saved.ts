/** What of a data set is saved as a file: which columns, definitions as new ones, and items of collections by masks. */
import { LumiscopeError } from '../errors.ts';
import { checkExpression } from '../expr/check.ts';
import type { Context } from '../expr/context.ts';
import { isScalar } from '../expr/nodes.ts';
import { nearest } from '../expr/suggest.ts';
import type { Scalar } from '../expr/typedForm.ts';
import type { Value } from '../expr/value.ts';
import { type ColumnInfo, VALUE_ARRAYS, type ValueType } from '../schema/column.ts';
import { identityColumn } from '../schema/eventIdentity.ts';
import type { Schema } from '../schema/schema.ts';
import { commonColumn } from './commonColumn.ts';
import { compileDocument, type TableSpec } from './compile.ts';
import type { AnalysisDocument, Dataset } from './document.ts';
import { contextAt } from './scope.ts';

/** What is asked for. */
export interface SaveChoice {
  /** The columns that the document reads, and those that tell which event it is. */
  used: boolean;
  /** Further columns: names, or patterns with `*` and `?`. */
  columns: readonly string[];
  /** Definitions that become columns. */
  define: readonly string[];
  /** Name of a column with the document's weight. */
  weight?: string;
  /** Events that fail cuts are kept, too. */
  allEvents: boolean;
  /** Of these collections only the items for which the mask holds. */
  thin: readonly { collection: string; mask: string }[];
}

/** A column of the new file, and where it comes from in files of one schema. */
export interface SavedColumn {
  info: ColumnInfo;
  from: /**
   * `thinned`: the collection it belongs to, where items of that are left out; `target`: the one that it points into, likewise; `counted`: the
   * one whose items it counts, likewise.
   */
    | { kind: 'column'; column: string; thinned?: string; target?: string; counted?: string }
    /** Items that are left of a collection. */
    | { kind: 'count'; collection: string }
    /** What stands in for a column that these files lack. */
    | { kind: 'constant'; value: number | boolean | string }
    /** Missing in all events of these files. */
    | { kind: 'missing' }
    /** Of the table: one of its values or lists. */
    | { kind: 'value'; k: number }
    | { kind: 'list'; k: number };
}

/** What runs over files of one schema. */
export interface SavedFile {
  schema: Schema;
  columns: SavedColumn[];
}

export interface SavedSelection {
  /** Finds the events: nothing is filled. */
  document: AnalysisDocument;
  table: TableSpec;
  /** Of the table's lists: the mask of each thinned collection. */
  masks: { collection: string; list: number }[];
  columns: ColumnInfo[];
  /** For each of the schemas, in their order. */
  files: SavedFile[];
  /** Columns that were asked for by a pattern, but can't be saved. */
  leftOut: { name: string; reason: string }[];
  /** What the patterns fit. */
  patterns: RegExp[];
}

/** More rows than any chunk has. */
const ALL_ROWS = 2 ** 32;

const STORED: Readonly<Record<Scalar, ValueType>> = {
  bool: 'bool',
  int: 'int64',
  uint: 'uint64',
  float: 'float64',
  string: 'string',
};

/**
 * Decides what is saved of files with these schemas.
 * @throws LumiscopeError `document` for a column, definition or mask that there is not
 */
export function savedSelection(
  document: AnalysisDocument,
  dataset: Dataset,
  schemas: readonly Schema[],
  choice: SaveChoice,
): SavedSelection {
  const { all: everything, mixed } = commonColumns(schemas);
  const { names, leftOut } = chosenNames(document, dataset, schemas, everything, mixed, choice);
  const thinned = new Set(choice.thin.map(({ collection }) => collection));
  const made = madeColumns(document, schemas, choice);
  const columns = [...names].map((name) => everything.get(name)!);
  const signed = new Set(schemas.flatMap((schema) => references(schema, thinned).map(({ column }) => column.name)));
  const infos = columns.map((info) => {
    if (signed.has(info.name)) return { ...info, type: withSign(info.type) };
    const isLacking = schemas.some((schema) => !schema.columns.has(info.name));
    return isLacking ? { ...info, type: withDefault(info.type, document.defaults[info.name]) } : info;
  });
  const taken = new Set(names);
  for (const { info } of made.columns) {
    if (taken.has(info.name))
      throw refused(
        `a column ${info.name} is there already`,
        'give the definition another name, or leave the column out',
      );
    taken.add(info.name);
  }
  const { weight: _, ...plain } = document;
  return {
    document: {
      ...plain,
      ...(choice.allEvents && { select: [], lumis: undefined }),
      // Where nothing is computed, no definition has to be right.
      ...(choice.allEvents && made.isEmpty && { define: [] }),
      histograms: [],
      sliders: [],
    },
    table: made.table,
    masks: made.masks,
    columns: [...infos, ...made.columns.map(({ info }) => info)],
    files: schemas.map((schema) => ({
      schema,
      columns: [...infos.map((info) => savedColumn(info, schema, document, thinned)), ...made.columns],
    })),
    leftOut,
    patterns: choice.columns.map(glob),
  };
}

/** Every column that some of the files have; those of different kinds, a text here and a number there, by their names alone. */
function commonColumns(schemas: readonly Schema[]): { all: Map<string, ColumnInfo>; mixed: Set<string> } {
  const all = new Map<string, ColumnInfo>();
  const mixed = new Set<string>();
  for (const { columns } of schemas) {
    for (const [name, column] of columns) {
      const known = all.get(name);
      const common = known ? commonColumn(known, column) : column;
      if (common) all.set(name, common);
      else mixed.add(name);
    }
  }
  for (const [name, column] of all) {
    if (column.depth === 0 && schemas.some((schema) => !schema.columns.has(name)))
      all.set(name, { ...column, nullable: true });
  }
  return { all, mixed };
}

function chosenNames(
  document: AnalysisDocument,
  dataset: Dataset,
  schemas: readonly Schema[],
  all: ReadonlyMap<string, ColumnInfo>,
  mixed: ReadonlySet<string>,
  choice: SaveChoice,
): { names: Set<string>; leftOut: SavedSelection['leftOut'] } {
  const wanted = new Set<string>();
  if (choice.used) for (const name of usedNames(document, dataset, schemas)) wanted.add(name);
  for (const pattern of choice.columns) {
    const test = glob(pattern);
    const found = [...all.keys()].filter((name) => test.test(name));
    if (found.length === 0) {
      const near = nearest(pattern, all.keys());
      throw refused(`no column is called ${pattern}`, near && `did you mean ${near}?`);
    }
    for (const name of found) wanted.add(name);
  }
  for (const name of [...wanted]) if (!all.has(name)) wanted.delete(name);
  // A counter tells which columns are of one collection.
  const counters = [...all.values()].filter(
    ({ name, depth, type }) => depth === 0 && /^n./.test(name) && /int/.test(type),
  );
  for (const { name } of counters) {
    const collection = name.slice(1);
    const isBare = !collection.includes('_');
    if ([...wanted].some((one) => (isBare && one === collection) || one.startsWith(`${collection}_`))) wanted.add(name);
  }
  const leftOut: SavedSelection['leftOut'] = [];
  const names = new Set<string>();
  for (const [name, { depth }] of all) {
    if (!wanted.has(name)) continue;
    if (mixed.has(name)) leftOut.push({ name, reason: 'it is of different kinds in the files' });
    else if (depth > 0 && schemas.some(({ columns }) => !columns.has(name)))
      leftOut.push({ name, reason: 'some of the files have no such list' });
    else names.add(name);
  }
  if (names.size === 0) throw refused('no column is chosen', 'name some, or take those that the analysis uses');
  return { names, leftOut };
}

function usedNames(document: AnalysisDocument, dataset: Dataset, schemas: readonly Schema[]): string[] {
  return schemas.flatMap((schema) => {
    const { program, errors } = compileDocument(document, schema, dataset);
    if (errors[0]) throw new LumiscopeError(errors[0].tag, errors[0].message, errors[0]);
    const identity = (['run', 'block', 'event'] as const).map((part) => identityColumn(schema, part));
    return [...identity.filter((name) => name !== undefined), ...(program?.columns ?? [])];
  });
}

/** `Muon_*`: any characters; `?`: one. */
function glob(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}

function savedColumn(
  info: ColumnInfo,
  schema: Schema,
  document: AnalysisDocument,
  thinned: ReadonlySet<string>,
): SavedColumn {
  const { name } = info;
  if (!schema.columns.has(name)) {
    const value = document.defaults[name];
    if (value !== undefined && !isOfType(value, info.type))
      throw refused(`the default of ${name} is ${JSON.stringify(value)}, but ${name} is ${info.type} in other files`);
    return { info, from: value === undefined ? { kind: 'missing' } : { kind: 'constant', value } };
  }
  for (const collection of thinned) {
    if (schema.collections.get(collection)?.count?.name === name) return { info, from: { kind: 'count', collection } };
    if (countsList(info, schema, collection))
      return { info, from: { kind: 'column', column: name, counted: collection } };
  }
  const owner = [...thinned].find((collection) => belongsTo(info, schema, collection));
  const target = references(schema, thinned).find(({ column }) => column.name === name)?.target;
  return {
    info,
    from: { kind: 'column', column: name, ...(owner && { thinned: owner }), ...(target && { target }) },
  };
}

function isOfType(value: number | boolean | string, type: ValueType): boolean {
  if (typeof value !== 'number') return typeof value === (type === 'bool' ? 'boolean' : type);
  if (type === 'bool' || type === 'string') return false;
  if (type.startsWith('float')) return true;
  // What does not fit would wrap.
  return (
    Number.isInteger(value) &&
    Number(VALUE_ARRAYS[type].of((/64$/.test(type) ? BigInt(value) : value) as never)[0]) === value
  );
}

/** Whether its name says that it counts the items of one of a collection's lists, as uproot writes: `nMuon_pt` of `Muon_pt`. */
function countsList({ name, depth, type }: ColumnInfo, schema: Schema, collection: string): boolean {
  const list = depth === 0 && /int/.test(type) && name.startsWith('n') && schema.columns.get(name.slice(1));
  return list ? belongsTo(list, schema, collection) : false;
}

/** Lists within the items of a collection are of it, too. */
function belongsTo({ name, depth }: ColumnInfo, schema: Schema, collection: string): boolean {
  const found = schema.collections.get(collection);
  if (depth === 0 || !found) return false;
  if (depth > 1) return ['_', '.', 'Aux.', 'AuxDyn.'].some((separator) => name.startsWith(collection + separator));
  return found.self?.name === name || found.fields.some(({ column }) => column.name === name);
}

/** Index columns that point into thinned collections. */
function references(schema: Schema, thinned: ReadonlySet<string>) {
  return [...schema.collections.values()].flatMap((collection) =>
    collection.references.filter(({ target }) => thinned.has(target)),
  );
}

/** The type that holds −1 beside all indices. */
function withSign(type: ValueType): ValueType {
  const wider: Partial<Record<ValueType, ValueType>> = {
    uint8: 'int16',
    uint16: 'int32',
    uint32: 'int64',
    uint64: 'int64',
  };
  return wider[type] ?? type;
}

/** The type that holds a default as exactly as expressions take it. */
function withDefault(type: ValueType, value: number | boolean | string | undefined): ValueType {
  return type === 'float32' && typeof value === 'number' && Math.fround(value) !== value ? 'float64' : type;
}

/** Definitions and the weight as columns, and the masks of thinned collections. */
function madeColumns(document: AnalysisDocument, schemas: readonly Schema[], choice: SaveChoice) {
  const values: string[] = [];
  const lists: string[] = [];
  const columns: SavedColumn[] = [];
  const contexts = schemas.map((schema) => contextAt(document, schema, []));
  for (const name of choice.define) {
    if (!document.define.some((definition) => definition.name === name))
      throw refused(`there is no definition ${name}`, 'name one of the document’s');
    const infos = contexts.map((context) => definedColumn(name, context));
    const info = infos.reduce((a, b) => a && b && commonColumn(a, b));
    if (!info)
      throw refused(`${name} can't be saved: it is not one kind of value in all files`, 'save the files one by one');
    columns.push(made(info, name));
  }
  if (choice.weight !== undefined) {
    const info: ColumnInfo = { name: choice.weight, type: 'float64', depth: 0, nullable: true };
    columns.push(made(info, `1.0 * (${document.weight ?? '1'})`));
  }
  const masks = choice.thin.map(({ collection, mask }, place) => {
    if (choice.thin.findIndex((one) => one.collection === collection) !== place)
      throw refused(`there are two masks of ${collection}`, 'write one that joins them with &');
    for (const context of contexts) checkMask(collection, mask, context);
    return { collection, list: lists.push(mask) - 1 };
  });
  const isEmpty = values.length === 0 && lists.length === 0;
  return { columns, masks, isEmpty, table: { values, lists, limit: ALL_ROWS } satisfies TableSpec };

  function made(info: ColumnInfo, text: string): SavedColumn {
    return info.depth === 0
      ? { info, from: { kind: 'value', k: values.push(text) - 1 } }
      : { info, from: { kind: 'list', k: lists.push(text) - 1 } };
  }
}

/** What a definition is as a column; undefined where it is neither values nor lists of values. */
export function definedColumn(name: string, context: Context): ColumnInfo | undefined {
  const value = context.definitions.get(name);
  const expr = value?.kind === 'one' ? value.expr : value?.kind === 'array' ? value.body : undefined;
  if (!expr || !isScalar(expr.type)) return undefined;
  return {
    name,
    type: STORED[expr.type.kind as Scalar],
    depth: value!.kind === 'array' ? 1 : 0,
    nullable: expr.optional,
  };
}

function checkMask(collection: string, mask: string, context: Context): void {
  if (!context.schema.collections.has(collection)) {
    const near = nearest(collection, context.schema.collections.keys());
    throw refused(`there is no collection ${collection}`, near && `did you mean ${near}?`);
  }
  let value: Value;
  try {
    value = checkExpression(context, mask);
  } catch (error) {
    throw refused(`the mask of ${collection}: ${(error as Error).message}`, (error as LumiscopeError).hint);
  }
  const isMask =
    value.kind === 'array' &&
    value.body.type.kind === 'bool' &&
    value.list.op === 'base' &&
    value.list.collection === collection;
  if (!isMask)
    throw refused(
      `the mask of ${collection} is to be true or false for each of its items, not ${context.words(value)}`,
      `write a condition on ${collection}, e.g. ${collection}.pt > 10`,
    );
}

function refused(message: string, hint?: string): LumiscopeError {
  return new LumiscopeError('document', message, { hint });
}
