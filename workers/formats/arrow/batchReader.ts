import { type ColumnData, VALUE_ARRAYS } from '../../../core/schema/column.ts';
import type { ByteRange, ByteSource } from '../../io/byteSource.ts';
import { readRanges } from '../../io/coalesce.ts';
import { cancelled } from '../../io/errors.ts';
import { nextTurn } from '../../schedule/slices.ts';
import { ByteCache } from '../byteCache.ts';
import { type Decompress, loadCodec } from '../codecs.ts';
import { asFormatError, Corrupt } from '../errors.ts';
import type { ArrowLayout } from './arrowLayout.ts';
import { buffersOf, type Decoding, decodeLeaf, type Request } from './decodeLeaf.ts';
import type { Leaf } from './fields.ts';
import type { Batch, BufferCodec } from './message.ts';

/** Decompressed bytes kept of batches that are read in pieces. */
const CACHE_BYTES = 128e6;
/** Decoding lets the thread hear a cancel this often. */
const TURN_MS = 15;
/** Before each compressed buffer: its length when decompressed, or -1 where it is not compressed. */
const LENGTH_BYTES = 8;
/** What a byte may unfold to, and a buffer: more can only be damage. Zstandard writes 128 kB of one byte in four. */
const MOST_INFLATION = 40_000;
const MOST_BYTES = 2 ** 31;

/** Some events of a record batch, by its number. */
export interface BatchPart {
  batch: number;
  from: number;
  to: number;
}

/** Answers requests for the bytes of a batch. */
type Answer = (requests: { column: number; wanted: Request[] }[]) => Promise<Uint8Array[][]>;

/** Fetches and decodes columns of pieces of record batches. */
export class BatchReader {
  readonly #source: ByteSource;
  readonly #layout: ArrowLayout;
  readonly #cache = new ByteCache(CACHE_BYTES);
  readonly #dictionaries = new Map<string, Promise<ColumnData>>();

  constructor(source: ByteSource, layout: ArrowLayout) {
    this.#source = source;
    this.#layout = layout;
  }

  /** @throws LumiscopeError `format` with the column, `source`, `cancelled` */
  async read({ batch: index, from, to }: BatchPart, leaves: Leaf[], signal?: AbortSignal): Promise<ColumnData[]> {
    const batch = this.#layout.batches[index]!;
    const dictionaries = await Promise.all(leaves.map((leaf) => this.#dictionary(leaf, index)));
    const whole = to - from === batch.length;
    const answer =
      whole || batch.codec ? await this.#fromWhole(batch, leaves, !whole, signal) : this.#fromRanges(batch, signal);
    return this.#drive(
      leaves,
      leaves.map((leaf, i) => decodeLeaf(batch, leaf, from, to, dictionaries[i])),
      answer,
      signal,
    );
  }

  /** Steps all columns together, so that what they ask for next is fetched together. */
  async #drive(
    leaves: Leaf[],
    decodings: Decoding<ColumnData>[],
    answer: Answer,
    signal?: AbortSignal,
  ): Promise<ColumnData[]> {
    const results = new Array<ColumnData>(leaves.length);
    const step = (column: number, bytes: Uint8Array[]) =>
      this.#guarded(leaves[column]!, () => {
        const { done, value } = decodings[column]!.next(bytes);
        if (!done) return { column, wanted: value };
        results[column] = value;
        return undefined;
      });
    let asked = leaves.map((_, column) => step(column, [])).filter((one) => one !== undefined);
    while (asked.length > 0) {
      const answers = await answer(asked);
      let heard = performance.now();
      const next: typeof asked = [];
      for (const [i, { column }] of asked.entries()) {
        if (performance.now() - heard > TURN_MS) {
          await nextTurn();
          heard = performance.now();
        }
        if (signal?.aborted) throw cancelled();
        const more = step(column, answers[i]!);
        if (more) next.push(more);
      }
      asked = next;
    }
    return results;
  }

  /** Bytes of an uncompressed batch, as they are asked for. */
  #fromRanges(batch: Batch, signal?: AbortSignal): Answer {
    return async (asked) => {
      const ranges = asked.flatMap(({ wanted }) => wanted.map((one) => rangeOf(batch, one)));
      const fetched = await readRanges(this.#source, ranges, signal);
      let next = 0;
      return asked.map(({ wanted }) => wanted.map(() => fetched[next++]!));
    };
  }

  /** All buffers of some columns, fetched at once. */
  async #fromWhole(batch: Batch, leaves: Leaf[], keep: boolean, signal?: AbortSignal): Promise<Answer> {
    const own = leaves.map((leaf) => this.#guarded(leaf, () => buffersOf(batch, leaf)));
    const all = [...new Set(own.flat())];
    const held = new Map<number, Uint8Array>();
    for (const buffer of all) {
      const known = this.#cache.get(keyOf(batch, buffer));
      if (known) held.set(buffer, known);
    }
    const missing = all.filter((buffer) => !held.has(buffer));
    const ranges = missing.map(
      (buffer): ByteRange => [batch.offset + batch.buffers[buffer]!.offset, batch.buffers[buffer]!.bytes],
    );
    const fetched = await readRanges(this.#source, ranges, signal);
    const decompress = batch.codec && (await loadCodec(CODECS[batch.codec]));
    const packed = new Map(missing.map((buffer, i) => [buffer, fetched[i]!]));
    const bytesOf = (buffer: number): Uint8Array => {
      const known = held.get(buffer);
      if (known) return known;
      const stored = packed.get(buffer)!;
      const bytes = decompress ? inflate(stored, decompress) : stored;
      held.set(buffer, bytes);
      if (keep) this.#cache.put(keyOf(batch, buffer), bytes);
      return bytes;
    };
    return async (asked) =>
      asked.map(({ column, wanted }) =>
        this.#guarded(leaves[column]!, () =>
          wanted.map(({ buffer, from, to }) => {
            const bytes = bytesOf(buffer);
            if (to === Number.POSITIVE_INFINITY) return bytes;
            if (to > bytes.length) throw new Corrupt('a buffer is shorter than its array');
            return bytes.subarray(from, to);
          }),
        ),
      );
  }

  /** The dictionary of a column as it is for one record batch; read once for all who ask, so that no single one cancels it. */
  #dictionary(leaf: Leaf, index: number): Promise<ColumnData> | undefined {
    const { dictionary: id } = leaf;
    if (id === undefined) return undefined;
    const before = this.#layout.dictionaries.filter((one) => one.id === id && one.before <= index);
    const first = before.findLastIndex((one) => !one.delta);
    const parts = before.slice(Math.max(0, first));
    const key = `${id} ${first} ${before.length}`;
    const known = this.#dictionaries.get(key);
    if (known) return known;
    const values = this.#layout.schema.dictionaries.get(id)!;
    const reading = Promise.all(
      parts.map(async ({ batch }) => {
        const answer = await this.#fromWhole(batch, [values], false);
        const [data] = await this.#drive([leaf], [decodeLeaf(batch, values, 0, batch.length)], answer);
        return data!;
      }),
    ).then((all) => this.#guarded(leaf, () => joined(values, all)));
    reading.catch(() => this.#dictionaries.delete(key));
    this.#dictionaries.set(key, reading);
    return reading;
  }

  /** Runs a decoder; what it throws gets the names of file and column. */
  #guarded<T>({ name: column }: Leaf, work: () => T): T {
    try {
      return work();
    } catch (cause) {
      throw asFormatError(cause, this.#source.url, column);
    }
  }
}

