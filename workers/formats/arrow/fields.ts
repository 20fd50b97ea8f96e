/**
 * The schema of an Arrow file: a tree of fields, and the columns that are its leaves.
 * @see https://github.com/apache/arrow/blob/main/format/Schema.fbs
 */
import type { ColumnInfo, ValueType } from '../../../core/schema/column.ts';
import { Corrupt } from '../errors.ts';
import type { Table } from './flatbuffer.ts';
import { Kind } from './kinds.ts';
import { type LeafType, leafType } from './leafType.ts';

/** A field, as the file declares it. */
export interface Field {
  name: string;
  nullable: boolean;
  kind: number;
  type: Table;
  /** Where its values are in a dictionary. */
  dictionary: { id: number; index: ValueType } | undefined;
  children: Field[];
}

/** Where a field's arrays are in a batch: its node, its first buffer, and how many columns of views come before. */
export interface Place {
  node: number;
  buffer: number;
  views: number;
}

/** One step from an event to a value. */
export type Step = Place &
  (
    | { kind: 'struct' }
    /** Offsets of 4 or 8 bytes. */
    | { kind: 'list'; wide: boolean }
    | { kind: 'fixed'; items: number }
  );

/** A column that can be read. */
export interface Leaf extends ColumnInfo, Place {
  steps: Step[];
  stored: LeafType['stored'];
  /** Number of the dictionary that its values are in. */
  dictionary: number | undefined;
}

export interface ArrowSchema {
  leaves: Leaf[];
  unsupported: { name: string; reason: string }[];
  /** By their number: what the values of dictionaries are. */
  dictionaries: Map<number, Leaf>;
  metadata: Record<string, string>;
}

const MOST_NESTED = 64;

/** @throws Corrupt */
export function readSchema(table: Table, version4: boolean): ArrowSchema {
  if (table.int16(0, 0) !== 0) throw new Corrupt('it is big-endian, which is not supported');
  const fields = table.tables(1).map((field) => readField(field, 0));
  const schema: ArrowSchema = { leaves: [], unsupported: [], dictionaries: new Map(), metadata: {} };
  for (const entry of table.tables(2)) schema.metadata[entry.string(0) ?? ''] = entry.string(1) ?? '';
  const walk = new Walk(schema, version4);
  for (const field of fields) walk.visit(field, { path: [], steps: [], depth: 0, nullable: false });
  const first = new Map(schema.leaves.map((leaf) => [leaf.name, leaf] as const).reverse());
  schema.leaves = schema.leaves.filter((leaf) => {
    if (first.get(leaf.name) === leaf) return true;
    schema.unsupported.push({ name: leaf.name, reason: 'another column has the same name' });
    return false;
  });
  return schema;
}

function readField(table: Table, nested: number): Field {
  if (nested > MOST_NESTED) throw new Corrupt('the schema is nested too deeply');
  const type = table.table(3);
  if (!type) throw new Corrupt('a field has no type');
  const dictionary = table.table(4);
  return {
    name: table.string(0) ?? '',
    nullable: table.bool(1, false),
    kind: table.int8(2, 0),
    type,
    dictionary: dictionary && { id: dictionary.size(0), index: indexType(dictionary.table(1)) },
    children: table.tables(5).map((child) => readField(child, nested + 1)),
  };
}

function indexType(type: Table | undefined): ValueType {
  // Indices are int32 unless told otherwise.
  return type ? (`${type.bool(1, false) ? '' : 'u'}int${type.int32(0, 0)}` as ValueType) : 'int32';
}

interface Position {
  path: string[];
  steps: Step[];
  depth: number;
  nullable: boolean;
  /** Why what lies below can't be read. */
  reason?: string;
}

/** Goes through the fields in the order in which nodes and buffers stand in a batch. */
class Walk {
  readonly #schema: ArrowSchema;
  readonly #version4: boolean;
  #node = 0;
  #buffer = 0;
  #views = 0;

  constructor(schema: ArrowSchema, version4: boolean) {
    this.#schema = schema;
    this.#version4 = version4;
  }

