import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../core/catalogue/manifest.ts';
import { setAccess } from '../../io/send.ts';
import { folderObjects } from '../../objects/folderObjects.ts';
import { openObjectStore } from '../../objects/openObjectStore.ts';
import { type S3Server, startS3Server } from '../../testing/s3Server.ts';
import { type CatalogueStore, catalogueIn } from './catalogueStore.ts';

const folder = mkdtempSync(join(tmpdir(), 'lumiscope-store-'));
const servers: S3Server[] = [];
afterEach(() => {
  setAccess({ keys: [], tokens: [] });
  vi.unstubAllGlobals();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await Promise.all(servers.map((server) => server.close()));
});

const inFolder = (path: string) => catalogueIn(folderObjects(path));
const inBucket = (address: string) => catalogueIn(openObjectStore(address, {}));

const object = { path: 'a', bytes: 1, sha256: 'f'.repeat(64) };
const manifest = (serial: number, changedBy?: string): Manifest => ({
  format: 'lumiscope-catalogue',
  version: 1,
  serial,
  title: 'm(μμ)',
  changed: '2026-11-21T12:00:00.000Z',
  ...(changedBy && { changedBy }),
  families: [],
  parts: [],
  tables: { datasets: object, containers: object, dstypes: object, dsguids: object, menus: object },
});

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };

async function bucket(objects = new Map<string, Uint8Array>()) {
  const server = await startS3Server({ objects, ...KEYS, region: 'eu-west-3' });
  servers.push(server);
  setAccess({ keys: [{ host: server.host, ...KEYS }], tokens: [] });
  return { server, objects, address: `${server.endpoint}/bucket/catalogue` };
}

let next = 0;
const STORES: [string, () => Promise<{ one: CatalogueStore; other: CatalogueStore }>][] = [
  [
    'a folder',
    async () => {
      const path = join(folder, String(next++));
      return { one: inFolder(path), other: inFolder(path) };
    },
  ],
  [
    'a bucket',
    async () => {
      const { address } = await bucket();
      return { one: inBucket(address), other: inBucket(`${address}/`) };
    },
  ],
];

describe.each(STORES)('%s', (_, make) => {
  it('replaces the manifest that was read, and no other', async () => {
    const { one, other } = await make();
    expect(await one.readManifest()).toBeUndefined();
    await one.replaceManifest(manifest(1));
    const first = (await one.readManifest())!;
    expect(first.manifest).toEqual(manifest(1));
    const theirs = (await other.readManifest())!;
    await other.replaceManifest(manifest(2, 'anna, lumiscope catalogue check'), theirs.condition);
    const late = one.replaceManifest(manifest(2, 'me'), first.condition);
    await expect(late).rejects.toMatchObject({
      tag: 'source',
      message: expect.stringMatching(
        /manifest\.json was changed .* \(by anna, lumiscope catalogue check, 2026-11-21T12:00:00\.000Z: it is version 2 now\)/,
      ),
    });
    await expect(one.replaceManifest(manifest(1))).rejects.toThrow(/nothing was written over it/);
    expect((await one.readManifest())!.manifest.changedBy).toBe('anna, lumiscope catalogue check');
    const now = (await one.readManifest())!;
    await one.replaceManifest(manifest(3), now.condition);
    expect((await other.readManifest())!.manifest.serial).toBe(3);
  });

  it('of writers that all saw the same version, one gets through', async () => {
    const { one, other } = await make();
    await one.replaceManifest(manifest(1));
    const { condition } = (await one.readManifest())!;
    const tries = Array.from({ length: 8 }, (_, k) =>
      (k % 2 ? one : other).replaceManifest(manifest(2, `writer ${k}`), condition).then(
        () => k,
        (error: Error) => (/was changed by somebody else/.test(error.message) ? undefined : Promise.reject(error)),
      ),
    );
    const won = (await Promise.all(tries)).filter((k) => k !== undefined);
    expect(won).toHaveLength(1);
    expect((await one.readManifest())!.manifest.changedBy).toBe(`writer ${won[0]}`);
  });

  it('names objects after their checksum, and takes the same one twice', async () => {
    const { one } = await make();
    const bytes = new TextEncoder().encode('123456789');
    const put = await one.put('keys.parquet', bytes, 'dspid=1/dstypeid=-2');
    expect(put).toEqual({
      path: 'dspid=1/dstypeid=-2/keys-15e2b0d3c33891eb.parquet',
      bytes: 9,
      sha256: '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225',
    });
    expect(await one.put('keys.parquet', bytes, 'dspid=1/dstypeid=-2')).toEqual(put);
    expect((await one.put('keys', new Uint8Array(0))).path).toBe('keys-e3b0c44298fc1c14');
  });
});

