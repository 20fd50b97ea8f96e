import type { SchemaElement } from 'hyparquet';
import type { ColumnData, ColumnInfo } from '../../../core/schema/column.ts';
import type { ByteRange, ByteSource, PinnedFile } from '../../io/byteSource.ts';
import { asFormatError, formatError } from '../errors.ts';
import type { Chunk, EventFile, FileSummary } from '../eventFile.ts';
import { readFooter } from './footer.ts';
import { type Layout, layOut, type Piece } from './layout.ts';
import { columnsWithPages, readPageBounds } from './pageBounds.ts';
import { PieceReader } from './pieceReader.ts';
import { chunkBounds, columnRanges } from './ranges.ts';
import { flattenSchema, type Leaf } from './schema.ts';

/** Schemas of writers, up to hundreds of kilobytes: of no use to people, and not sent across threads. */
const BULKY_KEYS = new Set(['ARROW:schema', 'pandas', 'org.apache.spark.sql.parquet.row.metadata']);

/** Opens a Parquet file by its footer. @throws LumiscopeError `format`, `source`, `cancelled` */
export async function openParquet(source: ByteSource, file: PinnedFile, signal?: AbortSignal): Promise<EventFile> {
  const metadata = await readFooter(source, signal);
  let layout: Layout;
  try {
    layout = layOut(metadata, flattenSchema(metadata.schema), source.size);
  } catch (cause) {
    throw asFormatError(cause, source.url);
  }
  const entries = (metadata.key_value_metadata ?? []).filter(({ key }) => !BULKY_KEYS.has(key));
  return new ParquetFile(source, metadata.schema, layout, {
    file,
    format: 'parquet',
    events: layout.events,
    columns: layout.leaves.map(columnInfo),
    chunks: layout.pieces.map((piece) => chunkOf(layout, piece)),
    columnBytes: columnBytes(layout),
    columnRanges: columnRanges(metadata, layout),
    chunkBounds: chunkBounds(metadata, layout),
    pageBounds: columnsWithPages(layout),
    metadata: Object.fromEntries(entries.map(({ key, value }) => [key, value ?? ''])),
    unsupported: layout.unsupported,
  });
}

function columnInfo({ name, type, depth, nullable, unit }: Leaf): ColumnInfo {
  return { name, type, depth, nullable, ...(unit && { unit }) };
}

class ParquetFile implements EventFile {
  readonly summary: FileSummary;
  readonly #schema: SchemaElement[];
  readonly #layout: Layout;
  readonly #reader: PieceReader;
  readonly #byName: Map<string, number>;

  constructor(source: ByteSource, schema: SchemaElement[], layout: Layout, summary: FileSummary) {
    this.summary = summary;
    this.#schema = schema;
    this.#layout = layout;
    this.#reader = new PieceReader(source, layout);
    this.#byName = new Map(layout.leaves.map(({ name }, index) => [name, index]));
  }

  async readBounds(columns: readonly string[], signal?: AbortSignal): Promise<Map<string, Float64Array>> {
    const { source } = this.#reader;
    const read = columns.map(async (name): Promise<[string, Float64Array]> => {
      const known = this.summary.chunkBounds?.get(name);
      return [name, await readPageBounds(source, this.#schema, this.#layout, name, known, signal)];
    });
    return new Map(await Promise.all(read));
  }

  async readChunk(chunk: number, columns: readonly string[], signal?: AbortSignal): Promise<ColumnData[]> {
    const piece = this.#layout.pieces[chunk];
    if (!piece) throw new RangeError(`chunk ${chunk} of ${this.#layout.pieces.length}`);
    return this.#reader.read(
      piece,
      columns.map((name) => this.#leaf(name)),
      signal,
    );
  }

  ranges(chunk: number, columns: readonly string[]): ByteRange[] | undefined {
    const piece = this.#layout.pieces[chunk];
    return (
      piece &&
      this.#reader.ranges(
        piece,
        columns.map((name) => this.#leaf(name)),
      )
    );
  }

  #leaf(name: string) {
    const index = this.#byName.get(name);
    if (index !== undefined) return this.#layout.leaves[index]!;
    const { url } = this.#reader.source;
    const reason = this.#layout.unsupported.find((column) => column.name === name)?.reason;
    throw reason
      ? formatError(url, `can't be read: ${reason}`, 'leave it out, or write it with another type', { column: name })
      : formatError(url, 'there is no such column', 'check its spelling', { column: name });
  }
}

/** Pieces of a row group without an index of its pages are all cut from the same bytes. */
function chunkOf({ rowGroups }: Layout, { begin, end, rowGroup, from, to }: Piece): Chunk {
  const { events, columns } = rowGroups[rowGroup]!;
  const shared = to - from < events && columns.some((column) => column && !column.offsetIndex);
  return { begin, end, ...(shared && { group: rowGroup }) };
}

/** `[column * chunks + chunk]`; a piece of a row group counts in proportion to its events. */
function columnBytes({ leaves, pieces, rowGroups }: Layout): Float64Array {
  const bytes = new Float64Array(leaves.length * pieces.length);
  leaves.forEach(({ index }, column) => {
    pieces.forEach(({ rowGroup, from, to }, chunk) => {
      const { events, columns } = rowGroups[rowGroup]!;
      bytes[column * pieces.length + chunk] = (columns[index]!.bytes * (to - from)) / events;
    });
  });
  return bytes;
}
