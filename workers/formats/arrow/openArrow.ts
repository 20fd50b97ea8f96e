import type { ColumnData, ColumnInfo } from '../../../core/schema/column.ts';
import type { ByteSource, PinnedFile } from '../../io/byteSource.ts';
import { asFormatError, Corrupt, formatError } from '../errors.ts';
import type { Chunk, EventFile, FileSummary } from '../eventFile.ts';
import { type ArrowLayout, layOutFile, layOutStream } from './arrowLayout.ts';
import { type BatchPart, BatchReader } from './batchReader.ts';
import { buffersOf } from './decodeLeaf.ts';
import type { Leaf } from './fields.ts';

/** As in Parquet: results depend on where chunks end, and these numbers must not change. */
const WHOLE_EVENTS = 262_144;
const PIECE_EVENTS = 131_072;

/** Schemas of writers: of no use to people. */
const BULKY_KEYS = new Set(['pandas', 'ARROW:schema']);

/** A chunk, and which events of which record batch it is. */
interface Piece extends Chunk, BatchPart {}

/**
 * Opens an Arrow file (Feather of version 2 is one) by its footer, or a stream by going through its messages.
 * @throws LumiscopeError `format`, `source`, `cancelled`
 */
export async function openArrow(
  source: ByteSource,
  file: PinnedFile,
  kind: 'file' | 'stream',
  signal?: AbortSignal,
): Promise<EventFile> {
  try {
    const layout = await (kind === 'file' ? layOutFile(source, signal) : layOutStream(source, signal));
    return new ArrowFile(source, file, layout);
  } catch (error) {
    if (!(error instanceof Corrupt)) throw asFormatError(error, source.url);
    const hint = 'copy or download it again, or write it anew';
    throw formatError(source.url, `can't be read as Arrow: ${error.message}`, hint, { cause: error });
  }
}

class ArrowFile implements EventFile {
  readonly summary: FileSummary;
  readonly #source: ByteSource;
  readonly #layout: ArrowLayout;
  readonly #pieces: Piece[];
  readonly #reader: BatchReader;
  readonly #byName: Map<string, Leaf>;

  constructor(source: ByteSource, file: PinnedFile, layout: ArrowLayout) {
    const { leaves, unsupported, metadata } = layout.schema;
    this.#source = source;
    this.#layout = layout;
    this.#pieces = cut(layout);
    this.#reader = new BatchReader(source, layout);
    this.#byName = new Map(leaves.map((leaf) => [leaf.name, leaf]));
    this.summary = {
      file,
      format: 'arrow',
      events: this.#pieces.at(-1)?.end ?? 0,
      columns: leaves.map(
        ({ name, type, depth, nullable, unit }): ColumnInfo => ({ name, type, depth, nullable, ...(unit && { unit }) }),
      ),
      chunks: this.#pieces.map(({ begin, end, group }) => ({ begin, end, ...(group !== undefined && { group }) })),
      columnBytes: this.#columnBytes(),
      columnRanges: new Float64Array(2 * leaves.length).fill(Number.NaN),
      metadata: Object.fromEntries(Object.entries(metadata).filter(([key]) => !BULKY_KEYS.has(key))),
      unsupported,
    };
  }

  async readChunk(chunk: number, columns: readonly string[], signal?: AbortSignal): Promise<ColumnData[]> {
    const piece = this.#pieces[chunk];
    if (!piece) throw new RangeError(`chunk ${chunk} of ${this.#pieces.length}`);
    const leaves = columns.map((name) => this.#leaf(name));
    return this.#reader.read(piece, leaves, signal);
  }

  #leaf(column: string): Leaf {
    const leaf = this.#byName.get(column);
    if (leaf) return leaf;
    const reason = this.summary.unsupported.find(({ name }) => name === column)?.reason;
    throw reason
      ? formatError(this.#source.url, `can't be read: ${reason}`, 'leave it out, or write it with another type', {
          column,
        })
      : formatError(this.#source.url, 'there is no such column', 'check its spelling', { column });
  }

  /** `[column * chunks + chunk]`; a piece of a batch counts in proportion to its events. */
  #columnBytes(): Float64Array {
    const { batches, schema } = this.#layout;
    const all = schema.leaves.flatMap((leaf) => {
      const whole = batches.map((batch) =>
        buffersOf(batch, leaf).reduce((sum, buffer) => sum + batch.buffers[buffer]!.bytes, 0),
      );
      return this.#pieces.map(({ batch, from, to }) => (whole[batch]! * (to - from)) / batches[batch]!.length);
    });
    return Float64Array.from(all);
  }
}

function cut({ batches }: ArrowLayout): Piece[] {
  const pieces: Piece[] = [];
  let begin = 0;
  batches.forEach(({ length, codec }, batch) => {
    const step = length > WHOLE_EVENTS ? PIECE_EVENTS : length;
    for (let from = 0; from < length; from += step) {
      const to = Math.min(length, from + step);
      // Compressed buffers are read whole: one worker does.
      const group = codec && step < length ? { group: batch } : {};
      pieces.push({ begin: begin + from, end: begin + to, batch, from, to, ...group });
    }
    begin += length;
  });
  return pieces;
}
