import type { ColumnData } from '../../../core/schema/column.ts';
import type { ByteRange, ByteSource } from '../../io/byteSource.ts';
import { readRanges } from '../../io/coalesce.ts';
import { cancelled } from '../../io/errors.ts';
import { nextTurn } from '../../schedule/slices.ts';
import { ByteCache } from '../byteCache.ts';
import { loadCodec } from '../codecs.ts';
import { asFormatError, Corrupt, formatError, UnsupportedEncoding } from '../errors.ts';
import { decodeColumn, type EncodedColumn } from './decodeColumn.ts';
import type { ColumnChunk, Layout, Piece } from './layout.ts';
import { ENCODING_NAMES } from './pageHeader.ts';
import { type PageTable, pagesOfRows, tableByScan, tableOfOffsetIndex } from './pageTable.ts';
import type { Leaf } from './schema.ts';

/** Compressed bytes kept of row groups that are read in pieces. */
const CACHE_BYTES = 64e6;
/** Decoding lets the thread hear a cancel this often. */
const TURN_MS = 15;

const EMPTY = new Uint8Array(0);

/** A column of a row group, on its way from bytes to values. */
interface Wanted {
  leaf: Leaf;
  chunk: ColumnChunk;
  key: string;
}

/** Fetches and decodes columns of pieces of row groups. */
export class PieceReader {
  readonly source: ByteSource;
  readonly #layout: Layout;
  readonly #cache = new ByteCache(CACHE_BYTES);
  readonly #tables = new Map<string, PageTable>();

  constructor(source: ByteSource, layout: Layout) {
    this.source = source;
    this.#layout = layout;
  }

