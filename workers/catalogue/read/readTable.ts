import type { CatalogueObject } from '../../../core/catalogue/manifest.ts';
import type { Column } from '../../../core/catalogue/tables.ts';
import { type ColumnData, VALUE_ARRAYS } from '../../../core/schema/column.ts';
import { concatenate } from '../../convert/rows.ts';
import type { EventFile } from '../../formats/eventFile.ts';
import { openParquet } from '../../formats/parquet/openParquet.ts';
import type { ByteSource } from '../../io/byteSource.ts';
import { bytesSource, withTail } from '../../io/bytesSource.ts';
import { readRanges } from '../../io/coalesce.ts';
import { cancelled } from '../../io/errors.ts';
import { sha256 } from '../sha256.ts';
import { damaged } from './objectErrors.ts';

/** A table of a catalogue, or some of its rows. */
export interface Table {
  rows: number;
  columns: Map<string, ColumnData>;
  /** Of the object. */
  metadata: Readonly<Record<string, string>>;
}

/** The end of a long table that is read at once: its footer, as a rule. */
const TAIL_BYTES = 32 * 1024;

/** All bytes of an object, held against its checksum. @throws LumiscopeError `source`, `format` (another checksum), `cancelled` */
export async function readObject(
  source: ByteSource,
  object: CatalogueObject,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const [bytes] = await readRanges(source, [[0, object.bytes]], signal);
  if (signal?.aborted) throw cancelled();
  if ((await sha256(bytes!)) !== object.sha256)
    throw damaged(source.url, 'its bytes have another checksum than the catalogue says');
  return bytes!;
}

/**
 * A table, read whole and held against its checksum.
 * @param columns those that are wanted: the object has to have them, and may have others
 * @throws LumiscopeError `source`, `format`, `cancelled`
 */
export async function readTable(
  source: ByteSource,
  object: CatalogueObject,
  columns: readonly Column[],
  signal?: AbortSignal,
): Promise<Table> {
  const bytes = await readObject(source, object, signal);
  const file = await openObject(bytesSource(source.url, bytes), columns, signal);
  return readChunks(file, columns, () => true, signal);
}

/**
 * The row groups of a sorted table that may hold rows with certain values: pages have checksums, the object as a whole is not read.
 * @param equals by name of a column of numbers; other rows of the row groups come along
 */
export async function readTableWhere(
  source: ByteSource,
  columns: readonly Column[],
  equals: Readonly<Record<string, number>>,
  signal?: AbortSignal,
): Promise<Table> {
  const file = await openObject(await withTail(source, TAIL_BYTES, signal), columns, signal);
  const bounds = Object.entries(equals).map(([name, value]) => [file.summary.chunkBounds?.get(name), value] as const);
  const mayHold = (chunk: number) =>
    bounds.every(([known, value]) => !known || !(known[2 * chunk]! > value || known[2 * chunk + 1]! < value));
  return readChunks(file, columns, mayHold, signal);
}

/** Opens a Parquet object. @throws LumiscopeError `format` where it lacks a column, or has it as another type */
export async function openObject(
  source: ByteSource,
  columns: readonly Column[],
  signal?: AbortSignal,
): Promise<EventFile> {
  const pinned = { address: { kind: 'url', url: source.url }, size: source.size, etag: undefined } as const;
  const file = await openParquet(source, pinned, signal);
  const found = new Map(file.summary.columns.map((column) => [column.name, column]));
  for (const { name, type, depth, nullable } of columns) {
    const own = found.get(name);
    if (!own)
      throw damaged(
        source.url,
        `it has no column ${name}`,
        'it was written by another version: write the catalogue anew',
      );
    if (own.type !== type || own.depth !== depth || (own.nullable && !nullable))
      throw damaged(source.url, `column ${name} is of another type than a catalogue's`, 'write the catalogue anew');
  }
  return file;
}

async function readChunks(
  file: EventFile,
  columns: readonly Column[],
  wanted: (chunk: number) => boolean,
  signal?: AbortSignal,
): Promise<Table> {
  const names = columns.map(({ name }) => name);
  const parts: ColumnData[][] = [];
  for (const chunk of file.summary.chunks.keys())
    if (wanted(chunk)) parts.push(await file.readChunk(chunk, names, signal));
  return {
    rows: parts.reduce((sum, part) => sum + part[0]!.length, 0),
    columns: new Map(
      columns.map((column, k) => [
        column.name,
        parts.length > 0 ? concatenate(parts.map((part) => part[k]!)) : noRows(column),
      ]),
    ),
    metadata: file.summary.metadata,
  };
}

function noRows({ type, depth }: Column): ColumnData {
  return {
    type,
    length: 0,
    offsets: Array.from({ length: depth }, () => new Uint32Array(1)),
    values: new VALUE_ARRAYS[type](0),
    ...(type === 'string' && { dictionary: [] }),
  };
}
