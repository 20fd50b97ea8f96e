import { LumiscopeError } from '../../core/errors.ts';
import type { ColumnData, ColumnInfo } from '../../core/schema/column.ts';
import type { EventFile, FileSummary, OpenEventFile } from '../formats/eventFile.ts';
import type { ByteSource, FileAddress } from '../io/byteSource.ts';
import type { OpenOptions } from '../io/openOptions.ts';
import type { OpenedSource } from '../io/openSource.ts';

/** What a made-up file does when it is read. */
export interface FakeBehaviour {
  chunks?: number;
  eventsPerChunk?: number;
  /** Milliseconds that reading a chunk takes. */
  delay?: number;
  /** A column that this file has not. */
  lacks?: string;
  /** Chunks in a row that share bytes. */
  groupSize?: number;
  /** Called before each chunk is read; throws to make it fail. */
  onRead?: (chunk: number, columns: readonly string[]) => void;
}

const COLUMNS: ColumnInfo[] = [
  { name: 'x', type: 'float64', depth: 0, nullable: false },
  { name: 'w', type: 'float64', depth: 0, nullable: false },
  { name: 'Muon_pt', type: 'float32', depth: 1, nullable: false },
];

/**
 * Made-up files by name, for tests of what goes on between threads: each read of a column is one request
 * of 1000 bytes, and the footer is one of 100. Weights have both signs.
 */
export class FakeFiles {
  readonly #behaviours: Record<string, FakeBehaviour>;
  /** Every read of every thread, in order: `name/chunk/column`. */
  readonly reads: string[] = [];
  /** By which opened file, in the order of `reads`: each worker opens its own. */
  readonly readers: number[] = [];
  /** Footers that were read. */
  footers = 0;
  #opened = 0;

  constructor(behaviours: Record<string, FakeBehaviour>) {
    this.#behaviours = behaviours;
  }

  address(name: string): FileAddress {
    return { kind: 'path', path: name };
  }

  readonly openSource = async (address: FileAddress, { counter }: OpenOptions): Promise<OpenedSource> => {
    const name = (address as { path: string }).path;
    if (!this.#behaviours[name])
      throw new LumiscopeError('source', `${name} does not exist`, { place: { file: name } });
    const source: ByteSource = {
      url: name,
      size: 1e6,
      etag: 'v1',
      read: async (_offset, length) => {
        counter.bytes += length;
        counter.requests++;
        if (length === 100) this.footers++;
        return new Uint8Array(length);
      },
    };
    return { source, file: { address, size: source.size, etag: source.etag } };
  };

  readonly openEventFile: OpenEventFile = async (source, file): Promise<EventFile> => {
    const { chunks = 1, eventsPerChunk = 100, delay = 0, groupSize, lacks, onRead } = this.#behaviours[source.url]!;
    await source.read(source.size - 100, 100);
    const present = COLUMNS.filter(({ name }) => name !== lacks);
    const reader = this.#opened++;
    const summary: FileSummary = {
      file,
      format: 'parquet',
      events: chunks * eventsPerChunk,
      columns: present,
      chunks: Array.from({ length: chunks }, (_, index) => ({
        begin: index * eventsPerChunk,
        end: (index + 1) * eventsPerChunk,
        ...(groupSize && { group: Math.floor(index / groupSize) }),
      })),
      columnBytes: new Float64Array(present.length * chunks).fill(1000),
      columnRanges: new Float64Array(2 * present.length).fill(Number.NaN),
      metadata: {},
      unsupported: [],
    };
    return {
      summary,
      readChunk: async (chunk, columns, signal) => {
        onRead?.(chunk, columns);
        if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay * (1 + ((chunk * 7) % 5) / 4)));
        if (signal?.aborted) throw new LumiscopeError('cancelled', 'cancelled');
        return Promise.all(
          columns.map(async (column) => {
            this.readers.push(reader);
            this.reads.push(`${source.url}/${chunk}/${column}`);
            await source.read(0, 1000, signal);
            return columnOf(column, chunk, eventsPerChunk);
          }),
        );
      },
    };
  };
}

/** Numbers without a pattern that sums could hide behind, the same for the same seed. */
function noise(seed: number): number {
  const x = Math.sin(seed * 12.9898 + 78.233) * 43758.5453;
  return x - Math.floor(x);
}

function columnOf(name: string, chunk: number, events: number): ColumnData {
  const seed = chunk * events * 10;
  if (name !== 'Muon_pt') {
    const values = Float64Array.from({ length: events }, (_, i) =>
      name === 'x' ? noise(seed + i) : (noise(seed + i + 0.5) - 0.3) * 10 ** (12 * noise(seed + i + 0.25) - 6),
    );
    return { type: 'float64', length: events, offsets: [], values };
  }
  const offsets = Uint32Array.from({ length: events + 1 }, (_, i) => Math.floor((i * 3) / 2));
  return {
    type: 'float32',
    length: events,
    offsets: [offsets],
    values: Float32Array.from({ length: offsets[events]! }, (_, i) => 100 * noise(seed + i)),
  };
}