it('a folder holds no traces of how it was written, but for what keeps writers apart', async () => {
  const path = join(folder, 'traces');
  const store = inFolder(path);
  const { path: name } = await store.put('x.parquet', Uint8Array.of(1));
  await store.replaceManifest(manifest(1));
  expect(readdirSync(path).sort()).toEqual(['manifest.json', name]);
  expect(readFileSync(join(path, name))).toEqual(Buffer.of(1));
  await store.replaceManifest(manifest(2), (await store.readManifest())!.condition);
  expect(readdirSync(path).sort()).toEqual(['.lumiscope-versions', 'manifest.json', name]);
  expect(JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8'))).toEqual(manifest(2));
});

it('an object that is there by half is written again', async () => {
  const path = join(folder, 'half');
  const store = inFolder(path);
  const { path: name } = await store.put('x.parquet', Uint8Array.of(1, 2));
  writeFileSync(join(path, name), Uint8Array.of(1));
  await store.put('x.parquet', Uint8Array.of(1, 2));
  expect(readFileSync(join(path, name))).toEqual(Buffer.of(1, 2));
});

it('a bucket that refuses says what to do', async () => {
  const { server, objects } = await bucket();
  const store = inBucket(`${server.endpoint}/bucket/catalogue`);
  setAccess({ keys: [{ host: server.host, ...KEYS, secretAccessKey: 'wrong' }], tokens: [] });
  await expect(store.put('x', Uint8Array.of(1))).rejects.toMatchObject({
    tag: 'source',
    hint: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    place: { access: server.host },
  });
  expect(objects.size).toBe(0);
});

/** The first PUT, but for the trial of conditions, is answered so; `lost`: after the store has taken it. */
function answerOnce(status: number, lost = false) {
  const { fetch } = globalThis;
  let isDue = true;
  vi.stubGlobal('fetch', async (...args: Parameters<typeof fetch>) => {
    if (!isDue || args[1]?.method !== 'PUT' || /\.lumiscope-/.test(String(args[0]))) return fetch(...args);
    isDue = false;
    if (lost) await fetch(...args);
    return new Response('', { status });
  });
}

it('a bucket whose answer was lost has taken the manifest, and nobody else changed it', async () => {
  const { address } = await bucket();
  const store = inBucket(address);
  answerOnce(503, true);
  await store.replaceManifest(manifest(1));
  const { condition } = (await store.readManifest())!;
  answerOnce(503, true);
  await store.replaceManifest({ ...manifest(2), changedBy: 'me' }, condition);
  expect((await store.readManifest())!.manifest).toEqual(manifest(2, 'me'));
});

it('a bucket that is at work on the same object is asked again', async () => {
  const { address, objects } = await bucket();
  answerOnce(409);
  await inBucket(address).put('x', Uint8Array.of(1));
  expect(objects.size).toBe(1);
});

it('a bucket that writes whatever the conditions is not written to', async () => {
  const { address, objects } = await bucket();
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', (url: string, { headers: _, ...init }: RequestInit = {}) => fetch(url, init));
  await expect(inBucket(address).replaceManifest(manifest(1))).rejects.toMatchObject({
    message: expect.stringContaining('does not heed the conditions'),
    hint: expect.stringContaining('use another store'),
  });
  expect(objects.has('/bucket/catalogue/manifest.json')).toBe(false);
});

it('a bucket that is not there is no conflict', async () => {
  const { address } = await bucket();
  answerOnce(404);
  await expect(inBucket(address).replaceManifest(manifest(1))).rejects.toThrow(/the store answered 404/);
});
