import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { setAccess } from '../io/send.ts';
import { findS3Gateway, type S3Gateway, startS3Gateway } from '../testing/realServers.ts';
import { startS3Server } from '../testing/s3Server.ts';
import { folderObjects } from './folderObjects.ts';
import type { ObjectStore } from './objectStore.ts';
import { openObjectStore } from './openObjectStore.ts';
import { memoryObjects } from './testing/memoryObjects.ts';

const folder = mkdtempSync(join(tmpdir(), 'lumiscope-objects-'));
const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  rmSync(folder, { recursive: true });
  setAccess({ keys: [], tokens: [] });
  await Promise.all(closing.map((close) => close()));
});

let next = 0;
/** Two programs at the same store. */
interface Pair {
  one: ObjectStore;
  other: ObjectStore;
}
const STORES: [string, () => Promise<Pair>][] = [
  [
    'a folder',
    async () => {
      const path = join(folder, String(next++));
      return { one: folderObjects(path), other: folderObjects(path) };
    },
  ],
  [
    'memory',
    async () => {
      const contents = new Map<string, Uint8Array>();
      return { one: memoryObjects(contents), other: memoryObjects(contents) };
    },
  ],
];

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
STORES.push([
  'a bucket of our test server',
  async () => {
    const region = 'eu-west-3';
    const server = await startS3Server({ objects: new Map(), ...KEYS, region, pageSize: 3 });
    closing.push(server.close);
    const open = (address: string) => openObjectStore(address, environmentOf(server.endpoint, { ...KEYS, region }));
    return { one: open('s3://bucket/a/prefix'), other: open(`${server.endpoint}/bucket/a/prefix/`) };
  },
]);

const gateway = findS3Gateway();
if (!gateway) console.info('skipped: versitygw is not here, see npm run servers');
else {
  let started: Promise<S3Gateway> | undefined;
  STORES.push([
    'versitygw',
    async () => {
      started ??= startS3Gateway(gateway).then(async (server) => {
        closing.push(server.close);
        await server.owner.fetch(`${server.endpoint}/bucket`, { method: 'PUT' });
        return server;
      });
      const server = await started;
      const open = () => openObjectStore(`s3://bucket/${next}`, environmentOf(server.endpoint, server));
      next++;
      return { one: open(), other: open() };
    },
  ]);
}

function environmentOf(endpoint: string, keys: { accessKeyId: string; secretAccessKey: string; region: string }) {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_REGION: keys.region,
  };
}

const text = (words: string) => new TextEncoder().encode(words);
const words = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);
async function paths(store: ObjectStore, prefix = '') {
  const found: string[] = [];
  for await (const { path } of store.list(prefix)) found.push(path);
  return found;
}

