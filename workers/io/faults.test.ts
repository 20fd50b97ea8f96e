/** Every fault ends in the right bytes, or in an error that names address, range and cause; none hangs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Fault, type FaultyServer, startFaultyServer } from '../testing/faultyServer.ts';
import type { ByteSource } from './byteSource.ts';
import { openSource } from './openSource.ts';
import { PATIENCE } from './retry.ts';

const SIZE = 300_000;
const BYTES = Uint8Array.from({ length: SIZE }, (_, i) => (i * 31 + (i >> 8)) & 255);
const NAME = 'events.bin';
const [OFFSET, LENGTH] = [1000, 50_000];
const { waits, stall, wish } = PATIENCE;

let folder: string;
let server: FaultyServer;
let count = 0;

beforeAll(async () => {
  Object.assign(PATIENCE, { waits: [5, 5, 5, 5], wish: 1500 });
  folder = mkdtempSync(join(tmpdir(), 'lumiscope-faults-'));
  writeFileSync(join(folder, NAME), BYTES);
  server = await startFaultyServer(folder);
});

afterAll(async () => {
  Object.assign(PATIENCE, { waits, stall, wish });
  await server.close();
  rmSync(folder, { recursive: true });
});

/** For the others the time stays: a busy machine is slow. */
function shortenStalls(fault: Fault): void {
  PATIENCE.stall = /stall|silent/.test(fault) ? 300 : stall;
}

/** Opens a file whose server misbehaves from the second request on: in the middle of a run. */
async function opened(fault: Fault): Promise<ByteSource> {
  const url = `${server.url(NAME, fault, 1)}&case=${count++}`;
  const { source } = await openSource({ kind: 'url', url }, { counter: { bytes: 0, requests: 0 } });
  return source;
}

/** Ranges that were asked for since the file was opened. */
const asked = (url: string) => server.requests.filter((one) => url.endsWith(one.url)).map(({ range }) => range);

describe('in the middle of a run', () => {
  it.each([
    ['busy-twice', 3],
    ['cut-twice', 3],
    ['reset-twice', 3],
    ['throttled', 2],
    ['stall-once', 2],
    ['no-if-range', 2],
  ] as const)('%s: the right bytes, after %i requests', async (fault, requests) => {
    shortenStalls(fault);
    const source = await opened(fault);
    expect(await source.read(OFFSET, LENGTH)).toEqual(BYTES.slice(OFFSET, OFFSET + LENGTH));
    expect(asked(source.url).length - 1).toBe(requests);
  });

  it.each([
    ['broken', /the server answered 500/, /try later/, 5],
    ['closed', /the server answered 503/, /left alone for 3600 s/, 1],
    ['unauthorized', /no access \(the server answered 401/, /./, 1],
    ['forbidden', /no access \(the server answered 403/, /./, 1],
    ['gone', /not found \(the server answered 404/, /check the address/, 1],
    ['cut', /cut short, 48437 of 50000 bytes/, /try again/, 5],
    ['short', /cut short, 49999 of 50000 bytes/, /try again/, 5],
    ['reset', /can't be reached/, /check the address/, 5],
    ['stall', /no byte came for 0.3 s/, /hangs/, 2],
    ['silent', /no byte came for 0.3 s/, /hangs/, 2],
    ['ignore-range', /does not support range requests \(it answered 200\)/, /download it/, 2],
    ['endless', /does not support range requests \(it answered 200\)/, /download it/, 2],
    ['wrong-range', /bytes 1001–51001 came instead of 1000–51000/, /put the file on another/, 1],
    ['changed', /the file changed while it was read \(it was "v-300000", now it is "v"\)/, /open it again/, 1],
    ['changing-etag', /the file changed while it was read/, /open it again/, 1],
  ] as const)('%s: an error that says so', async (fault, message, hint, requests) => {
    shortenStalls(fault);
    const source = await opened(fault);
    await expect(source.read(OFFSET, LENGTH)).rejects.toMatchObject({
      tag: 'source',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
      place: { file: source.url, range: [OFFSET, OFFSET + LENGTH] },
    });
    expect(asked(source.url).length - 1).toBe(requests);
  });

  it('what came before a body broke off is not asked for again', async () => {
    const source = await opened('cut-twice');
    expect(await source.read(OFFSET, LENGTH)).toEqual(BYTES.slice(OFFSET, OFFSET + LENGTH));
    expect(asked(source.url).slice(1)).toEqual(['bytes=1000-50999', 'bytes=26000-50999', 'bytes=38500-50999']);
  });

  it('a name that no server has is an error that says so', async () => {
    const url = 'http://nowhere.invalid/events.parquet';
    await expect(openSource({ kind: 'url', url }, { counter: { bytes: 0, requests: 0 } })).rejects.toMatchObject({
      tag: 'source',
      message: expect.stringContaining(`${url}: can't be reached`),
    });
  });

  it('a request that waits for a place when its run is cancelled is never sent', async () => {
    const source = await opened('stall');
    const abort = new AbortController();
    const reads = Array.from({ length: 12 }, (_, k) => source.read(k * 1000, 1000, abort.signal));
    const all = Promise.allSettled(reads);
    await vi.waitFor(() => expect(asked(source.url)).toHaveLength(1 + 8), 10_000);
    abort.abort();
    for (const outcome of await all) expect(outcome).toMatchObject({ reason: { tag: 'cancelled' } });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(asked(source.url)).toHaveLength(1 + 8);
  });
});

describe('If-Range', () => {
  it('goes along on the own origin with an ETag that is not weak', async () => {
    const source = await opened('no-cors');
    await source.read(0, 10);
    expect(server.requests.at(-1)!.headers['if-range']).toBe('"v-300000"');
  });
});
