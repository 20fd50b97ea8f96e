import { type ColumnData, VALUE_ARRAYS } from '../../../../core/schema/column.ts';
import type { ByteRange, ByteSource } from '../../../io/byteSource.ts';
import { readRanges } from '../../../io/coalesce.ts';
import { cancelled } from '../../../io/errors.ts';
import { nextTurn } from '../../../schedule/slices.ts';
import { asFormatError, Corrupt, formatError } from '../../errors.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { unpackLent } from '../unpack.ts';
import type { ChecksumTest } from './checksum.ts';
import { type NTupleColumn, type Stored, storedOf } from './columns.ts';
import { COLUMN_TYPES } from './columnTypes.ts';
import type { ColumnRecord } from './description.ts';
import { decodeIndexes, decodeNumbers, type PageSlice, pageLength } from './elements.ts';
import { MOST_INFLATION } from './envelope.ts';
import type { ElementKernels } from './kernels/elementKernels.ts';
import { type Cluster, type PageRun, pageOf } from './pageList.ts';
import { type Answer, convert, type Ends, readColumn, type Want } from './readColumn.ts';

/** Decoding lets the thread hear a cancel this often. */
const TURN_MS = 15;
const CHECKSUM_BYTES = 8;
const NO_PAGES: PageRun = { from: 0, to: 0, elements: 0 };

/** Some events of a cluster. */
export interface ClusterPart {
  cluster: Cluster;
  from: number;
  to: number;
}

/** A want, and the pages that answer it. */
interface Located {
  want: Want;
  column: number;
  /** Elements before the first page, which are all 0: the column was added later. */
  zeros: number;
  /** First page, and one past the last. */
  pages: readonly [number, number];
}

/** What reading any part of an ntuple takes. */
export interface NTupleData {
  source: ByteSource;
  /** Physical columns. */
  columns: readonly ColumnRecord[];
  maxKeyBytes: number;
  matches: ChecksumTest;
  kernels: ElementKernels;
  unpackers: Kernels;
}

/** Fetches and decodes columns of some events. @throws LumiscopeError `format` with the column, `source`, `cancelled` */
export async function readPart(
  data: NTupleData,
  { cluster, from, to }: ClusterPart,
  columns: readonly NTupleColumn[],
  signal?: AbortSignal,
): Promise<ColumnData[]> {
  const reading = new PartReading(data, cluster, signal);
  // All pages of a whole cluster are known before any is read.
  if (from === 0 && to === cluster.events) await reading.fetchAll(columns);
  return reading.run(columns, from, to);
}

/** The physical column that has the elements of a cluster. */
export function activeColumn(stored: Stored, { runs }: Cluster): number {
  return stored.find((column) => runs[column]) ?? stored[0]!;
}

/** The ranges that `readPart` fetches, of a whole cluster; undefined of a part, which shows as it is read. */
export function rangesOf(
  { cluster, from, to }: ClusterPart,
  columns: readonly NTupleColumn[],
): ByteRange[] | undefined {
  if (from !== 0 || to !== cluster.events) return undefined;
  const { offsets, bytes, checksums } = cluster.table;
  return [...pagesOf(cluster, columns).keys()].map((page) => [
    offsets[page]!,
    bytes[page]! + (checksums[page] ? CHECKSUM_BYTES : 0),
  ]);
}

/** All pages of some columns, by their number, with a column that each is for. */
function pagesOf(cluster: Cluster, columns: readonly NTupleColumn[]): Map<number, string> {
  const pages = new Map<number, string>();
  for (const column of columns) {
    for (const stored of storedOf(column)) {
      const { from, to } = cluster.runs[activeColumn(stored, cluster)] ?? NO_PAGES;
      for (let page = from; page < to; page++) pages.set(page, column.info.name);
    }
  }
  return pages;
}

class PartReading {
  readonly #data: NTupleData;
  readonly #cluster: Cluster;
  readonly #signal: AbortSignal | undefined;
  /** Pages as they are stored, by their number. */
  readonly #fetched = new Map<number, Uint8Array>();
  /** Columns of one collection share their lists. */
  readonly #ends = new Map<string, Ends>();
  #heard = performance.now();

