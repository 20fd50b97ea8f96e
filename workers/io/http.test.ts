import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Fault, type FaultyServer, startFaultyServer } from '../testing/faultyServer.ts';
import type { ReadCounter } from './byteSource.ts';
import { TAIL_BYTES } from './http.ts';
import { type OpenedSource, openSource } from './openSource.ts';
import { PATIENCE } from './retry.ts';

const SIZE = 300_000;
const BYTES = Uint8Array.from({ length: SIZE }, (_, i) => (i * 31 + (i >> 8)) & 255);
const NAME = 'events.bin';

let folder: string;
let server: FaultyServer;

beforeAll(async () => {
  PATIENCE.waits = [5, 5, 10, 10];
  folder = mkdtempSync(join(tmpdir(), 'lumiscope-http-'));
  writeFileSync(join(folder, NAME), BYTES);
  writeFileSync(join(folder, 'small.bin'), BYTES.subarray(0, 100));
  writeFileSync(join(folder, 'empty.bin'), '');
  server = await startFaultyServer(folder);
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const open = (url: string, counter: ReadCounter = { bytes: 0, requests: 0 }, signal?: AbortSignal) =>
  openSource({ kind: 'url', url }, { counter, ...(signal && { signal }) });

/** Opens the file right, and reads the same version from an address with a fault. */
async function openThen(fault: Fault, query = ''): Promise<OpenedSource> {
  const { file } = await open(server.url(NAME));
  const url = server.url(NAME, fault) + query;
  return openSource(
    { kind: 'url', url },
    { counter: { bytes: 0, requests: 0 }, pinned: { ...file, address: { kind: 'url', url } } },
  );
}

describe('a file on a server that behaves', () => {
  it('opens with one request, which brings its size, version and end', async () => {
    const counter = { bytes: 0, requests: 0 };
    const { source, file } = await open(server.url(NAME), counter);
    expect(source).toMatchObject({ size: SIZE, etag: `"v-${SIZE}"`, url: server.url(NAME) });
    expect(file).toEqual({ address: { kind: 'url', url: server.url(NAME) }, size: SIZE, etag: `"v-${SIZE}"` });
    expect(await source.read(SIZE - 100, 100)).toEqual(BYTES.slice(SIZE - 100));
    expect(counter).toEqual({ bytes: TAIL_BYTES, requests: 1 });
  });

  it('reads ranges, and of those that reach into its end only what is not there yet', async () => {
    const counter = { bytes: 0, requests: 0 };
    const { source } = await open(server.url(NAME), counter);
    expect(await source.read(1000, 50)).toEqual(BYTES.slice(1000, 1050));
    const begin = SIZE - TAIL_BYTES - 10;
    expect(await source.read(begin, 30)).toEqual(BYTES.slice(begin, begin + 30));
    expect(await source.read(0, 0)).toEqual(new Uint8Array(0));
    expect(counter).toEqual({ bytes: TAIL_BYTES + 60, requests: 3 });
  });

  it('opens a version that is pinned without any request', async () => {
    const { file } = await open(server.url(NAME));
    const counter = { bytes: 0, requests: 0 };
    const { source } = await openSource(file.address, { counter, pinned: file });
    expect(counter.requests).toBe(0);
    expect(await source.read(5, 5)).toEqual(BYTES.slice(5, 10));
  });

  it('is read whole when it is shorter than its end, and may be empty', async () => {
    const small = await open(server.url('small.bin'));
    expect(await small.source.read(0, 100)).toEqual(BYTES.slice(0, 100));
    expect((await open(server.url('empty.bin'))).source.size).toBe(0);
  });

  it('opens where the server knows no suffix ranges', async () => {
    const { source } = await open(server.url(NAME, 'no-suffix'));
    expect(source).toMatchObject({ size: SIZE, etag: `"v-${SIZE}"` });
    expect(await source.read(SIZE - 100, 100)).toEqual(BYTES.slice(SIZE - 100));
  });

  it('says so when a range is past its end', async () => {
    const { source } = await open(server.url(NAME));
    await expect(source.read(SIZE - 5, 10)).rejects.toMatchObject({
      tag: 'source',
      place: { range: [SIZE - 5, SIZE + 5] },
    });
  });
});

describe('on another origin than the page', () => {
  beforeAll(() => vi.stubGlobal('location', { origin: 'https://app.example' }));
  afterAll(() => vi.unstubAllGlobals());

  it('asks for no suffix, which would cost a preflight', async () => {
    const from = server.requests.length;
    const { source } = await open(`${server.url(NAME)}?far`);
    expect(source).toMatchObject({ size: SIZE, etag: `"v-${SIZE}"` });
    const ranges = server.requests.slice(from).map(({ method, range }) => `${method} ${range}`);
    expect(ranges).toEqual(['HEAD bytes=0-', `GET bytes=${SIZE - TAIL_BYTES}-${SIZE - 1}`]);
  });

  it('finds the size where HEAD is refused', async () => {
    expect((await open(server.url(NAME, 'no-head'))).source.size).toBe(SIZE);
    expect((await open(server.url('empty.bin'))).source.size).toBe(0);
  });

  it('an address that is unreachable names the headers that CORS needs', async () => {
    await expect(open('http://127.0.0.1:9/x.parquet')).rejects.toMatchObject({
      tag: 'source',
      message: expect.stringMatching(/127\.0\.0\.1:9\/x\.parquet.*Access-Control-Allow-Origin.*Content-Range, ETag/),
      place: { file: 'http://127.0.0.1:9/x.parquet' },
    });
  });
});

describe('what passes is tried again', () => {
  it.each(['busy-twice', 'cut-twice', 'reset-twice'] as const)('%s', async (fault) => {
    const { source } = await open(server.url(NAME, fault));
    expect(await source.read(SIZE - 3, 3)).toEqual(BYTES.slice(-3));
    const again = await openThen(fault, '&again');
    expect(await again.source.read(10, 1000)).toEqual(BYTES.slice(10, 1010));
  });
});

describe('what does not pass is an error that says what to do', () => {
  it.each([
    ['broken', /the server answered 500/, /try later/],
    ['forbidden', /no access .*403/, /public/],
    ['cut', /cut short, \d+ of \d+ bytes/, /try again/],
    ['short', /cut short, 999 of 1000 bytes/, /try again/],
    ['ignore-range', /does not support range requests/, /download it/],
    ['endless', /does not support range requests/, /download it/],
    ['changing-etag', /changed while it was read/, /open it again/],
    ['changing-size', /changed while it was read/, /open it again/],
    ['wrong-range', /came instead of/, /another/],
  ] as const)('%s', async (fault, message, hint) => {
    const { source } = await openThen(fault, '&then');
    // The first answer of a changing file is the size that was pinned.
    if (fault === 'changing-size') await source.read(0, 10);
    await expect(source.read(100, 1000)).rejects.toMatchObject({
      tag: 'source',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
      place: { file: source.url, range: [100, 1100] },
    });
  });

  it('a file that is not there', async () => {
    const url = server.url('missing.parquet');
    await expect(open(url)).rejects.toMatchObject({
      tag: 'source',
      message: expect.stringContaining(`${url}: not found`),
    });
  });

  it('a body that would bring the whole file is not read', async () => {
    const counter = { bytes: 0, requests: 0 };
    await expect(open(`${server.url(NAME, 'endless')}&open`, counter)).rejects.toThrow('range requests');
    // The end of the file, its size, and a range from its start on: some servers know only those.
    expect(counter).toEqual({ bytes: 0, requests: 3 });
    await vi.waitFor(() => expect(server.requests.at(-1)!.aborted).toBe(true));
  });
});

describe('versions', () => {
  it('a changed ETag is found by the first read of a thread that opened a pinned version', async () => {
    const { file } = await open(server.url(NAME));
    const { source } = await openSource(file.address, {
      counter: { bytes: 0, requests: 0 },
      pinned: { ...file, etag: '"old"' },
    });
    await expect(source.read(0, 1)).rejects.toThrow('the file changed while it was read');
  });

  it('are told by date and size where there is no ETag, and not at all where there is neither', async () => {
    expect((await open(server.url(NAME, 'no-etag-but-date'))).source.etag).toMatch(/GMT 300000$/);
    const { source } = await open(server.url(NAME, 'no-etag'));
    expect(source).toMatchObject({ etag: undefined, hidden: ['ETag'] });
    expect(await source.read(0, 2)).toEqual(BYTES.slice(0, 2));
  });
});

describe('cancelling', () => {
  it('ends a read that waits for its body, at once and on the server too', async () => {
    const { source } = await openThen('stall');
    const abort = new AbortController();
    const reading = source.read(0, 100, abort.signal);
    setTimeout(() => abort.abort(), 50);
    const begin = performance.now();
    await expect(reading).rejects.toMatchObject({ tag: 'cancelled' });
    expect(performance.now() - begin).toBeLessThan(1000);
    await vi.waitFor(() => expect(server.requests.at(-1)!.aborted).toBe(true));
  });

  it('ends the wait before another try', async () => {
    const abort = new AbortController();
    const { waits } = PATIENCE;
    PATIENCE.waits = [60_000];
    const opening = open(`${server.url(NAME, 'broken')}&cancel`, undefined, abort.signal);
    setTimeout(() => abort.abort(), 100);
    await expect(opening).rejects.toMatchObject({ tag: 'cancelled' });
    PATIENCE.waits = waits;
  });

  it('asks for nothing when it came before', async () => {
    const { source } = await open(server.url(NAME));
    const from = server.requests.length;
    await expect(source.read(0, 1, AbortSignal.abort())).rejects.toMatchObject({ tag: 'cancelled' });
    expect(server.requests.length).toBe(from);
  });
});
