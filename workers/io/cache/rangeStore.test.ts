import { spawn } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ByteRange, ReadCounter } from '../byteSource.ts';
import { NodeDisk } from './nodeDisk.ts';
import { RangeStore, type StoreOptions } from './rangeStore.ts';
import type { VersionCache } from './versionCache.ts';

const SIZE = 1_000_000;
const BYTES = Uint8Array.from({ length: SIZE }, (_, i) => (i * 31 + (i >> 7) * 5) & 255);
const V1 = { size: SIZE, etag: '"one"' };
const URL_OF_FILE = 'https://example.org/data/events.parquet';

const part = ([offset, length]: ByteRange): Uint8Array => BYTES.subarray(offset, offset + length);

let root: string;
let counter: ReadCounter;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lumiscope-cache-'));
  counter = { bytes: 0, requests: 0 };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const storeOf = (options?: StoreOptions) => new RangeStore(new NodeDisk(root), options);

async function open(store: RangeStore, url = URL_OF_FILE, version = V1, seen = 1): Promise<VersionCache> {
  return (await store.ranges(url, version, counter, seen))!;
}

async function put(cache: VersionCache, ranges: ByteRange[]): Promise<void> {
  cache.put(ranges, ranges.map(part));
  await cache.flush();
}

const packs = (): string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\/[0-9a-f]{16}\.\w+$/.test(name))
    .map((name) => join(root, name));

