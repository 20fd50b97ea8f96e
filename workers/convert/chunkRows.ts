/** What a worker does for a file that is saved: the rows of one chunk, gathered, and encoded where they are many. */
import type { SavedColumn } from '../../core/analysis/saved.ts';
import { type ColumnData, type ColumnInfo, VALUE_ARRAYS, VALUE_BYTES } from '../../core/schema/column.ts';
import type { EventRows, RowColumn } from '../engine/eventRows.ts';
import { COLUMN_TYPES } from '../engine/eventRows.ts';
import type { FileSummary } from '../formats/eventFile.ts';
import { type EncodedColumn, encodeColumn } from '../formats/parquet/write/encodeColumn.ts';
import type { EncodedGroup } from '../formats/parquet/write/rowGroup.ts';
import type { Codec } from '../formats/parquet/write/types.ts';
import { nextTurn } from '../schedule/slices.ts';
import { gather, type Runs, runsOf, slice } from './rows.ts';
import { ThinnedCollections } from './thin.ts';
import { widen } from './widen.ts';

/** What is saved of the chunks that run a program. */
export interface SavedRows {
  columns: readonly SavedColumn[];
  /** Of the table's lists: the masks of thinned collections. */
  masks: readonly { collection: string; list: number }[];
  codec: Codec;
}

/** Rows of one chunk: as they are where they are few, else as row groups. */
export type ChunkRows = { rows: ColumnData[] } | { groups: EncodedGroup[] };

/** So many rows are a row group of their own. */
export const GROUP_ROWS = 50_000;
/** Or so many bytes, as far as can be told before they are read: about twice what they take in their file. */
export const GROUP_BYTES = 8e6;
/** Row groups have fewer rows than twice these, or twice these bytes. */
const MOST_ROWS = 100_000;
const MOST_BYTES = 32e6;
/** Columns are read in batches of so many bytes of the file: one batch is in memory at a time. */
const BATCH_BYTES = 16e6;
const INFLATION = 2;

/** The chunk of a file that rows are taken from. */
export interface ChunkSource {
  summary: FileSummary;
  chunk: number;
  /** Hands columns of it to `take`, which must not keep them. */
  read(columns: readonly string[], take: (columns: ColumnData[]) => void): Promise<void>;
  /** Throws where the run was cancelled. */
  check(): void;
}

/** Gathers the events that passed. */
export async function chunkRows(spec: SavedRows, table: EventRows, source: ChunkSource): Promise<ChunkRows> {
  const rows = table.event.length;
  if (rows === 0) return { rows: [] };
  const bytes = estimate(spec, source) * (rows / eventsOf(source));
  if (rows < GROUP_ROWS && bytes < GROUP_BYTES) {
    const gathered: ColumnData[] = [];
    await eachColumn(spec, table, source, async (column, k) => {
      // Copies: a view would take the whole buffer behind it along to the other thread.
      gathered[k] = column;
    });
    return { rows: gathered };
  }
  const count = Math.max(1, Math.floor(rows / MOST_ROWS), Math.floor(bytes / MOST_BYTES));
  const ends = Array.from({ length: count }, (_, k) => Math.round(((k + 1) * rows) / count));
  const encoded = ends.map((): EncodedColumn[] => []);
  await eachColumn(spec, table, source, async (column, k) => {
    for (const [group, end] of ends.entries()) {
      const part = slice(column, ends[group - 1] ?? 0, end);
      encoded[group]![k] = await encodeColumn(spec.columns[k]!.info, part, spec.codec);
      await nextTurn();
      source.check();
    }
  });
  return { groups: encoded.map((columns, k) => ({ rows: ends[k]! - (ends[k - 1] ?? 0), columns })) };
}

/** Calls `done` with each column's rows, in the order in which they come. */
async function eachColumn(
  { columns, masks }: SavedRows,
  table: EventRows,
  source: ChunkSource,
  done: (column: ColumnData, k: number) => Promise<void>,
): Promise<void> {
  const runs = runsOf(table.event);
  const thinned = new ThinnedCollections(table, masks);
  const later: number[] = [];
  for (const [k, { info, from }] of columns.entries()) {
    if (from.kind === 'column') later.push(k);
    else await done(madeColumn(info, from, table, thinned), k);
  }
  for (const batch of batches(columns, later, source)) {
    const names = batch.map((k) => (columns[k]!.from as { column: string }).column);
    const taken: ColumnData[] = [];
    await source.read(names, (data) => {
      batch.forEach((k, at) => {
        taken.push(takenColumn(columns[k]!, data[at]!, runs, thinned));
      });
    });
    for (const [at, k] of batch.entries()) await done(taken[at]!, k);
    source.check();
  }
}

