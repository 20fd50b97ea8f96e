import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folderObjects } from '../../workers/objects/folderObjects.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { selfTest } from './selfTest.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiscope-test-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function left(objects: ObjectStore): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of objects.list('')) paths.push(path);
  return paths;
}

const testFolders = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('lumiscope-self-test-'));

test('known events go the whole way, and nothing stays behind', async () => {
  const objects = folderObjects(folder);
  const before = await testFolders();
  await selfTest(objects, AbortSignal.timeout(60_000));
  expect(await left(objects)).toEqual([]);
  expect(await testFolders()).toEqual(before);
});

test('a store that gives back other bytes is found out, and what was written goes', async () => {
  const objects = folderObjects(folder);
  const lying: ObjectStore = { ...bound(objects), below: (path) => twisted(objects.below(path)) };
  await expect(selfTest(lying, AbortSignal.timeout(60_000))).rejects.toThrow(/SHA-256|checksum|damaged/i);
  expect(await left(objects)).toEqual([]);
});

function bound(objects: ObjectStore): ObjectStore {
  return {
    address: objects.address,
    read: objects.read.bind(objects),
    readRange: objects.readRange.bind(objects),
    stat: objects.stat.bind(objects),
    write: objects.write.bind(objects),
    list: objects.list.bind(objects),
    remove: objects.remove.bind(objects),
    below: objects.below.bind(objects),
  };
}

/** Turns a bit of staged objects. */
function twisted(objects: ObjectStore): ObjectStore {
  return {
    ...bound(objects),
    below: (path) => twisted(objects.below(path)),
    async read(path, signal) {
      const found = await objects.read(path, signal);
      if (!found || !path.startsWith('staged/')) return found;
      const bytes = found.bytes.slice();
      bytes[60]! ^= 1;
      return { ...found, bytes };
    },
  };
}