  constructor(data: NTupleData, cluster: Cluster, signal: AbortSignal | undefined) {
    this.#data = data;
    this.#cluster = cluster;
    this.#signal = signal;
  }

  /** All pages of some columns, with few requests. */
  async fetchAll(columns: readonly NTupleColumn[]): Promise<void> {
    await this.#fetch(pagesOf(this.#cluster, columns));
  }

  /** Steps all columns together, so that what they ask for next is fetched together. */
  async run(columns: readonly NTupleColumn[], from: number, to: number): Promise<ColumnData[]> {
    const readings = columns.map((column) => readColumn(column, from, to));
    const results = new Array<ColumnData>(columns.length);
    const answers = new Array<Answer>(columns.length);
    for (let asking = columns.map((_, i) => i); asking.length > 0; ) {
      const asked: { i: number; located: Located }[] = [];
      for (const i of asking) {
        this.#guard(columns[i]!, () => {
          const { done, value } = readings[i]!.next(answers[i]!);
          if (done) results[i] = value;
          else asked.push({ i, located: this.#locate(value) });
        });
      }
      const missing = new Map<number, string>();
      for (const { i, located } of asked) {
        for (let page = located.pages[0]; page < located.pages[1]; page++) missing.set(page, columns[i]!.info.name);
      }
      await this.#fetch(missing);
      for (const { i, located } of asked) {
        try {
          answers[i] = await this.#answer(located);
        } catch (cause) {
          throw asFormatError(cause, this.#data.source.url, columns[i]!.info.name);
        }
      }
      asking = asked.map(({ i }) => i);
    }
    return results;
  }

  /** Fetches pages that are not there yet. @param pages the column that each is for, for what is said of damaged ones */
  async #fetch(pages: ReadonlyMap<number, string>): Promise<void> {
    const { offsets, bytes, checksums } = this.#cluster.table;
    const missing = [...pages.keys()].filter((page) => !this.#fetched.has(page));
    const ranges = missing.map((page): ByteRange => {
      const length = bytes[page]! + (checksums[page] ? CHECKSUM_BYTES : 0);
      const { url, size } = this.#data.source;
      const column = pages.get(page);
      if (offsets[page]! + length > size) {
        const cause = new Corrupt('a page lies past the end of the file, which may be cut short');
        throw asFormatError(cause, url, column);
      }
      if (this.#data.maxKeyBytes > 0 && bytes[page]! > this.#data.maxKeyBytes)
        throw formatError(url, "can't be read: a page is spread over several keys", 'write it with smaller pages', {
          ...(column !== undefined && { column }),
        });
      return [offsets[page]!, length];
    });
    const fetched = await readRanges(this.#data.source, ranges, this.#signal);
    missing.forEach((page, i) => {
      this.#fetched.set(page, fetched[i]!);
    });
  }

  /** @throws Corrupt where a column has fewer elements than it should, or a page claims more than it can hold */
  #locate(want: Want): Located {
    const { stored, from, to, perEvent } = want;
    const column = activeColumn(stored, this.#cluster);
    const run = this.#cluster.runs[column] ?? NO_PAGES;
    const { firstEvent, events, table } = this.#cluster;
    const first = this.#data.columns[column]!.firstElement;
    const all = events * (perEvent ?? 0);
    const zeros = Math.max(0, Math.min(all, first - firstEvent * (perEvent ?? 0)));
    const due = perEvent === undefined ? to : all;
    if (perEvent === undefined ? run.elements < due : run.elements + zeros !== due)
      throw new Corrupt(`a cluster has ${run.elements + zeros} elements instead of ${due}`);
    // The end of a list is where the next one begins.
    const begin = Math.max(0, from - zeros - (want.as === 'ends' ? 1 : 0));
    const end = to - zeros;
    if (end <= begin || to <= from) return { want, column, zeros, pages: [0, 0] };
    const pages = [pageOf(table, run, begin), pageOf(table, run, end - 1) + 1] as const;
    // Before there is room made for what they hold.
    for (let page = pages[0]; page < pages[1]; page++) {
      const length = pageLength(this.#data.columns[column]!, table.elements[page]!);
      const size = table.bytes[page]!;
      if (length > MOST_INFLATION * size) throw new Corrupt(`a page of ${size} bytes claims to hold ${length}`);
    }
    return { want, column, zeros, pages };
  }

  async #answer(located: Located): Promise<Answer> {
    const { want, column } = located;
    const { from, to, as } = want;
    const { kernels } = this.#data;
    const record = this.#data.columns[column]!;
    if (as === 'ends') return this.#answerEnds(located, record);
    if (as === 'bytes') {
      const bytes = new Int8Array(to - from);
      await this.#decode(located, record, from, (page, at) => decodeNumbers(kernels, record, page, bytes, at));
      return new Uint8Array(bytes.buffer);
    }
    const { name, native } = COLUMN_TYPES[record.type]!;
    // Quantised values are computed in double precision, whatever they are for.
    const stored = name === 'Real32Quant' ? 'float64' : (native as Exclude<typeof native, 'index' | 'switch'>);
    const values = new VALUE_ARRAYS[stored](to - from);
    await this.#decode(located, record, from, (page, at) => decodeNumbers(kernels, record, page, values, at));
    return convert(values, stored, as);
  }

  async #answerEnds(located: Located, record: ColumnRecord): Promise<Ends> {
    const { from, to } = located.want;
    const { kernels } = this.#data;
    const key = `${located.column} ${from} ${to}`;
    const known = this.#ends.get(key);
    if (known) return known;
    // With the end of what comes before: of the first of all it is 0.
    const before = from > 0 ? 1 : 0;
    const offsets = new Uint32Array(to - from + 1);
    if (to > from) {
      const begin = from - before;
      await this.#decode(located, record, begin, (page, at) =>
        decodeIndexes(kernels, record, page, offsets, at + 1 - before),
      );
    }
    const base = offsets[0]!;
    for (let i = 0, last = base; i < offsets.length; i++) {
      const end = offsets[i]!;
      if (end < last) throw new Corrupt('a list ends before it begins');
      last = end;
      offsets[i] = end - base;
    }
    const ends = { offsets, base };
    this.#ends.set(key, ends);
    return ends;
  }

  /** Unpacks pages, and has their elements from `begin` of the cluster on written to their places. */
  async #decode(
    { want, zeros, pages }: Located,
    record: ColumnRecord,
    begin: number,
    write: (page: PageSlice, at: number) => void,
  ): Promise<void> {
    const { firsts, elements } = this.#cluster.table;
    for (let page = pages[0]; page < pages[1]; page++) {
      const first = firsts[page]! + zeros;
      const count = elements[page]!;
      const [from, to] = [Math.max(0, begin - first), Math.min(count, want.to - first)];
      if (to <= from) continue;
      write({ bytes: this.#unpacked(page, pageLength(record, count)), count, from, to }, first + from - begin);
      await this.#pause();
    }
  }

  /** Until the next page is. */
  #unpacked(page: number, length: number): Uint8Array {
    const { bytes, checksums } = this.#cluster.table;
    const stored = this.#fetched.get(page)!;
    const size = bytes[page]!;
    const packed = stored.subarray(0, size);
    if (checksums[page] && !this.#data.matches(packed, stored.subarray(size)))
      throw new Corrupt('the checksum of a page differs');
    return unpackLent(this.#data.unpackers, packed, length);
  }

  async #pause(): Promise<void> {
    if (performance.now() - this.#heard > TURN_MS) {
      await nextTurn();
      this.#heard = performance.now();
    }
    if (this.#signal?.aborted) throw cancelled();
  }

  /** Runs a decoder; what it throws gets the names of file and column. */
  #guard({ info }: NTupleColumn, work: () => void): void {
    try {
      work();
    } catch (cause) {
      throw asFormatError(cause, this.#data.source.url, info.name);
    }
  }
}