  visit(field: Field, at: Position, named = true): void {
    const path = named ? [...at.path, field.name] : at.path;
    const place: Place = { node: this.#node++, buffer: this.#buffer, views: this.#views };
    const below = (step: Step | undefined, more: Partial<Position>): Position => ({
      ...at,
      path,
      steps: step ? [...at.steps, step] : at.steps,
      nullable: at.nullable || field.nullable,
      ...more,
    });
    const list = { depth: at.depth + 1, nullable: false };
    if (field.dictionary) {
      this.#buffer += 2;
      this.#leaf(field, below(undefined, {}), place);
      return;
    }
    switch (field.kind) {
      case Kind.STRUCT:
        this.#buffer += 1;
        for (const child of field.children) this.visit(child, below({ kind: 'struct', ...place }, {}));
        return;
      case Kind.LIST:
      case Kind.LARGE_LIST:
      case Kind.MAP: {
        this.#buffer += 2;
        const step: Step = { kind: 'list', ...place, wide: field.kind === Kind.LARGE_LIST };
        for (const child of field.children) this.visit(child, below(step, list), false);
        return;
      }
      case Kind.FIXED_LIST: {
        this.#buffer += 1;
        const step: Step = { kind: 'fixed', ...place, items: field.type.int32(0, 0) };
        for (const child of field.children) this.visit(child, below(step, list), false);
        return;
      }
      case Kind.UNION:
        // Type codes, offsets if it is dense, and of old a bitmap.
        this.#buffer += (field.type.int16(0, 0) === 1 ? 2 : 1) + (this.#version4 ? 1 : 0);
        return this.#skip(field, below(undefined, { reason: 'it is part of a union' }));
      case Kind.RUN_END:
        return this.#skip(field, below(undefined, { reason: 'run-end encoded values are not supported' }));
      case Kind.LIST_VIEW:
      case Kind.LARGE_LIST_VIEW:
        this.#buffer += 3;
        return this.#skip(field, below(undefined, { reason: 'list views are not supported: write lists' }));
      case Kind.NULL:
        return this.#leaf(field, below(undefined, {}), place);
      case Kind.UTF8:
      case Kind.BINARY:
      case Kind.LARGE_UTF8:
      case Kind.LARGE_BINARY:
        this.#buffer += 3;
        return this.#leaf(field, below(undefined, {}), place);
      case Kind.UTF8_VIEW:
      case Kind.BINARY_VIEW:
        // Their data buffers, whose number differs from batch to batch, are counted by `bufferOf`.
        this.#buffer += 2;
        this.#leaf(field, below(undefined, {}), place);
        this.#views++;
        return;
      default:
        this.#buffer += 2;
        return this.#leaf(field, below(undefined, {}), place);
    }
  }

  /** Columns below something that can't be read: what holds them is named once. */
  #skip({ children }: Field, at: Position): void {
    const before = this.#schema.unsupported.length;
    const leaves = this.#schema.leaves.length;
    for (const child of children) this.visit(child, at, false);
    this.#schema.leaves.length = leaves;
    this.#schema.unsupported.length = before;
    this.#schema.unsupported.push({ name: at.path.join('.'), reason: at.reason! });
  }

  #leaf(field: Field, at: Position, own: Place): void {
    const name = at.path.join('.');
    const place = { ...own, steps: at.steps, depth: at.depth };
    const type = leafType(field.kind, field.type);
    if ('reason' in type || at.reason) {
      this.#schema.unsupported.push({ name, reason: at.reason ?? (type as { reason: string }).reason });
      return;
    }
    const { dictionary, children } = field;
    const info = { name, type: type.type, nullable: at.nullable, ...(type.unit && { unit: type.unit }) };
    if (!dictionary) {
      this.#schema.leaves.push({ ...info, ...place, stored: type.stored, dictionary: undefined });
      return;
    }
    if (children.length > 0) {
      this.#schema.unsupported.push({ name, reason: 'dictionaries of lists and structs are not supported' });
      return;
    }
    const values = { ...info, steps: [], node: 0, buffer: 0, views: 0, depth: 0, stored: type.stored };
    this.#schema.dictionaries.set(dictionary.id, { ...values, dictionary: undefined });
    const stored: Leaf['stored'] = { layout: 'fixed', width: 0, index: dictionary.index };
    this.#schema.leaves.push({ ...info, ...place, stored, dictionary: dictionary.id });
  }
}
