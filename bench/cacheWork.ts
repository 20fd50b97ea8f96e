/** What is measured of the cache, in Node and in a worker of the browser. */
import type { ByteRange, ReadCounter } from '../workers/io/byteSource.ts';
import type { RangeStore } from '../workers/io/cache/rangeStore.ts';
import { readRanges } from '../workers/io/coalesce.ts';
import { openHttp } from '../workers/io/http.ts';

/** Bytes of the file that is served. */
export const FILE_BYTES = 128e6;
const REPEATS = 5;

/** Seconds, medians. */
export interface Measured {
  name: string;
  bytes: number;
  ranges: number;
  /** From the server, nothing kept. */
  fetch: number;
  /** From the server, and offered to an empty cache. */
  fetchAndPut: number;
  /** Until all of that is on disk, from the end of the reading on. */
  flush: number;
  /** From the cache, by a thread that has not looked into it before. */
  held: number;
}

/** Ranges of a length, spread over the file. */
const spread = (count: number, length: number): ByteRange[] =>
  Array.from({ length: count }, (_, k) => [Math.floor((k * (FILE_BYTES - 1e6)) / count), length]);

const WORK: [name: string, ranges: ByteRange[]][] = [
  ['64 ranges of 1 MB', spread(64, 1e6)],
  ['400 ranges of 64 kB', spread(400, 64e3)],
  ['800 ranges of 4 kB', spread(800, 4e3)],
];

/** @param open a store as a fresh thread opens it, always on the same disk */
export async function measure(open: () => Promise<RangeStore>, url: string): Promise<Measured[]> {
  const results: Measured[] = [];
  let version = 0;
  for (const [name, ranges] of WORK) {
    const times: Omit<Measured, 'name' | 'bytes' | 'ranges'>[] = [];
    for (let k = 0; k <= REPEATS; k++) {
      const counter: ReadCounter = { bytes: 0, requests: 0 };
      const etag = `"bench ${version++}"`;
      const source = await openHttp(url, counter);
      const [plain, fetch] = await timed(() => readRanges(source, ranges));

      const store = await open();
      const cache = await store.ranges(url, { size: source.size, etag }, counter, Date.now());
      const [, fetchAndPut] = await timed(() => readRanges(Object.assign(source, { cache }), ranges));
      const [, flush] = await timed(() => store.flush());

      const asked = counter.requests;
      const [again, held] = await timed(async () => {
        const fresh = await (await open()).ranges(url, { size: source.size, etag }, counter);
        return readRanges(Object.assign(source, { cache: fresh }), ranges);
      });
      if (counter.requests !== asked || again.some((bytes, i) => bytes[7] !== plain[i]![7]))
        throw new Error('the cache did not give what was put into it');
      if (k > 0) times.push({ fetch, fetchAndPut, flush, held });
      await store.serve({ kind: 'clear' });
    }
    const middle = (key: keyof (typeof times)[number]) =>
      times.map((one) => one[key]).sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
    results.push({
      name,
      bytes: ranges.reduce((sum, [, length]) => sum + length, 0),
      ranges: ranges.length,
      fetch: middle('fetch'),
      fetchAndPut: middle('fetchAndPut'),
      flush: middle('flush'),
      held: middle('held'),
    });
  }
  return results;
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const begin = performance.now();
  const result = await work();
  return [result, (performance.now() - begin) / 1000];
}