describe.each(STORES)('%s', (_, make) => {
  it('gives what was written, its version, length and time', async () => {
    const { one, other } = await make();
    expect(await one.read('a/b')).toBeUndefined();
    expect(await one.stat('a/b')).toBeUndefined();
    expect(await one.readRange('a/b', 0, 1)).toBeUndefined();
    const version = await one.write('a/b', text('0123456789'));
    expect(version).toBeTruthy();
    const found = (await other.read('a/b'))!;
    expect([words(found.bytes), found.version]).toEqual(['0123456789', version]);
    const { modified, ...info } = (await other.stat('a/b'))!;
    expect(info).toEqual({ bytes: 10, version });
    expect(Math.abs(modified - Date.now())).toBeLessThan(60_000);
    expect(await other.write('empty', new Uint8Array(0))).toBeTruthy();
    expect((await one.read('empty'))!.bytes).toHaveLength(0);
    // A name may be a folder's elsewhere, and the beginning of another one.
    expect(await one.read('a')).toBeUndefined();
    expect(await one.read('a/b/c')).toBeUndefined();
  });

  it('reads ranges up to the end of an object', async () => {
    const { one } = await make();
    await one.write('a', text('0123456789'));
    const range = async (offset: number, length: number) => words(await one.readRange('a', offset, length));
    expect(await range(2, 3)).toBe('234');
    expect(await range(7, 100)).toBe('789');
    expect(await range(0, 10)).toBe('0123456789');
    expect(await range(10, 5)).toBe('');
    expect(await range(3, 0)).toBe('');
  });

  it('creates an object only where there is none', async () => {
    const { one, other } = await make();
    expect(await one.write('a', text('first'), 'absent')).toBeTruthy();
    expect(await other.write('a', text('second'), 'absent')).toBeUndefined();
    expect(words((await other.read('a'))!.bytes)).toBe('first');
    await one.remove('a');
    expect(await other.write('a', text('third'), 'absent')).toBeTruthy();
    expect(words((await one.read('a'))!.bytes)).toBe('third');
  });

  it('replaces the version that was named, and no other', async () => {
    const { one, other } = await make();
    const first = (await one.write('a/b', text('1')))!;
    const second = (await other.write('a/b', text('2'), { version: first }))!;
    expect(second).not.toBe(first);
    expect(await one.write('a/b', text('3'), { version: first })).toBeUndefined();
    expect(words((await one.read('a/b'))!.bytes)).toBe('2');
    const third = (await one.write('a/b', text('3')))!;
    expect((await other.stat('a/b'))!.version).toBe(third);
    expect(await other.write('a/b', text('4'), { version: second })).toBeUndefined();
    expect(await other.write('none', text('4'), { version: second })).toBeUndefined();
    await one.remove('a/b');
    expect(await one.write('a/b', text('4'), { version: third })).toBeUndefined();
    expect(await paths(one)).toEqual([]);
  });

  it('lets one of many through, time after time', async () => {
    const { one, other } = await make();
    let round = 0;
    const race = async (condition: 'absent' | { version: string }) => {
      round++;
      const tries = Array.from({ length: 8 }, (_, k) =>
        (k % 2 ? one : other).write('m', text(`${round}: writer ${k}`), condition),
      );
      const won = (await Promise.all(tries)).flatMap((version, k) => (version ? [{ version, k }] : []));
      expect(won).toHaveLength(1);
      const { bytes, version } = (await one.read('m'))!;
      expect([words(bytes), version]).toEqual([`${round}: writer ${won[0]!.k}`, won[0]!.version]);
      return version;
    };
    let version = await race('absent');
    while (round < 5) version = await race({ version });
  });

  it('counts right where all add at once', async () => {
    const { one, other } = await make();
    await one.write('n', text('0'));
    const add = async (store: ObjectStore) => {
      for (let added = 0; added < 5; ) {
        const { bytes, version } = (await store.read('n'))!;
        if (await store.write('n', text(String(Number(words(bytes)) + 1)), { version })) added++;
      }
    };
    await Promise.all([one, other, one, other].map(add));
    expect(words((await one.read('n'))!.bytes)).toBe('20');
  });

  it('lists what begins so, in the order of the paths, with what is known of it', async () => {
    const { one, other } = await make();
    const all = ['a.b', 'a/1', 'a/2/x', 'a0', 'ab/1', 'd=1/t=-2/keys-0.parquet', 'é', 'run+1 %20&<>"#?*'];
    for (const path of [...all].reverse()) await one.below('in').write(path, text(path));
    const listed = await paths(other, 'in/');
    expect(listed).toEqual(listed.toSorted((p, q) => Buffer.compare(Buffer.from(p), Buffer.from(q))));
    expect(listed).toHaveLength(all.length);
    expect(await paths(other.below('in'), 'a/')).toEqual(['a/1', 'a/2/x']);
    expect(await paths(other, 'in/a/2')).toEqual(['in/a/2/x']);
    expect(await paths(other, 'in/a')).toEqual(listed.filter((path) => path.startsWith('in/a')));
    expect(await paths(other, 'none')).toEqual([]);
    expect(await paths(other, 'in/none/')).toEqual([]);
    for await (const { path, bytes, version, modified } of other.list('in/'))
      expect({ bytes, version, modified }).toEqual(await one.stat(path));
    for (const path of all) expect(words((await other.below('in').read(path))!.bytes)).toBe(path);
  });

  it('is parted into folders', async () => {
    const { one, other } = await make();
    const below = one.below('catalogue').below('x/y');
    await below.write('a', text('1'), 'absent');
    expect(await paths(other)).toEqual(['catalogue/x/y/a']);
    expect(await paths(below)).toEqual(['a']);
    await below.remove('a');
    await below.remove('a');
    expect(await paths(other)).toEqual([]);
  });

  it('refuses paths that are none, and work that was cancelled', async () => {
    const { one } = await make();
    for (const path of [
      '../a',
      'a/../b',
      '/a',
      'a//b',
      'a/',
      '',
      '.',
      'a\\b',
      'a\0b',
      '.lumiscope-x',
      'a/.lumiscope-y/b',
    ]) {
      const wrong = { tag: 'source', message: expect.stringContaining('no path') };
      await expect(one.read(path), path).rejects.toMatchObject(wrong);
      await expect(one.write(path, text('')), path).rejects.toMatchObject(wrong);
      await expect(one.remove(path), path).rejects.toMatchObject(wrong);
    }
    await expect(paths(one, '../')).rejects.toMatchObject({ tag: 'source' });
    await one.write('a', text('1'));
    const signal = AbortSignal.abort();
    await expect(one.read('a', signal)).rejects.toMatchObject({ tag: 'cancelled' });
    await expect(one.write('a', text('2'), undefined, signal)).rejects.toMatchObject({ tag: 'cancelled' });
    await expect(one.list('', signal)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ tag: 'cancelled' });
    expect(words((await one.read('a'))!.bytes)).toBe('1');
  });
});
