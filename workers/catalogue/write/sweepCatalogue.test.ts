import { expect, it } from 'vitest';
import type { CatalogueObject, Manifest } from '../../../core/catalogue/manifest.ts';
import type { ObjectStore } from '../../objects/objectStore.ts';
import { memoryObjects } from '../../objects/testing/memoryObjects.ts';
import { catalogueIn } from './catalogueStore.ts';
import { sweepCatalogue } from './sweepCatalogue.ts';

const DAY = 86_400_000;
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** A catalogue whose store has a clock of its own, and its versions. */
function make(clock = Date.now() - 30 * DAY) {
  const contents = new Map<string, Uint8Array>();
  const time = { now: clock };
  const objects = memoryObjects(contents, { now: () => time.now });
  const store = catalogueIn(objects);
  const publish = async (datasets: CatalogueObject, other = datasets) => {
    const found = await store.readManifest();
    const manifest: Manifest = {
      format: 'lumiscope-catalogue',
      version: 1,
      serial: (found?.manifest.serial ?? 0) + 1,
      title: 'Test',
      changed: '2026-11-21T12:00:00.000Z',
      families: [],
      parts: [],
      tables: { datasets, containers: other, dstypes: other, dsguids: other, menus: other },
    };
    await store.replaceManifest(manifest, found?.condition);
  };
  const put = (text: string, folder = 'tables') => store.put('datasets.parquet', bytesOf(text), folder);
  return { contents, time, objects, store, publish, put, paths: () => [...contents.keys()].sort() };
}

it('removes what no manifest names any more, when it is old by the clock of the store, and nothing else', async () => {
  const { contents, time, objects, publish, put, paths } = make();
  const first = await put('1');
  await publish(first);
  const orphan = await put('never named', 'dspid=1/dstypeid=2');
  contents.set('README.md', bytesOf('by hand'));
  contents.set('tables/notes-2018.parquet', bytesOf('by hand'));
  const second = await put('2');
  await publish(second);
  time.now += 6.9 * DAY;
  const late = await put('late');
  expect(await sweepCatalogue(objects)).toEqual({ removed: [], young: 3 });
  time.now += 0.2 * DAY;
  const { removed, young } = await sweepCatalogue(objects);
  expect(removed.map(({ path }) => path)).toEqual([orphan.path, first.path].sort());
  expect(young).toBe(1);
  expect(paths()).toEqual(['README.md', 'manifest.json', 'tables/notes-2018.parquet', second.path, late.path].sort());
});

it('tells what it would remove, and writes nothing', async () => {
  const { objects, publish, put, paths } = make();
  const old = await put('1');
  await publish(await put('2'));
  const before = paths();
  const refusing: ObjectStore = { ...objects, write: async () => expect.fail('written') };
  const { removed } = await sweepCatalogue(refusing, { isTrial: true });
  expect(removed.map(({ path }) => path)).toEqual([old.path]);
  expect(paths()).toEqual(before);
});

it('never takes away what a writer is about to name, though the same bytes have been there for long', async () => {
  const { time, objects, store, publish, put, paths } = make();
  await publish(await put('published'));
  const orphan = await put('killed before it was named');
  time.now += 10 * DAY;
  const again = await put('killed before it was named');
  expect(again.path).toBe(orphan.path.replace('.parquet', '.1.parquet'));
  expect(again.sha256).toBe(orphan.sha256);
  await sweepCatalogue(objects);
  expect(paths()).toContain(again.path);
  expect(paths()).not.toContain(orphan.path);
  await publish(again);
  // What is named is old too by now, and stays what it is.
  time.now += 10 * DAY;
  expect((await put('killed before it was named')).path).toBe(orphan.path);
  expect(new TextDecoder().decode(await store.readObject(again))).toBe('killed before it was named');
});

it('leaves what is named while it sweeps', async () => {
  const { time, objects, publish, put, paths } = make();
  const orphan = await put('old');
  await publish(await put('published'));
  time.now += 10 * DAY;
  let isFirst = true;
  const changing: ObjectStore = {
    ...objects,
    async *list(prefix, signal) {
      yield* objects.list(prefix, signal);
      if (isFirst) await publish(orphan);
      isFirst = false;
    },
  };
  const { removed } = await sweepCatalogue(changing);
  expect(removed.map(({ path }) => path)).not.toContain(orphan.path);
  expect(paths()).toContain(orphan.path);
});

it('refuses a folder without a catalogue, and lifetimes that writers could not keep up with', async () => {
  const { objects, put, paths } = make();
  await put('1');
  await expect(sweepCatalogue(objects)).rejects.toMatchObject({
    tag: 'source',
    message: expect.stringMatching(/there is no catalogue/),
  });
  await expect(sweepCatalogue(objects, { olderThan: 0.5 })).rejects.toMatchObject({ tag: 'document' });
  expect(paths()).toHaveLength(1);
});