  /** @throws LumiscopeError `format` with the column, `source`, `cancelled` */
  async read(piece: Piece, leaves: Leaf[], signal?: AbortSignal): Promise<ColumnData[]> {
    const { events, columns } = this.#layout.rowGroups[piece.rowGroup]!;
    const wanted = leaves.map(
      (leaf): Wanted => ({ leaf, chunk: columns[leaf.index]!, key: `${piece.rowGroup}/${leaf.index}` }),
    );
    const whole = piece.to - piece.from === events;
    const encoded = whole ? await this.#readWhole(wanted, events, signal) : await this.#readPart(wanted, piece, signal);
    const results: ColumnData[] = [];
    let heard = performance.now();
    for (const column of encoded) {
      if (performance.now() - heard > TURN_MS) {
        await nextTurn();
        heard = performance.now();
      }
      if (signal?.aborted) throw cancelled();
      results.push(this.#guarded(column.leaf, () => decodeColumn(column, piece.from, piece.to)));
    }
    return results;
  }

  /** As of an `EventFile`. A part of a row group is known once the index of its pages is read. */
  ranges(piece: Piece, leaves: Leaf[]): ByteRange[] | undefined {
    const { events, columns } = this.#layout.rowGroups[piece.rowGroup]!;
    if (piece.to - piece.from === events)
      return leaves.map(({ index }): ByteRange => [columns[index]!.offset, columns[index]!.bytes]);
    const wanted = leaves.map(
      (leaf): Wanted => ({ leaf, chunk: columns[leaf.index]!, key: `${piece.rowGroup}/${leaf.index}` }),
    );
    if (wanted.some(({ key }) => !this.#tables.has(key))) return undefined;
    return wanted.flatMap((column) => {
      const { dictionaryBytes, pages } = this.#places(column, piece);
      const { offset } = column.chunk;
      return [
        [offset, dictionaryBytes],
        [offset + pages[0], pages[1]],
      ] satisfies ByteRange[];
    });
  }

  async #readWhole(wanted: Wanted[], rows: number, signal?: AbortSignal): Promise<EncodedColumn[]> {
    const parts = await readRanges(
      this.source,
      wanted.map(({ chunk }): ByteRange => [chunk.offset, chunk.bytes]),
      signal,
    );
    return Promise.all(
      wanted.map(async ({ leaf, chunk }, i) => {
        const decompress = await loadCodec(chunk.codec);
        return { leaf, chunk, decompress, parts: [parts[i]!], rows, rowsBefore: 0 };
      }),
    );
  }

  /** Only the pages that hold the piece, and the dictionary, which is kept for the next piece. */
  async #readPart(wanted: Wanted[], piece: Piece, signal?: AbortSignal): Promise<EncodedColumn[]> {
    await this.#loadTables(wanted, signal);
    const { events } = this.#layout.rowGroups[piece.rowGroup]!;
    const missing: ByteRange[] = [];
    const plans = wanted.map((column) => {
      const { key, chunk } = column;
      const { dictionaryBytes, pages, rowsBefore } = this.#places(column, piece);
      const whole = this.#cache.get(key);
      const part = ([offset, length]: ByteRange, held = whole?.subarray(offset, offset + length)) => {
        const fetched = held || length === 0 ? -1 : missing.push([chunk.offset + offset, length]) - 1;
        return { held: held ?? EMPTY, fetched };
      };
      const parts = [part([0, dictionaryBytes], this.#cache.get(dictionaryKey(key))), part(pages)];
      return { ...column, rowsBefore, parts };
    });
    const fetched = await readRanges(this.source, missing, signal);
    return Promise.all(
      plans.map(async ({ leaf, chunk, key, rowsBefore, parts: planned }) => {
        const parts = planned.map((part) => fetched[part.fetched] ?? part.held);
        this.#cache.put(dictionaryKey(key), parts[0]!);
        return { leaf, chunk, decompress: await loadCodec(chunk.codec), parts, rows: events, rowsBefore };
      }),
    );
  }

  #places({ leaf, key }: Wanted, { from, to }: Piece) {
    return this.#guarded(leaf, () => {
      const { dictionaryBytes, pages } = this.#tables.get(key)!;
      const [begin, end] = pagesOfRows(pages, from, to);
      const first = pages[begin];
      const last = pages[end - 1];
      if (!first || !last) throw new Corrupt('there are no pages');
      const range: ByteRange = [first.offset, last.offset + last.bytes - first.offset];
      return { dictionaryBytes, pages: range, rowsBefore: first.rowsBefore };
    });
  }

  async #loadTables(wanted: Wanted[], signal?: AbortSignal): Promise<void> {
    const unknown = wanted.filter(({ key }) => !this.#tables.has(key));
    const ranges = unknown.map(({ chunk }): ByteRange => {
      const { offsetIndex } = chunk;
      return offsetIndex ? [offsetIndex.offset, offsetIndex.bytes] : [chunk.offset, chunk.bytes];
    });
    const fetched = await readRanges(this.source, ranges, signal);
    for (const [i, { leaf, chunk, key }] of unknown.entries()) {
      const bytes = fetched[i]!;
      const decompress = await loadCodec(chunk.codec);
      const table = this.#guarded(leaf, () =>
        chunk.offsetIndex ? tableOfOffsetIndex(bytes, chunk) : tableByScan(bytes, leaf, chunk.entries, decompress),
      );
      this.#tables.set(key, table);
      if (!chunk.offsetIndex) this.#cache.put(key, bytes);
    }
  }

  /** Runs a decoder; what it throws gets the names of file and column. */
  #guarded<T>({ name: column }: Leaf, work: () => T): T {
    const { url } = this.source;
    try {
      return work();
    } catch (cause) {
      if (!(cause instanceof UnsupportedEncoding)) throw asFormatError(cause, url, column);
      const name = ENCODING_NAMES[cause.encoding] ?? `number ${cause.encoding}`;
      const hint = 'write the file with dictionary or plain encoding';
      throw formatError(url, `encoding ${name} is not supported for its values`, hint, { column });
    }
  }
}

function dictionaryKey(key: string): string {
  return `${key}/dictionary`;
}
