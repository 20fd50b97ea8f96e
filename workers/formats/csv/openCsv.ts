import { type ColumnData, VALUE_BYTES } from '../../../core/schema/column.ts';
import type { ByteSource, PinnedFile } from '../../io/byteSource.ts';
import { readRanges } from '../../io/coalesce.ts';
import { cancelled } from '../../io/errors.ts';
import { nextTurn } from '../../schedule/slices.ts';
import { asFormatError, Corrupt, formatError } from '../errors.ts';
import type { EventFile, FileSummary } from '../eventFile.ts';
import { CellPlaces } from './cells.ts';
import { type CsvIndex, indexCsv } from './csvIndex.ts';
import { decodeCells, WrongCell } from './decodeCells.ts';
import { RowReader } from './rows.ts';

/** Larger ones are better converted once: they are read whole at each opening. */
const MOST_BYTES = 4e9;

/**
 * Opens a file of separated values: reads all of it once, which tells where its lines are and what its columns hold.
 * @param index what an opening before found out, in another thread
 * @throws LumiscopeError `format` with the line, `limit`, `source`, `cancelled`
 */
export async function openCsv(
  source: ByteSource,
  file: PinnedFile,
  signal?: AbortSignal,
  index?: CsvIndex,
): Promise<EventFile> {
  const { url } = source;
  if (source.size === 0) throw formatError(url, 'the file is empty', 'copy or download it again');
  if (source.size > MOST_BYTES) {
    throw formatError(url, 'CSV files of more than 4 GB are not read', 'convert it to Parquet');
  }
  try {
    return new CsvFile(source, file, index ?? (await indexCsv(source, signal)));
  } catch (error) {
    if (!(error instanceof Corrupt)) throw asFormatError(error, url);
    throw formatError(url, `can't be read as CSV: ${error.message}`, 'mend the file, or write it anew', {
      cause: error,
    });
  }
}

class CsvFile implements EventFile {
  readonly summary: FileSummary;
  readonly index: CsvIndex;
  readonly #source: ByteSource;

  constructor(source: ByteSource, file: PinnedFile, index: CsvIndex) {
    const { columns, events, shares, ranges } = index;
    this.#source = source;
    this.index = index;
    const chunks = index.chunks.map(({ begin }, i) => ({ begin, end: index.chunks[i + 1]?.begin ?? events }));
    // Of a packed file, the offsets are those of what it unpacks to.
    const bytes = chunks.map((_, chunk) => (this.#span(chunk)[1] * file.size) / source.size);
    this.summary = {
      file,
      format: 'csv',
      events,
      columns,
      chunks,
      columnBytes: Float64Array.from(columns.flatMap((_, k) => bytes.map((all) => all * shares[k]!))),
      columnRanges: ranges,
      chunkBounds: index.bounds,
      rowWise: true,
      metadata: {},
      unsupported: [],
    };
  }

  async readChunk(chunk: number, names: readonly string[], signal?: AbortSignal): Promise<ColumnData[]> {
    const place = this.summary.chunks[chunk];
    if (!place) throw new RangeError(`chunk ${chunk} of ${this.summary.chunks.length}`);
    const { columns } = this.index;
    const wanted = names.map((name) => columns.findIndex((column) => column.name === name));
    const unknown = names[wanted.indexOf(-1)];
    const { url } = this.#source;
    if (unknown !== undefined) {
      throw formatError(url, 'there is no such column', 'check its spelling', { column: unknown });
    }
    const [bytes] = (await readRanges(this.#source, [this.#span(chunk)], signal)) as [Uint8Array];
    const cells = new CellPlaces(wanted, place.end - place.begin);
    this.#rows(bytes, (rows) => {
      if (rows.kind === 'data') cells.add(rows);
      return true;
    });
    const results: ColumnData[] = [];
    for (const [k, at] of wanted.entries()) {
      await nextTurn();
      if (signal?.aborted) throw cancelled();
      try {
        results.push(decodeCells(columns[at]!.type, bytes, cells, k));
      } catch (error) {
        if (!(error instanceof WrongCell)) throw error;
        throw this.#wrongCell(error, columns[at]!.name, columns[at]!.type, chunk, bytes);
      }
    }
    return results;
  }

  /** `[offset, length]` of a chunk. */
  #span(chunk: number): [number, number] {
    const { chunks } = this.index;
    const { offset } = chunks[chunk]!;
    return [offset, (chunks[chunk + 1]?.offset ?? this.#source.size) - offset];
  }

  /** Goes through the rows of a chunk while `take` says so. */
  #rows(bytes: Uint8Array, take: (rows: RowReader) => boolean): void {
    const rows = new RowReader(this.index.separator, this.index.columns.length);
    for (let at = 0; at < bytes.length; ) {
      at = rows.next(bytes, at, true);
      if (!take(rows)) return;
    }
  }

  #wrongCell({ row, text }: WrongCell, column: string, type: string, chunk: number, bytes: Uint8Array) {
    let { line } = this.index.chunks[chunk]!;
    let left = row;
    this.#rows(bytes, (rows) => {
      if (rows.kind === 'data' && left-- === 0) return false;
      line += rows.lines;
      return true;
    });
    const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    const what = type === 'bool' ? 'neither true nor false' : `no ${KINDS[type] ?? 'number'}`;
    const hint = `mend the cell, leave it empty where the value is missing, or write ${column}:string into the header`;
    return formatError(this.#source.url, `line ${line}: "${shown}" is ${what}`, hint, { column });
  }
}

const KINDS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(VALUE_BYTES)
    .filter(([type]) => /int/.test(type))
    .map(([type, bytes]) => [type, `integer of ${8 * bytes} bits${type.startsWith('u') ? ' without sign' : ''}`]),
);
