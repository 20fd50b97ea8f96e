import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import type * as FileSystem from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { isFull } from './folderErrors.ts';
import { folderObjects } from './folderObjects.ts';
import type { ObjectStore } from './objectStore.ts';

/** What is to happen before a call of the file system: wait, fail, or never return, as for a process that was killed. */
const before = vi.hoisted(() => ({
  call: undefined as ((name: string, to: string) => Promise<void> | void) | undefined,
}));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof FileSystem>();
  const hooked =
    <A extends [unknown, ...unknown[]]>(name: string, call: (...args: A) => Promise<unknown>, at: number) =>
    async (...args: A) => {
      await before.call?.(name, String(args[at]));
      return call(...args);
    };
  return {
    ...real,
    link: hooked('link', real.link, 1),
    rename: hooked('rename', real.rename, 1),
    writeFile: hooked('writeFile', real.writeFile as (...args: [unknown, ...unknown[]]) => Promise<unknown>, 0),
  };
});

const folder = mkdtempSync(join(tmpdir(), 'lumiscope-folder-'));
let next = 0;
const make = (): { root: string; store: ObjectStore } => {
  const root = join(folder, String(next++));
  return { root, store: folderObjects(root) };
};
afterEach(() => {
  before.call = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const read = async (store: ObjectStore) => new TextDecoder().decode((await store.read('m'))!.bytes);
const plain = (root: string) => readFileSync(join(root, 'm'), 'utf8');
const version = async (store: ObjectStore) => (await store.stat('m'))!.version;
const never = () => new Promise<never>(() => {});

/** Waits for a call of the file system. @returns when it was begun; `go` lets it happen */
function held(name: string, to: RegExp) {
  let go!: () => void;
  const gone = new Promise<void>((resolve) => {
    go = resolve;
  });
  const begun = new Promise<void>((resolve) => {
    before.call = (called, path) => {
      if (called !== name || !to.test(path)) return;
      before.call = undefined;
      resolve();
      return gone;
    };
  });
  return { begun, go };
}

it('a writer that was killed before its link has changed nothing, and what it left is removed after an hour, and never listed', async () => {
  const { root, store } = make();
  await store.write('m', bytes('1'));
  before.call = (name) => (name === 'link' ? never() : undefined);
  void store.write('m', bytes('2'), { version: await version(store) });
  await vi.waitUntil(() => readdirSync(root).some((name) => name.endsWith('.part')));
  before.call = undefined;
  expect(await read(store)).toBe('1');
  const left = readdirSync(root).find((name) => name.endsWith('.part'))!;
  const paths = async () => {
    const found: string[] = [];
    for await (const { path } of store.list('')) found.push(path);
    return found;
  };
  expect(await paths()).toEqual(['m']);
  expect(existsSync(join(root, left))).toBe(true);
  utimesSync(join(root, left), 0, Date.now() / 1000 - 3700);
  expect(await paths()).toEqual(['m']);
  expect(existsSync(join(root, left))).toBe(false);
});

it('a writer that was killed after its link is finished by the next one who looks', async () => {
  for (const look of [
    (store: ObjectStore) => store.read('m'),
    (store: ObjectStore) => store.stat('m'),
    (store: ObjectStore) => store.readRange('m', 0, 1),
    (store: ObjectStore) => store.list('')[Symbol.asyncIterator]().next(),
  ]) {
    const { root, store } = make();
    await store.write('m', bytes('1'));
    const first = await version(store);
    const { begun } = held('rename', /m$/);
    void store.write('m', bytes('2'), { version: first });
    await begun;
    expect(plain(root)).toBe('1');
    const other = folderObjects(root);
    await look(other);
    expect(plain(root)).toBe('2');
    expect(await read(other)).toBe('2');
    expect(await other.write('m', bytes('3'), { version: first })).toBeUndefined();
  }
});

it('of two writers that both found the same version the later one is refused, also where it took the link of a version that was cleared away', async () => {
  const { root, store } = make();
  await store.write('m', bytes('1'));
  const first = await version(store);
  const { begun, go } = held('link', /versions/);
  const late = store.write('m', bytes('late'), { version: first });
  await begun;
  expect(await folderObjects(root).write('m', bytes('2'), { version: first })).toBeDefined();
  rmSync(join(root, '.lumiscope-versions'), { recursive: true });
  mkdirSync(join(root, '.lumiscope-versions/m'), { recursive: true });
  go();
  expect(await late).toBeUndefined();
  expect([await read(store), plain(root)]).toEqual(['2', '2']);
  expect(readdirSync(join(root, '.lumiscope-versions/m'))).toEqual([]);
});

it('a writer that was stopped before its rename, and wakes when others have written, undoes nothing', async () => {
  const { root, store } = make();
  await store.write('m', bytes('1'));
  const { begun, go } = held('rename', /m$/);
  const slow = store.write('m', bytes('2'), { version: await version(store) });
  await begun;
  const other = folderObjects(root);
  for (const text of ['3', '4'])
    expect(await other.write('m', bytes(text), { version: await version(other) })).toBeDefined();
  go();
  expect(await slow).toBeDefined();
  expect([await read(store), plain(root)]).toEqual(['4', '4']);
});

it('a writer that sees the name set back while it writes is not misled', async () => {
  const { root, store } = make();
  await store.write('m', bytes('1'));
  linkSync(join(root, 'm'), join(root, 'old'));
  await store.write('m', bytes('2'));
  const { begun, go } = held('link', /versions/);
  const writing = store.write('m', bytes('3'), { version: await version(store) });
  await begun;
  renameSync(join(root, 'old'), join(root, 'm'));
  go();
  expect(await writing).toBeDefined();
  expect([await read(store), plain(root)]).toEqual(['3', '3']);
});

it('a name that was set back is put right by who reads it', async () => {
  const { root, store } = make();
  await store.write('m', bytes('1'));
  linkSync(join(root, 'm'), join(root, 'old'));
  await store.write('m', bytes('2'));
  await store.write('m', bytes('3'));
  renameSync(join(root, 'old'), join(root, 'm'));
  expect(plain(root)).toBe('1');
  expect([await read(store), plain(root)]).toEqual(['3', '3']);
});

it('a later version has a later time, whatever the clock', async () => {
  const { root, store } = make();
  await store.write('m', bytes('1'));
  const future = Date.now() / 1000 + 86_400;
  utimesSync(join(root, 'm'), future, future);
  const times: number[] = [];
  for (let k = 0; k < 3; k++) {
    times.push((await store.stat('m'))!.modified);
    await store.write('m', bytes('1'));
  }
  expect(times[1]).toBeGreaterThan(times[0]!);
  expect(times[2]).toBeGreaterThan(times[1]!);
});

it('links of earlier versions are cleared away after two minutes', async () => {
  const { root, store } = make();
  const links = () => readdirSync(join(root, '.lumiscope-versions/m')).length;
  const age = (seconds: number) => utimesSync(join(root, 'm'), 0, Date.now() / 1000 - seconds);
  await store.write('m', bytes('0'));
  age(300);
  await store.write('m', bytes('1'));
  age(150);
  // This one was made long ago, but replaced now: its link stays.
  for (let k = 2; k <= 4; k++) await store.write('m', bytes(String(k)));
  expect(links()).toBe(3);
  expect(await read(store)).toBe('4');
});

it('says what to do where a disk is full, read-only, or not for this program', async () => {
  const { root, store } = make();
  await store.write('m', bytes('1'));
  for (const [code, message, hint] of [
    ['ENOSPC', /the disk is full/, /free some space/],
    ['EDQUOT', /the quota .* is used up/, /free some space/],
    ['EACCES', /may not write or read/, /give its user the right/],
    ['EROFS', /read-only/, /mount it for writing/],
  ] as const) {
    before.call = (name) => {
      if (name === 'writeFile') throw Object.assign(new Error(code), { code });
    };
    const error = await store.write('m', bytes('2')).catch((error) => error);
    expect(error).toMatchObject({
      tag: 'source',
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint),
      place: { file: join(root, 'm') },
    });
    expect(isFull(error)).toBe(code === 'ENOSPC' || code === 'EDQUOT');
  }
  expect(readdirSync(root)).toEqual(['m']);
  expect(await read(store)).toBe('1');
});

it('what was written counts where it can not be put in its place, and is read from where it lies', async () => {
  const { root, store } = make();
  await store.write('m', bytes('1'));
  before.call = (name) => {
    if (name === 'rename') throw Object.assign(new Error('read-only'), { code: 'EROFS' });
  };
  expect(await store.write('m', bytes('2'), { version: await version(store) })).toBeDefined();
  expect([await read(folderObjects(root)), plain(root)]).toEqual(['2', '1']);
});

it('a folder that was there and is gone is not made again', async () => {
  const { root, store } = make();
  await store.write('m', bytes('1'));
  rmSync(root, { recursive: true });
  const gone = {
    tag: 'source',
    message: expect.stringMatching(/is gone/),
    hint: expect.stringMatching(/mount its disk/),
  };
  await expect(store.write('m', bytes('2'))).rejects.toMatchObject(gone);
  await expect(store.read('m')).rejects.toMatchObject(gone);
  await expect(store.list('')[Symbol.asyncIterator]().next()).rejects.toMatchObject(gone);
  expect(existsSync(root)).toBe(false);
});

it('a file in the place of a folder, and a folder in the place of a file, are told', async () => {
  const { root, store } = make();
  mkdirSync(join(root, 'a/b'), { recursive: true });
  writeFileSync(join(root, 'm'), '1');
  await expect(store.write('m/x', bytes('2'))).rejects.toMatchObject({ tag: 'source', hint: 'use another folder' });
  await expect(store.write('a', bytes('2'))).rejects.toMatchObject({
    message: expect.stringMatching(/a folder is in its place/),
  });
  expect(await store.read('a')).toBeUndefined();
});

it('a place where there can be no file is told, and not tried for ever', async () => {
  const { root, store } = make();
  mkdirSync(root, { recursive: true });
  symlinkSync(join(root, 'nothing'), join(root, 'link'));
  const error = {
    tag: 'source',
    place: { file: join(root, 'link') },
    message: expect.stringMatching(/is in its place/),
  };
  await expect(store.write('link', bytes('1'))).rejects.toMatchObject(error);
  await expect(store.write('link', bytes('1'), 'absent')).rejects.toMatchObject(error);
  if (process.platform !== 'linux') return;
  for (const path of ['m', 'a/b/c'])
    await expect(folderObjects('/proc/lumiscope').write(path, bytes('1'))).rejects.toMatchObject({
      tag: 'source',
      message: expect.stringMatching(/no folder can be made there/),
    });
});

it('folders that are empty go with the last file in them', async () => {
  const { root, store } = make();
  for (const path of ['a/b/c', 'a/b/d', 'e']) await store.write(path, bytes('1'));
  await store.write('a/b/c', bytes('2'));
  await store.remove('a/b/c');
  expect(readdirSync(join(root, 'a/b'))).toEqual(['d']);
  await store.remove('a/b/d');
  expect(readdirSync(root)).toEqual(['e']);
  await store.remove('e');
  expect(existsSync(root)).toBe(true);
});