const CODECS: Readonly<Record<BufferCodec, 'LZ4' | 'ZSTD'>> = { LZ4_FRAME: 'LZ4', ZSTD: 'ZSTD' };

function inflate(stored: Uint8Array, decompress: Decompress): Uint8Array {
  if (stored.length === 0) return stored;
  if (stored.length < LENGTH_BYTES) throw new Corrupt('a compressed buffer has no length');
  const length = Number(new DataView(stored.buffer, stored.byteOffset).getBigInt64(0, true));
  const rest = stored.subarray(LENGTH_BYTES);
  if (length === -1) return rest;
  if (length < 0 || length > Math.min(MOST_BYTES, MOST_INFLATION * rest.length)) {
    throw new Corrupt(`${rest.length} bytes claim to hold ${length}`);
  }
  return decompress(rest, length);
}

function rangeOf({ offset, buffers }: Batch, { buffer, from, to }: Request): ByteRange {
  const place = buffers[buffer]!;
  const end = to === Number.POSITIVE_INFINITY ? place.bytes : to;
  if (end > place.bytes) throw new Corrupt('a buffer is shorter than its array');
  return [offset + place.offset + from, end - from];
}

function keyOf({ offset }: Batch, buffer: number): string {
  return `${offset} ${buffer}`;
}

/** The values of a dictionary that came in parts. */
function joined({ type }: Leaf, parts: ColumnData[]): ColumnData {
  const [first, ...more] = parts;
  if (!first) throw new Corrupt('a dictionary is not there');
  if (more.length === 0) return first;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const values = new VALUE_ARRAYS[type](length);
  const valid = new Uint8Array(length).fill(1);
  const codes = new Map<string, number>();
  let at = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i++, at++) {
      valid[at] = part.valid?.[i] ?? 1;
      if (part.dictionary && valid[at] === 1) {
        const text = part.dictionary[Number(part.values[i])]!;
        const code = codes.get(text) ?? codes.size;
        codes.set(text, code);
        values[at] = code;
      } else {
        values[at] = part.values[i]!;
      }
    }
  }
  return {
    type,
    length,
    offsets: [],
    values,
    ...(valid.includes(0) && { valid }),
    ...(first.dictionary && { dictionary: [...codes.keys()] }),
  };
}
