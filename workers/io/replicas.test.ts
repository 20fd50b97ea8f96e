import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Fault, type FaultyServer, startFaultyServer } from '../testing/faultyServer.ts';
import type { ByteRange, ReadCounter } from './byteSource.ts';
import { nodeCache } from './cache/nodeCache.ts';
import { readRanges } from './coalesce.ts';
import { openSource } from './openSource.ts';
import { PATIENCE } from './retry.ts';

const SIZE = 200_000;
const BYTES = Uint8Array.from({ length: SIZE }, (_, i) => (i * 31 + (i >> 8)) & 255);
const { waits } = PATIENCE;

let folder: string;
let servers: FaultyServer[];
let count = 0;

beforeAll(async () => {
  PATIENCE.waits = [5, 5, 5, 5];
  folder = mkdtempSync(join(tmpdir(), 'lumiscope-replicas-'));
  writeFileSync(join(folder, 'a.bin'), BYTES);
  writeFileSync(join(folder, 'short.bin'), BYTES.subarray(0, SIZE - 1));
  writeFileSync(join(folder, 'older.bin'), Uint8Array.from(BYTES).fill(9));
  writeFileSync(join(folder, 'other.bin'), Uint8Array.from(BYTES).fill(7, SIZE - 10));
});

// Fresh hosts for each test: one that failed of late comes last.
beforeEach(async () => {
  servers = [await startFaultyServer(folder), await startFaultyServer(folder), await startFaultyServer(folder)];
});

afterEach(() => Promise.all(servers.map((server) => server.close())));

afterAll(() => {
  PATIENCE.waits = waits;
  rmSync(folder, { recursive: true });
});

/** An address on server k; no two tests share one. `from`: requests that are right before the fault begins. */
const at = (k: number, name = 'a.bin', fault?: Fault, from?: number) =>
  `${servers[k]!.url(name, fault ?? ('none' as Fault), from)}&case=${count++}`;

async function open([url = '', ...replicas]: string[]) {
  const counter: ReadCounter = { bytes: 0, requests: 0, failed: new Map() };
  const opened = await openSource({ kind: 'url', url, replicas }, { counter });
  return { ...opened, counter };
}

const right = (offset: number, length: number) => BYTES.slice(offset, offset + length);

it('the first replica that can be had is read; the list knows which failed and why', async () => {
  const urls = ['http://127.0.0.1:9/a.bin', at(0, 'a.bin', 'gone'), at(1)];
  const { source, file, counter } = await open(urls);
  expect(await source.read(100, 50)).toEqual(right(100, 50));
  expect(source.url).toBe(urls[0]);
  expect(file).toMatchObject({ size: SIZE, replica: { url: urls[2] } });
  expect([...counter.failed!.keys()]).toEqual(urls.slice(0, 2));
  expect([...counter.failed!.values()].join(' ')).toMatch(/can't be reached.*not found/);
});

it.each(['broken', 'reset', 'gone', 'forbidden', 'cut', 'changed', 'ignore-range'] as const)(
  'a replica that fails in the middle (%s) is replaced, also for many reads at once',
  async (fault) => {
    const urls = [at(0, 'a.bin', fault, 2), at(2)];
    const { source, counter } = await open(urls);
    expect(await source.read(0, 1000)).toEqual(right(0, 1000));
    const reads = Array.from({ length: 12 }, (_, k) => source.read(1000 * k, 1000));
    expect(await Promise.all(reads)).toEqual(reads.map((_, k) => right(1000 * k, 1000)));
    expect([...counter.failed!.keys()]).toEqual([urls[0]]);
  },
);

it.each([
  ['short.bin', /199999 bytes long, not 200000/],
  ['other.bin', /it ends with other bytes/],
])('another file (%s) takes no part', async (name, message) => {
  const urls = [at(0, 'a.bin', 'broken', 1), at(1, name)];
  const { source } = await open(urls);
  await expect(source.read(0, 10)).rejects.toMatchObject({
    tag: 'source',
    message: expect.stringMatching(message),
    place: { file: urls[0], range: [0, 10] },
  });
});

it('what is kept of a replica with another file is not read', async () => {
  const [url, older] = [at(0), at(1, 'older.bin')];
  const cache = nodeCache(join(folder, 'cache'));
  const range: ByteRange = [100, 50];
  const counter: ReadCounter = { bytes: 0, requests: 0 };
  await readRanges((await openSource({ kind: 'url', url: older }, { counter, cache })).source, [range]);
  await cache.flush();
  const { file } = await open([url, older]);
  // Its host comes last now.
  await open([at(0, 'a.bin', 'broken'), at(2)]);
  const { source } = await openSource(file.address, { counter, pinned: file, cache });
  expect(await readRanges(source, [range])).toEqual([right(...range)]);
});

it('a replica that failed once is asked again before the file is given up', async () => {
  const urls = [at(0, 'a.bin', 'busy-twice', 1), at(1, 'a.bin', 'broken', 2)];
  const { source } = await open(urls);
  expect(await source.read(0, 10)).toEqual(right(0, 10));
  expect(await source.read(10, 10)).toEqual(right(10, 10));
});

it('a read that is cancelled while a replica is opened takes no other read along', async () => {
  const slow = await startFaultyServer(folder, { latency: 500 });
  servers.push(slow);
  const { source } = await open([at(0, 'a.bin', 'broken', 1), slow.url('a.bin')]);
  const abort = new AbortController();
  const first = source.read(0, 10, abort.signal);
  const second = source.read(10, 10);
  setTimeout(() => abort.abort(), 200);
  await expect(first).rejects.toMatchObject({ tag: 'cancelled' });
  expect(await second).toEqual(right(10, 10));
});

it('where all fail the error names each, and the next read asks them again', async () => {
  const urls = [at(0, 'a.bin', 'busy-twice', 1), at(1, 'a.bin', 'gone')];
  const { source } = await open(urls);
  await expect(source.read(0, 10)).rejects.toThrow(
    /none of its 2 replicas can be read: .* answered 503.*; .*not found/,
  );
  expect(await source.read(0, 10)).toEqual(right(0, 10));
});

it('another thread starts with the replica that the file was opened from, without a request', async () => {
  const urls = [at(0, 'a.bin', 'broken'), at(1), at(2)];
  const { file } = await open(urls);
  const counter: ReadCounter = { bytes: 0, requests: 0 };
  const { source } = await openSource(file.address, { counter, pinned: file });
  expect(counter.requests).toBe(0);
  expect(await source.read(5, 5)).toEqual(right(5, 5));
  expect(counter.requests).toBe(1);
});

it('a cancelled read tries no other replica', async () => {
  const urls = [at(0, 'a.bin', 'stall', 1), at(1)];
  const { source, counter } = await open(urls);
  const abort = new AbortController();
  const reading = source.read(0, 10, abort.signal);
  setTimeout(() => abort.abort(), 20);
  await expect(reading).rejects.toMatchObject({ tag: 'cancelled' });
  expect(counter.failed!.size).toBe(0);
});

it('a host that failed comes last for the next file', async () => {
  await open([at(0, 'a.bin', 'broken'), at(1)]);
  const urls = [at(0), at(1)];
  expect((await open(urls)).file.replica?.url).toBe(urls[1]);
});
