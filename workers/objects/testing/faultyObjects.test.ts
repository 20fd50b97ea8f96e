import { expect, it } from 'vitest';
import { isFull } from '../folderErrors.ts';
import { type Faults, faultyObjects } from './faultyObjects.ts';
import { memoryObjects } from './memoryObjects.ts';

const make = (faults: Faults) => {
  const contents = new Map<string, Uint8Array>();
  return { contents, store: faultyObjects(memoryObjects(contents), faults) };
};
const bytes = Uint8Array.of(1, 2, 3, 4);
const paths = async (store: ReturnType<typeof make>['store']) => {
  const found: string[] = [];
  for await (const { path } of store.list('')) found.push(path);
  return found;
};

it('goes wrong in the same way for the same seed, and in another for another', async () => {
  const told = async (seed: number) => {
    const { store } = make({ seed, errors: 0.3, lost: 0.2, half: 0.3 });
    for (let k = 0; k < 50; k++) {
      await store
        .below('d')
        .write(`${k}`, bytes)
        .catch(() => undefined);
      await store.read(`d/${k}`).catch(() => undefined);
    }
    return store.happened;
  };
  const first = await told(1);
  expect(await told(1)).toEqual(first);
  expect(await told(2)).not.toEqual(first);
  expect(new Set(first.map((line) => line.replace(/ d\/\d+$/, '')))).toEqual(
    new Set(['no answer', 'the answer was lost', 'half of']),
  );
});

it('tells of an error where nothing was done, and where an answer was lost after it was done', async () => {
  const failing = make({ seed: 1, errors: 1 });
  await expect(failing.store.write('a', bytes)).rejects.toMatchObject({ tag: 'source' });
  expect(failing.contents.size).toBe(0);
  const losing = make({ seed: 1, lost: 1 });
  await expect(losing.store.write('a', bytes, 'absent')).rejects.toMatchObject({ tag: 'source' });
  expect(losing.contents.get('a')).toEqual(bytes);
  await expect(losing.store.remove('a')).rejects.toMatchObject({ tag: 'source' });
  expect(losing.contents.size).toBe(0);
});

it('is full, gives halves, and leaves alone what it is not to touch', async () => {
  let isFullNow = true;
  const { store } = make({ seed: 1, half: 1, isFull: () => isFullNow, only: (path) => path !== 'b' });
  expect(isFull(await store.write('a', bytes).catch((error) => error))).toBe(true);
  isFullNow = false;
  await store.write('a', bytes);
  await store.write('b', bytes);
  expect((await store.read('a'))!.bytes).toEqual(Uint8Array.of(1, 2));
  expect(await store.readRange('a', 2, 2)).toEqual(Uint8Array.of(3));
  expect((await store.read('b'))!.bytes).toEqual(bytes);
});

it('lists what was there a while ago', async () => {
  const { store } = make({ seed: 1, stale: 1, staleFor: 4 });
  await store.write('old', bytes);
  for (let k = 0; k < 4; k++) await store.stat('old');
  await store.write('new', bytes);
  await store.remove('old');
  expect(await paths(store)).toEqual(['old']);
  for (let k = 0; k < 4; k++) await store.stat('old');
  expect(await paths(store)).toEqual(['new']);
});
