import type { Part } from '../../core/catalogue/manifest.ts';
import { RECORD_COLUMNS } from '../../core/catalogue/tables.ts';
import { type ColumnData, VALUE_ARRAYS } from '../../core/schema/column.ts';
import { type RecordIndex, readGroups, readIndex } from '../catalogue/read/recordReader.ts';
import type { Handed, TaskContext } from '../catalogue/taskContext.ts';
import { concatenate } from '../convert/rows.ts';

export interface RecordRowsQuestion {
  folder: string;
  part: Part;
  /** The first of the row groups that are wanted, and how many, at most. */
  from: number;
  count: number;
  /** Names of `RECORD_COLUMNS`. */
  columns: readonly string[];
}

export interface RecordRows {
  columns: ColumnData[];
  /** Row groups of the part. */
  groups: number;
}

/** Whole columns of some row groups of event records, in the order that is asked for; those that the records don't have are missing values, or empty lists. */
export async function run(
  context: TaskContext,
  { folder, part, from, count, columns }: RecordRowsQuestion,
  signal: AbortSignal,
): Promise<Handed<RecordRows>> {
  const index = await indexOf(context, folder, part, signal);
  const source = await context.object(folder, part.records);
  const groups = index.first.length;
  const wanted = Array.from({ length: Math.min(count, groups - from) }, (_, k) => from + k);
  const batches = await readGroups(source, index, wanted, { columns, signal });
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const handed = columns.map((name) => {
    const stored = batches.flatMap((batch) => batch.columns.get(name) ?? []);
    return stored.length > 0 ? concatenate(stored) : absent(name, rows);
  });
  const buffers = handed.flatMap(({ values, valid, offsets }) => [
    values.buffer as ArrayBuffer,
    ...(valid ? [valid.buffer as ArrayBuffer] : []),
    ...offsets.map(({ buffer }) => buffer as ArrayBuffer),
  ]);
  return { handed: { columns: handed, groups }, buffers: [...new Set(buffers)] };
}

async function indexOf(context: TaskContext, folder: string, part: Part, signal: AbortSignal): Promise<RecordIndex> {
  const key = `index of ${part.index.path}`;
  const known = context.kept.get(key) as RecordIndex | undefined;
  if (known) return known;
  const index = await readIndex(await context.object(folder, part.index), part, signal);
  // The last one only: the tasks of a part follow one another.
  for (const other of context.kept.keys()) if (other.startsWith('index of ')) context.kept.delete(other);
  context.kept.set(key, index);
  return index;
}

function absent(name: string, rows: number): ColumnData {
  const { type, depth } = RECORD_COLUMNS.find((column) => column.name === name)!;
  return depth > 0
    ? { type, length: rows, offsets: [new Uint32Array(rows + 1)], values: new VALUE_ARRAYS[type](0) }
    : { type, length: rows, offsets: [], values: new VALUE_ARRAYS[type](rows), valid: new Uint8Array(rows) };
}
