import type { ColumnData } from '../../../core/schema/column.ts';
import type { ByteRange, ByteSource } from '../../io/byteSource.ts';
import { readRanges } from '../../io/coalesce.ts';
import { cancelled } from '../../io/errors.ts';
import { nextTurn } from '../../schedule/slices.ts';
import { ByteCache } from '../byteCache.ts';
import { formatError } from '../errors.ts';
import type { Chunk, EventFile, FileSummary } from '../eventFile.ts';
import type { Branch } from './branch.ts';
import { basketsOf, decodeBranch } from './decodeBranch.ts';

/** Packed bytes kept of baskets that the next chunk needs too. */
const CACHE_BYTES = 64e6;
/** Decoding lets the thread hear a cancel this often. */
const TURN_MS = 15;

/** An open tree: fetches the baskets of a chunk's columns, and decodes them. */
export class TreeFile implements EventFile {
  readonly summary: FileSummary;
  readonly #source: ByteSource;
  readonly #branches: Map<string, Branch>;
  readonly #cache = new ByteCache(CACHE_BYTES);

  constructor(source: ByteSource, branches: readonly Branch[], summary: FileSummary) {
    this.#source = source;
    this.#branches = new Map(branches.map((branch) => [branch.info.name, branch]));
    this.summary = summary;
  }

  async readChunk(chunk: number, columns: readonly string[], signal?: AbortSignal): Promise<ColumnData[]> {
    const piece = this.summary.chunks[chunk];
    if (!piece) throw new RangeError(`chunk ${chunk} of ${this.summary.chunks.length}`);
    const { begin, end } = piece;
    const branches = columns.map((name) => this.#branch(name));
    const bytesOf = await this.#fetch(branches, piece, signal);
    const results: ColumnData[] = [];
    let heard = performance.now();
    for (const branch of branches) {
      if (performance.now() - heard > TURN_MS) {
        await nextTurn();
        heard = performance.now();
      }
      if (signal?.aborted) throw cancelled();
      results.push(await decodeBranch(branch, begin, end, bytesOf, this.#source.url));
    }
    return results;
  }

  ranges(chunk: number, columns: readonly string[]): ByteRange[] | undefined {
    const piece = this.summary.chunks[chunk];
    if (!piece) return undefined;
    const places = basketPlaces(
      columns.map((name) => this.#branch(name)),
      piece,
    );
    return [...places].map(([offset, { bytes }]) => [offset, bytes]);
  }

  /** Baskets of branches by their place in the file; what reaches into the next chunk is kept for it. */
  async #fetch(branches: readonly Branch[], chunk: Chunk, signal?: AbortSignal) {
    const found = new Map<number, Uint8Array>();
    const missing: ByteRange[] = [];
    const places = basketPlaces(branches, chunk);
    for (const [offset, { bytes }] of places) {
      const held = this.#cache.get(`${offset}`);
      if (held) found.set(offset, held);
      else missing.push([offset, bytes]);
    }
    const fetched = await readRanges(this.#source, missing, signal);
    missing.forEach(([offset], i) => {
      found.set(offset, fetched[i]!);
      if (places.get(offset)!.reachesOn) this.#cache.put(`${offset}`, fetched[i]!);
    });
    return (basket: number, { baskets }: Branch) => found.get(baskets.offsets[basket]!)!;
  }

  #branch(name: string): Branch {
    const branch = this.#branches.get(name);
    if (branch) return branch;
    const { url } = this.#source;
    const reason = this.summary.unsupported.find((column) => column.name === name)?.reason;
    throw reason
      ? formatError(url, `can't be read: ${reason}`, 'leave it out, or write it with another type', { column: name })
      : formatError(url, 'there is no such column', 'check its spelling', { column: name });
  }
}

interface BasketPlace {
  bytes: number;
  /** The next chunk needs it too. */
  reachesOn: boolean;
}

/** Baskets that reading a chunk takes, those of counters too, by their place in the file. */
function basketPlaces(branches: readonly Branch[], { begin, end }: Chunk): Map<number, BasketPlace> {
  const places = new Map<number, BasketPlace>();
  const add = (branch: Branch, from: number, to: number): void => {
    const { baskets, embedded, counter } = branch;
    const { entries, offsets, bytes } = baskets;
    const [first, last] = basketsOf(branch, from, to);
    if (counter) {
      // All entries of a basket, as it is taken apart as a whole.
      const past = embedded && to > embedded.firstEntry ? embedded.firstEntry + embedded.entries : entries[last]!;
      add(counter, Math.min(from, entries[first]!), Math.max(to, past));
    }
    for (let basket = first; basket < last; basket++)
      places.set(offsets[basket]!, { bytes: bytes[basket]!, reachesOn: entries[basket + 1]! > end });
  };
  for (const branch of branches) add(branch, begin, end);
  return places;
}

/**
 * `[column * chunks + chunk]`; a basket that reaches across a border counts in proportion to its events, and one of several columns in equal
 * parts.
 */
export function columnBytes(branches: readonly Branch[], chunks: readonly Chunk[]): Float64Array {
  const result = new Float64Array(branches.length * chunks.length);
  const columns = new Map<Branch['baskets'], number>();
  for (const { baskets } of branches) columns.set(baskets, (columns.get(baskets) ?? 0) + 1);
  branches.forEach(({ baskets }, column) => {
    const { entries, bytes } = baskets;
    const share = columns.get(baskets)!;
    let chunk = 0;
    for (let basket = 0; basket < bytes.length; basket++) {
      const [from, to] = [entries[basket]!, entries[basket + 1]!];
      while (chunk < chunks.length && chunks[chunk]!.end <= from) chunk++;
      for (let next = chunk; next < chunks.length && chunks[next]!.begin < to; next++) {
        const { begin, end } = chunks[next]!;
        result[column * chunks.length + next]! +=
          (bytes[basket]! * (Math.min(to, end) - Math.max(from, begin))) / (to - from) / share;
      }
    }
  });
  return result;
}