function takenColumn(
  { info, from }: SavedColumn,
  data: ColumnData,
  rows: Runs,
  thinned: ThinnedCollections,
): ColumnData {
  if (from.kind !== 'column') throw new TypeError('no column of the file');
  const kept = from.thinned === undefined ? undefined : thinned.items(from.thinned, data, info.name);
  const taken = widen(gather(data, rows, kept), info.type);
  if (from.counted !== undefined) return thinned.recount(from.counted, taken, info.name);
  return from.target === undefined ? taken : thinned.pointInto(from.target, taken);
}

/** A column that is not in the file. */
function madeColumn(
  { type }: ColumnInfo,
  from: Exclude<SavedColumn['from'], { kind: 'column' }>,
  table: EventRows,
  thinned: ThinnedCollections,
): ColumnData {
  const { length } = table.event;
  switch (from.kind) {
    case 'value':
      return widen(asColumn(table.columns[from.k]!, length), type);
    case 'list':
      return widen(table.lists![from.k]!, type);
    case 'count':
      return { type, length, offsets: [], values: thinned.counts(from.collection, type) };
    case 'missing':
      return {
        type,
        length,
        offsets: [],
        values: new VALUE_ARRAYS[type](length),
        valid: new Uint8Array(length),
        ...(type === 'string' && { dictionary: [] }),
      };
    case 'constant':
      return constant(type, from.value, length);
  }
}

function asColumn({ type, values, valid, dictionary }: RowColumn, length: number): ColumnData {
  return {
    type: COLUMN_TYPES[type],
    length,
    offsets: [],
    values: type === 'bool' ? Uint8Array.from(values as Float64Array) : values,
    ...(valid && { valid }),
    ...(dictionary && { dictionary }),
  };
}

function constant(type: ColumnInfo['type'], value: number | boolean | string, length: number): ColumnData {
  const values = new VALUE_ARRAYS[type](length);
  if (type === 'string') return { type, length, offsets: [], values, dictionary: [String(value)] };
  const number = Number(value);
  return {
    type,
    length,
    offsets: [],
    values: values.fill((/64$/.test(type) && type !== 'float64' ? BigInt(number) : number) as never),
  };
}

function eventsOf({ summary, chunk }: ChunkSource): number {
  const { begin, end } = summary.chunks[chunk]!;
  return Math.max(1, end - begin);
}

/** Bytes that all events of the chunk would take in memory, about. The same everywhere: row groups must not hang on threads. */
function estimate({ columns }: SavedRows, source: ChunkSource): number {
  const events = eventsOf(source);
  const stored = storedBytes(source);
  return columns.reduce(
    (sum, { info, from }) =>
      sum + (from.kind === 'column' ? INFLATION * stored.get(from.column)! : events * VALUE_BYTES[info.type]),
    0,
  );
}

/** Bytes of each column in the chunk, as the file has them. */
function storedBytes({ summary, chunk }: ChunkSource): Map<string, number> {
  const { columns, columnBytes, chunks } = summary;
  return new Map(columns.map(({ name }, at) => [name, columnBytes[at * chunks.length + chunk]!]));
}

function batches(columns: readonly SavedColumn[], places: readonly number[], source: ChunkSource): number[][] {
  // Columns that share their bytes are read together.
  if (source.summary.rowWise) return places.length > 0 ? [[...places]] : [];
  const found: number[][] = [];
  const stored = storedBytes(source);
  let size = Number.POSITIVE_INFINITY;
  for (const k of places) {
    const bytes = stored.get((columns[k]!.from as { column: string }).column)!;
    size += bytes;
    if (size > BATCH_BYTES) {
      found.push([]);
      size = bytes;
    }
    found.at(-1)!.push(k);
  }
  return found;
}

/** All buffers, for a transfer to another thread. */
export function buffersOfRows(result: ChunkRows): ArrayBufferLike[] {
  const arrays =
    'rows' in result
      ? result.rows.flatMap(({ values, valid, offsets }) => [values, ...offsets, ...(valid ? [valid] : [])])
      : result.groups.flatMap(({ columns }) => columns.map(({ bytes }) => bytes));
  return [...new Set(arrays.map((array) => array.buffer))];
}
