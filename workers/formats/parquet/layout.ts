/** Where things lie in a file: row groups, the chunks they are read in, and the bytes of each column. */
import type { ColumnMetaData, CompressionCodec, FileMetaData } from 'hyparquet';
import { isSupportedCodec } from '../codecs.ts';
import { Corrupt } from '../errors.ts';
import type { Chunk } from '../eventFile.ts';
import type { Leaf, LeafOrReason } from './schema.ts';

/** Row groups of up to this many events are read whole. */
const WHOLE_EVENTS = 262_144;
/** Longer ones are cut into pieces of this many. Results depend on where chunks end: these numbers must not change. */
const PIECE_EVENTS = 131_072;

/** More in one row group can only be damage, which would be cut into chunks without end. */
const MOST_EVENTS = 2 ** 32;

/** One column of one row group. Offsets are from the start of the file. */
export interface ColumnChunk {
  offset: number;
  bytes: number;
  /** Of all pages, headers included. */
  uncompressedBytes: number;
  codec: CompressionCodec;
  /** Entries: values, missing ones, and empty lists. */
  entries: number;
  /** Where the writer noted where pages are. */
  offsetIndex: { offset: number; bytes: number } | undefined;
  /** Where it noted what values each page has. */
  columnIndex?: { offset: number; bytes: number };
}

export interface RowGroup {
  events: number;
  /** By index of leaf; undefined for columns that are not supported. */
  columns: (ColumnChunk | undefined)[];
}

/** A chunk, and which events of which row group it is. */
export interface Piece extends Chunk {
  rowGroup: number;
  from: number;
  to: number;
}

export interface Layout {
  events: number;
  rowGroups: RowGroup[];
  pieces: Piece[];
  leaves: Leaf[];
  unsupported: { name: string; reason: string }[];
}

/**
 * Checks the metadata against itself and the file's size.
 * @throws Corrupt where they don't agree
 */
export function layOut(metadata: FileMetaData, columns: LeafOrReason[], fileSize: number): Layout {
  const unsupported = new Map<number, string>();
  columns.forEach((column, index) => {
    if ('reason' in column) unsupported.set(index, column.reason);
  });
  const rowGroups = metadata.row_groups.map((group): RowGroup => {
    const events = toNumber(group.num_rows);
    if (events > MOST_EVENTS) throw new Corrupt(`a row group claims to have ${events} events`);
    if (group.columns.length !== columns.length) throw new Corrupt('a row group has another number of columns');
    return {
      events,
      columns: group.columns.map((place, index) => {
        const { file_path, meta_data, crypto_metadata, offset_index_offset, offset_index_length } = place;
        const encrypted = crypto_metadata ? 'it is encrypted' : undefined;
        const reason = file_path ? `it is in another file, ${file_path}` : (encrypted ?? unsupportedCodec(meta_data));
        if (reason) unsupported.set(index, unsupported.get(index) ?? reason);
        if (unsupported.has(index)) return undefined;
        const column = columnChunk(meta_data!, fileSize);
        const { leaf } = columns[index] as { leaf: Leaf };
        if (leaf.depth === 0 ? column.entries !== events : column.entries < events) {
          throw new Corrupt(`column ${leaf.name} has ${column.entries} values in a row group of ${events} events`);
        }
        if (offset_index_offset && offset_index_length) {
          const offset = toNumber(offset_index_offset);
          if (offset + offset_index_length <= fileSize) column.offsetIndex = { offset, bytes: offset_index_length };
        }
        const { column_index_offset: from, column_index_length: bytes } = place;
        if (from && bytes && toNumber(from) + bytes <= fileSize) column.columnIndex = { offset: toNumber(from), bytes };
        return column;
      }),
    };
  });
  const pieces = cut(rowGroups);
  const events = pieces.at(-1)?.end ?? 0;
  if (events !== toNumber(metadata.num_rows)) throw new Corrupt('row groups and file differ in their number of events');
  const leaves = columns.flatMap((column, index) => ('leaf' in column && !unsupported.has(index) ? [column.leaf] : []));
  return {
    events,
    rowGroups,
    pieces,
    leaves,
    unsupported: [...unsupported].map(([index, reason]) => ({ name: columns[index]!.name, reason })),
  };
}

function cut(rowGroups: RowGroup[]): Piece[] {
  const pieces: Piece[] = [];
  let begin = 0;
  rowGroups.forEach(({ events }, rowGroup) => {
    const step = events > WHOLE_EVENTS ? PIECE_EVENTS : events;
    for (let from = 0; from < events; from += step) {
      const to = Math.min(events, from + step);
      pieces.push({ begin: begin + from, end: begin + to, rowGroup, from, to });
    }
    begin += events;
  });
  return pieces;
}

function unsupportedCodec(meta: ColumnMetaData | undefined): string | undefined {
  if (!meta) return 'it is encrypted';
  return isSupportedCodec(meta.codec) ? undefined : `compression ${meta.codec} is not supported`;
}

function columnChunk(meta: ColumnMetaData, fileSize: number): ColumnChunk {
  const first = toNumber(meta.data_page_offset);
  // Some writers leave 0 where there is no dictionary.
  const dictionary = toNumber(meta.dictionary_page_offset ?? 0n);
  const offset = dictionary > 0 ? Math.min(dictionary, first) : first;
  const bytes = toNumber(meta.total_compressed_size);
  if (offset + bytes > fileSize) throw new Corrupt('a column runs past the end of the file');
  return {
    offset,
    bytes,
    uncompressedBytes: toNumber(meta.total_uncompressed_size),
    codec: meta.codec,
    entries: toNumber(meta.num_values),
    offsetIndex: undefined,
  };
}

function toNumber(value: bigint): number {
  const number = Number(value);
  if (!(number >= 0 && number <= Number.MAX_SAFE_INTEGER)) throw new Corrupt(`a size of ${value}`);
  return number;
}