describe('ranges', () => {
  test('come back in another session as they were put', async () => {
    const ranges: ByteRange[] = Array.from({ length: 500 }, (_, k) => [k * 1500, 200 + k]);
    await put(await open(storeOf()), ranges);
    const held = await (await open(storeOf())).get([...ranges, [999_000, 10]]);
    expect(held.slice(0, -1)).toEqual(ranges.map(part));
    expect(held.at(-1)).toBeUndefined();
    expect(counter.cachedBytes).toBe(ranges.reduce((sum, [, length]) => sum + length, 0));
    expect(packs()).toHaveLength(1);
  });

  test('are found before they are on disk, and as parts of longer ones', async () => {
    const cache = await open(storeOf());
    cache.put([[1000, 500]], [part([1000, 500])]);
    expect(await cache.get([[1000, 500]])).toEqual([part([1000, 500])]);
    await cache.flush();
    expect(
      await cache.get([
        [1200, 100],
        [1400, 200],
      ]),
    ).toEqual([part([1200, 100]), undefined]);
  });

  test('of another version are not found, and go as soon as it is the present one', async () => {
    const store = storeOf();
    const old = await open(store);
    await put(old, [[0, 100]]);
    const fresh = await open(store, URL_OF_FILE, { size: SIZE, etag: '"two"' }, 2);
    expect(await fresh.get([[0, 100]])).toEqual([undefined]);
    expect(packs()).toEqual([]);
    expect(await old.get([[0, 100]])).toEqual([undefined]);
    // A tab that has the old version open still writes packs of its own.
    await put(old, [[0, 100]]);
    expect(await (await open(storeOf(), URL_OF_FILE, { size: SIZE, etag: '"two"' }, 3)).get([[0, 100]])).toEqual([
      undefined,
    ]);
  });

  test.each([
    ['in a range', 60],
    ['in the head of its record', 20],
    ['in the head of the pack', 3],
  ])('of which a byte was flipped %s are dropped, and can be put again', async (_, at) => {
    await put(await open(storeOf()), [[0, 100]]);
    const [pack] = packs();
    const bytes = readFileSync(pack!);
    bytes[at]! ^= 4;
    writeFileSync(pack!, bytes);
    const cache = await open(storeOf());
    expect(await cache.get([[0, 100]])).toEqual([undefined]);
    await put(cache, [[0, 100]]);
    expect(await (await open(storeOf())).get([[0, 100]])).toEqual([part([0, 100])]);
  });

  test('that are damaged in one place are read in another one', async () => {
    const tabs = await Promise.all([open(storeOf()), open(storeOf())]);
    await Promise.all(tabs.map((tab) => put(tab, [[0, 100]])));
    expect(packs()).toHaveLength(2);
    for (const pack of packs()) {
      const bytes = readFileSync(pack);
      const whole = Buffer.from(bytes);
      bytes[60]! ^= 4;
      writeFileSync(pack, bytes);
      expect(await (await open(storeOf())).get([[0, 100]])).toEqual([part([0, 100])]);
      writeFileSync(pack, whole);
    }
  });

  test('of a pack that was cut off in the middle of a write are there up to the last whole one', async () => {
    const cache = await open(storeOf());
    await put(cache, [[0, 5000]]);
    await put(cache, [[10_000, 5000]]);
    const [pack] = packs();
    truncateSync(pack!, statSync(pack!).size - 100);
    const next = await open(storeOf());
    expect(
      await next.get([
        [0, 5000],
        [10_000, 5000],
      ]),
    ).toEqual([part([0, 5000]), undefined]);
    await put(next, [[20_000, 5000]]);
    expect(packs()).toEqual([pack]);
    expect(statSync(pack!).size).toBe(16 + 2 * (24 + 5000));
    const last = await open(storeOf());
    expect(
      await last.get([
        [0, 5000],
        [20_000, 5000],
      ]),
    ).toEqual([part([0, 5000]), part([20_000, 5000])]);
  });

  test('that several threads put at once are all there', async () => {
    const ranges = (k: number): ByteRange[] => Array.from({ length: 50 }, (_, i) => [(8 * i + k) * 2000, 1999]);
    const caches = await Promise.all(Array.from({ length: 8 }, () => open(storeOf())));
    for (let round = 0; round < 5; round++)
      await Promise.all(caches.map((cache, k) => put(cache, ranges(k).slice(10 * round, 10 * round + 10))));
    const all = caches.flatMap((_, k) => ranges(k));
    expect(await (await open(storeOf())).get(all)).toEqual(all.map(part));
    expect(packs().length).toBeLessThanOrEqual(8);
  });

  test('that two processes wrote at once until they were killed are all there', async () => {
    const script = fileURLToPath(new URL('testing/writeForever.ts', import.meta.url));
    const version = { size: 1e9, etag: '"one"' };
    const before = await open(storeOf(), URL_OF_FILE, version);
    before.put([[900_000_200, 100]], [new Uint8Array(100)]);
    await before.flush();
    const written: number[] = [];
    const writers = ['0', '1'].map((first) => {
      const writer = spawn(process.execPath, ['--import', 'tsx', script, root, URL_OF_FILE, first], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      let text = '';
      writer.stdout.on('data', (more) => {
        text += more;
        const lines = text.split('\n');
        text = lines.pop()!;
        written.push(...lines.map(Number));
      });
      return writer;
    });
    const both = () => [0, 1].every((odd) => written.filter((k) => k % 2 === odd).length >= 40);
    try {
      await expect.poll(both, { timeout: 25_000 }).toBe(true);
    } finally {
      for (const writer of writers) writer.kill('SIGKILL');
      await Promise.all(writers.map((writer) => new Promise((resolve) => writer.once('close', resolve))));
    }
    const cache = await open(storeOf(), URL_OF_FILE, version);
    const held = await cache.get(written.map((k): ByteRange => [k * 100_000, 100_000]));
    const wrong = written.filter((k, i) => !held[i]?.every((byte) => byte === (k & 255)));
    expect(wrong).toEqual([]);
    // The lock of who was killed is no obstacle.
    cache.put([[900_000_000, 100]], [new Uint8Array(100)]);
    await cache.flush();
    const next = await open(storeOf(), URL_OF_FILE, version);
    expect((await next.get([[900_000_000, 100]]))[0]).toBeDefined();
  });
});

describe('a store', () => {
  test('drops what was not used for longest once there is more than its quota', async () => {
    const store = storeOf({ quota: 64_000, touchMs: 0 });
    const urls = Array.from({ length: 8 }, (_, k) => `${URL_OF_FILE}${k}`);
    for (const [k, url] of urls.entries()) {
      await put(await open(store, url), [[0, 10_000]]);
      for (const pack of packs()) if (statSync(pack).mtimeMs > 1e12) utimesSync(pack, 1000 + k, 1000 + k);
      // The first one is in use.
      expect(await (await open(store, urls[0])).get([[0, 10_000]])).toEqual([part([0, 10_000])]);
    }
    const { files, bytes } = await store.serve({ kind: 'report' });
    expect(bytes).toBeLessThanOrEqual(64_000);
    const held = files.filter((file) => file.bytes > 0).map(({ url }) => url);
    expect(held).toContain(urls[0]);
    expect(held).toContain(urls[7]);
    expect(held).not.toContain(urls[1]);
  });

  test('never drops what is pinned, and keeps nothing more when that fills it', async () => {
    const store = storeOf({ quota: 64_000 });
    const pinned = await open(store);
    const ranges = Array.from({ length: 6 }, (_, k): ByteRange => [10_000 * k, 10_000]);
    for (const range of ranges) await put(pinned, [range]);
    const [{ key }] = (await store.serve({ kind: 'report' })).files as unknown as [{ key: string }];
    await store.serve({ kind: 'pin', key, pinned: true });
    const other = await open(store, `${URL_OF_FILE}?other`);
    for (const range of ranges) await put(other, [range]);
    expect(await (await open(store)).get(ranges)).toEqual(ranges.map(part));
    expect((await store.serve({ kind: 'report' })).bytes).toBeLessThan(64_000);
    await store.serve({ kind: 'pin', key, pinned: false });
    expect((await store.serve({ kind: 'report' })).files.map(({ pinned }) => pinned)).toEqual([false, false]);
  });

  test('forgets files of which nothing has been held for a day, and no others', async () => {
    const store = storeOf();
    const yesterday = new Date(Date.now() - 90_000_000);
    for (const name of ['old', 'pinned', 'fresh']) await open(store, `https://example.org/${name}`);
    await store.serve({ kind: 'pinUrl', url: 'https://example.org/pinned', pinned: true });
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }))
      if (name.endsWith('.json')) utimesSync(join(root, name), yesterday, yesterday);
    await open(store, 'https://example.org/fresh', V1, 2);
    await put(await open(storeOf()), [[0, 10]]);
    expect(await store.known('https://example.org/old')).toBeUndefined();
    for (const name of ['pinned', 'fresh'])
      expect(await store.known(`https://example.org/${name}`), name).toBeDefined();
  });

  test('has a bounded number of versions open, and loses nothing of the others', async () => {
    const store = storeOf();
    const first = await open(store, 'https://example.org/first');
    first.put([[0, 10]], [part([0, 10])]);
    for (let k = 0; k < 512; k++) await store.ranges(`https://example.org/${k}`, V1, counter);
    const again = await open(store, 'https://example.org/first');
    expect(again).not.toBe(first);
    await first.flush();
    expect(await again.get([[0, 10]])).toEqual([part([0, 10])]);
  });

  test('tells what it holds, removes a file, and everything', async () => {
    const store = storeOf();
    await put(await open(store, `${URL_OF_FILE}?X-Amz-Signature=abc&X-Amz-Date=1&part=7#x`, V1, 17), [[0, 1000]]);
    await put(await open(store, 'https://user:secret@example.org/other.root?key=hush', V1, 18), [[0, 500]]);
    const { files } = await store.serve({ kind: 'report' });
    expect(files).toMatchObject([
      { url: expect.any(String), size: SIZE, pinned: false },
      { url: expect.any(String), size: SIZE, pinned: false },
    ]);
    expect(files.map(({ url }) => url).sort()).toEqual([URL_OF_FILE, 'https://example.org/other.root'].sort());
    const kept = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.json'))
      .map((name) => readFileSync(join(root, name), 'utf8'))
      .join();
    expect(kept).not.toMatch(/secret|hush|abc/);
    const { files: left } = await store.serve({ kind: 'remove', key: files[0]!.key });
    expect(left.map(({ key }) => key)).toEqual([files[1]!.key]);
    expect((await store.serve({ kind: 'clear' })).files).toEqual([]);
    expect(packs()).toEqual([]);
  });

  test('finds a file by any of its signed addresses, and not by another query', async () => {
    const store = storeOf();
    await put(await open(store, `${URL_OF_FILE}?X-Amz-Signature=a&X-Amz-Expires=3&v=1`), [[0, 10]]);
    expect(await store.known(`${URL_OF_FILE}?v=1&X-Amz-Signature=b&X-Amz-Expires=9`)).toEqual({ ...V1, seen: 1 });
    expect(await store.known(`${URL_OF_FILE}?v=2`)).toBeUndefined();
  });

  test('of no bytes keeps nothing', async () => {
    const store = storeOf();
    await put(await open(store), [[0, 1000]]);
    await store.serve({ kind: 'quota', bytes: 0 });
    expect(packs()).toEqual([]);
    expect(await store.ranges(URL_OF_FILE, V1, counter, 1)).toBeUndefined();
    expect(await storeOf().ranges(URL_OF_FILE, V1, counter, 1)).toBeUndefined();
  });

  test('in a folder that can not be written to keeps nothing, and says so', async () => {
    writeFileSync(join(root, 'file'), '');
    const store = new RangeStore(new NodeDisk(join(root, 'file')));
    const cache = await store.ranges(URL_OF_FILE, V1, counter, 1);
    expect(cache).toBeUndefined();
    expect(await store.known(URL_OF_FILE)).toBeUndefined();
    expect(existsSync(join(root, 'file'))).toBe(true);
  });
});
