/** Where the rows of a file of separated values are, and what its columns hold: found by reading all of it once. */
import type { ColumnInfo } from '../../../core/schema/column.ts';
import type { ByteSource } from '../../io/byteSource.ts';
import { cancelled } from '../../io/errors.ts';
import { nextTurn } from '../../schedule/slices.ts';
import { Corrupt } from '../errors.ts';
import { CellPlaces } from './cells.ts';
import { type Header, readHeader } from './header.ts';
import { RowReader, WrongRow } from './rows.ts';
import { ColumnSurvey } from './survey.ts';

/** Plain data, which crosses thread borders. */
export interface CsvIndex {
  separator: number;
  columns: ColumnInfo[];
  /** Of each chunk: its first event, where it begins in the file, and the number of its first line. */
  chunks: { begin: number; offset: number; line: number }[];
  events: number;
  /** Share of the bytes that are each column's. */
  shares: Float64Array;
  /** Smallest and largest value of each column. */
  ranges: Float64Array;
  /** Bounds of columns of numbers in each chunk. */
  bounds: Map<string, Float64Array>;
}

/** Chunks end after this many events, or the event with which they reach so many bytes. Results depend on these numbers. */
const CHUNK_EVENTS = 131_072;
const CHUNK_BYTES = 32 * 2 ** 20;
/** Read at a time: a small file whole, so that other threads find it in what was read. */
const BLOCK_BYTES = 32 * 2 ** 20;
/** More can only be an open quote, or no text at all. */
const LONGEST_ROW = 64 * 2 ** 20;
const BATCH_CELLS = 262_144;

/** Reads through the whole file, once. @throws Corrupt, LumiscopeError `source`, `cancelled` */
export async function indexCsv(source: ByteSource, signal?: AbortSignal): Promise<CsvIndex> {
  let indexer: Indexer | undefined;
  let held: Uint8Array = new Uint8Array(0);
  for (let offset = 0; offset < source.size; ) {
    const length = Math.min(BLOCK_BYTES, source.size - offset);
    const block = await source.read(offset, length, signal);
    const bytes = joined(held, block);
    const begin = offset - held.length;
    offset += length;
    const last = offset === source.size;
    let at = 0;
    if (!indexer) {
      const header = readHeader(bytes, last);
      indexer = new Indexer(header, header.end);
      at = header.end;
    }
    for (let next = indexer.take(bytes, at, begin, last); next > at; next = indexer.take(bytes, at, begin, last)) {
      at = next;
      await nextTurn();
      if (signal?.aborted) throw cancelled();
    }
    held = bytes.subarray(at);
    if (held.length > LONGEST_ROW) throw new Corrupt(`line ${indexer.line} does not end: is a quote not closed?`);
  }
  return indexer!.finish();
}

class Indexer {
  readonly #header: Header;
  readonly #rows: RowReader;
  readonly #cells: CellPlaces;
  readonly #surveys: ColumnSurvey[];
  readonly #chunks: CsvIndex['chunks'];
  #events = 0;
  /** Of the row that comes next. */
  line: number;

  constructor(header: Header, offset: number) {
    const { columns, separator, line } = header;
    this.#header = header;
    this.line = line;
    this.#rows = new RowReader(separator, columns.length);
    const rows = Math.max(1, Math.floor(BATCH_CELLS / columns.length));
    this.#cells = new CellPlaces([...columns.keys()], rows);
    this.#surveys = columns.map(() => new ColumnSurvey());
    this.#chunks = [{ begin: 0, offset, line }];
  }

  /**
   * Takes some of the whole rows of `bytes[at…]`, which begin at byte `begin` of the file: what takes some milliseconds.
   * @returns where the next one begins
   */
  take(bytes: Uint8Array, at: number, begin: number, last: boolean): number {
    const { columns } = this.#header;
    const rows = this.#rows;
    while (at < bytes.length) {
      const next = this.#next(bytes, at, last);
      if (next < 0) break;
      if (rows.kind === 'data') {
        if (rows.cells !== columns.length) {
          throw new Corrupt(`line ${this.line} has ${rows.cells} cells, the header ${columns.length}`);
        }
        const chunk = this.#chunks.at(-1)!;
        if (this.#events - chunk.begin === CHUNK_EVENTS || begin + at - chunk.offset >= CHUNK_BYTES) {
          this.#survey(bytes);
          this.#endChunk();
          this.#chunks.push({ begin: this.#events, offset: begin + at, line: this.line });
        }
        this.#cells.add(rows);
        this.#events++;
      }
      this.line += rows.lines;
      at = next;
      if (this.#cells.full) break;
    }
    this.#survey(bytes);
    return at;
  }

  finish(): CsvIndex {
    const surveys = this.#surveys;
    const columns = this.#header.columns.map(({ name, type: said }, k): ColumnInfo => {
      const type = said ?? surveys[k]!.type();
      return { name, type, depth: 0, nullable: surveys[k]!.nullable(type) };
    });
    this.#endChunk();
    const bounds = columns.flatMap(({ name, type }, k) => {
      const own = surveys[k]!.bounds(type);
      return own && this.#events > 0 ? [[name, own] as const] : [];
    });
    const total = surveys.reduce((sum, { bytes }) => sum + bytes, 0);
    return {
      separator: this.#header.separator,
      columns,
      chunks: this.#events > 0 ? this.#chunks : [],
      events: this.#events,
      shares: Float64Array.from(surveys, ({ bytes }) => (total > 0 ? bytes / total : 0)),
      ranges: Float64Array.from(
        columns.flatMap(({ type }, k) => (type === 'string' ? [Number.NaN, Number.NaN] : surveys[k]!.range())),
      ),
      bounds: new Map(bounds),
    };
  }

  #next(bytes: Uint8Array, at: number, last: boolean): number {
    try {
      return this.#rows.next(bytes, at, last);
    } catch (error) {
      if (!(error instanceof WrongRow)) throw error;
      const name = this.#header.columns[error.cell]?.name ?? `number ${error.cell + 1}`;
      throw new Corrupt(`line ${this.line}, column ${name}: ${error.message}`);
    }
  }

  #endChunk(): void {
    for (const survey of this.#surveys) survey.endChunk();
  }

  /** Before the bytes that the places are of go. */
  #survey(bytes: Uint8Array): void {
    this.#surveys.forEach((survey, k) => {
      survey.add(bytes, this.#cells, k);
    });
    this.#cells.clear();
  }
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
