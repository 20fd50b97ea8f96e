import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { ContainerRow, DatasetRow, FileRow } from '../../../core/catalogue/tables.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import type { Validation } from '../../../core/ingest/validation.ts';
import { catalogueIn } from '../../catalogue/write/catalogueStore.ts';
import { folderObjects } from '../../objects/folderObjects.ts';
import type { ObjectStore } from '../../objects/objectStore.ts';
import { faultyObjects } from '../../objects/testing/faultyObjects.ts';
import { memoryObjects } from '../../objects/testing/memoryObjects.ts';
import { insertDataset } from './insertDataset.ts';
import { registerDataset } from './registerDataset.ts';
import { catalogueOf, recordsOfCatalogue, rowsOfObject } from './testing/readCatalogue.ts';
import { type DatasetShape, stageDataset } from './testing/stagedDataset.ts';

const folder = mkdtempSync(join(tmpdir(), 'lumiscope-publish-'));
afterAll(() => rmSync(folder, { recursive: true }));

const now = () => new Date('2026-11-21T12:00:00Z');
const NAME = 'data18_13TeV.00348885.physics_Main.merge.AOD.r10000_p3000';
const named = (tid: number, type = 'AOD') => `${NAME.replace('AOD', type)}_tid${String(tid).padStart(8, '0')}_00`;

function insert(
  objects: ObjectStore,
  validation: Validation,
  more: { signal?: AbortSignal; memoryBytes?: number; now?: () => Date } = {},
) {
  const catalogue = catalogueIn(objects.below('catalogue'));
  const spillFolder = join(folder, 'spill');
  return insertDataset({
    objects,
    catalogue,
    validation,
    spillFolder,
    memoryBytes: 1e9,
    consumer: 'here',
    now,
    ...more,
  });
}

async function tablesOf(contents: ReadonlyMap<string, Uint8Array>) {
  const { store, manifest } = catalogueOf(contents);
  const { datasets, containers, dsguids } = manifest.tables;
  return {
    manifest,
    datasets: await rowsOfObject<DatasetRow>(store, datasets.path),
    containers: await rowsOfObject<ContainerRow>(store, containers.path),
    files: await rowsOfObject<FileRow>(store, dsguids.path),
  };
}

/** The catalogue but for how often it was changed. */
function contentOf(contents: ReadonlyMap<string, Uint8Array>) {
  const { serial: _, ...content } = catalogueOf(contents).manifest;
  return content;
}

const small: DatasetShape = { seed: 1, objects: [[12, 9], [14]], families: ['hlt'], numbers: 30, smk: 4 };

describe('several datasets at the same time', { timeout: 120_000 }, () => {
  const schedule = async (objects: ObjectStore, count: number) => {
    const staged = await Promise.all(
      Array.from({ length: count }, (_, k) =>
        stageDataset(objects, {
          ...small,
          families: [],
          seed: k + 1,
          dataset: named(100 + k, k % 3 ? 'AOD' : `DAOD_T${k % 4}`),
        }),
      ),
    );
    const results = await Promise.all(staged.map(({ validation }) => insert(objects, validation)));
    expect(results.map(({ outcome }) => outcome)).toEqual(staged.map(() => 'published'));
    return staged;
  };

  it('are all published, none over another, with files that have numbers of their own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 4, max: 6 }), async (count) => {
        const contents = new Map<string, Uint8Array>();
        const staged = await schedule(memoryObjects(contents), count);
        const { manifest, datasets, containers, files } = await tablesOf(contents);
        const events = (rows: readonly { events?: number }[]) => rows.reduce((sum, row) => sum + row.events!, 0);
        const total = staged.reduce((sum, { records }) => sum + records.length, 0);
        expect(manifest.parts.reduce((sum, { rows }) => sum + rows, 0)).toBe(total);
        expect([datasets.length, events(datasets), events(containers)]).toEqual([count, total, total]);
        expect(datasets.every(({ state }) => state === 'imported')).toBe(true);
        expect(containers.every((row) => (row.datasets === 1) === (row.events_uniq !== undefined))).toBe(true);
        expect(new Set(files.map(({ dstypeid, file }) => `${dstypeid}/${file}`)).size).toBe(3 * count);
        expect(manifest.ingested?.every(({ isPublished }) => isPublished)).toBe(true);
      }),
      { numRuns: 1 },
    );
  });

  it('are in a folder too', async () => {
    const objects = folderObjects(join(folder, 'store'));
    await schedule(objects, 3);
    const found = await catalogueIn(objects.below('catalogue')).readManifest();
    expect(found?.manifest.parts).toHaveLength(3);
  });
});

describe('one dataset', () => {
  const staged = async (more: Partial<DatasetShape> = {}, contents = new Map<string, Uint8Array>()) => {
    return { contents, ...(await stageDataset(memoryObjects(contents), { ...small, ...more })) };
  };

  it('is published once by two at the same time, and again by nobody', async () => {
    const { contents, validation, records } = await staged();
    const objects = memoryObjects(contents);
    const both = await Promise.all([insert(objects, validation), insert(objects, validation)]);
    const { serial } = catalogueOf(contents).manifest;
    const third = await insert(objects, validation);
    expect(third).toMatchObject({ outcome: 'published', events: records.length, bytes: both[0]!.bytes });
    expect(catalogueOf(contents).manifest.serial).toBe(serial);
    expect(catalogueOf(contents).manifest.parts.map(({ rows }) => rows)).toEqual([records.length]);
  });

  it('of a newer generation takes the place of the older one, which can never come back', async () => {
    const { contents, validation: old } = await staged();
    const newer = await staged({ seed: 2, generation: 2 }, contents);
    const objects = memoryObjects(contents);
    // Stands still before it publishes.
    let goOn = () => {};
    const stopped = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    let reached = () => {};
    const isThere = new Promise<void>((resolve) => {
      reached = resolve;
    });
    let writes = 0;
    const slow: ObjectStore = {
      ...objects,
      below: (name) => ({
        ...objects.below(name),
        async write(...given) {
          if (given[0] === 'manifest.json' && ++writes === 2) {
            reached();
            await stopped;
          }
          return objects.below(name).write(...given);
        },
      }),
    };
    const zombie = insert(slow, old);
    await isThere;
    expect(await insert(objects, newer.validation)).toMatchObject({ outcome: 'published', events: 35 });
    const published = contentOf(contents);
    goOn();
    expect(await zombie).toMatchObject({ outcome: 'superseded' });
    expect(await insert(objects, old)).toMatchObject({ outcome: 'superseded' });
    expect(contentOf(contents)).toEqual(published);
    const { manifest, files } = await tablesOf(contents);
    expect(manifest.ingested).toMatchObject([{ generation: 2, isPublished: true }]);
    // Files of the first generation are declared no more, and their numbers are not given again.
    expect(files.map(({ file }) => file)).toEqual([3, 4, 5]);
  });

  it('that was interrupted anywhere is published by the next try as if nothing had been', {
    timeout: 120_000,
  }, async () => {
    const chains = { l1: [], hlt: ['HLT_A', 'HLT_B', 'HLT_C', 'HLT_D'] };
    const undisturbed = await staged({ objects: [[6], [5]], chains: [chains, chains], smk: undefined });
    const before = new Map(undisturbed.contents);
    await insert(memoryObjects(undisturbed.contents), undisturbed.validation);
    const expected = contentOf(undisturbed.contents);
    let stops = 0;
    for (let k = 0; ; k++) {
      const contents = new Map(before);
      const killed = stoppedAfter(memoryObjects(contents), k, k % 2 === 0);
      const outcome = await insert(killed, undisturbed.validation).catch((error) => error);
      if (!(outcome instanceof LumiscopeError)) break;
      stops++;
      await insert(memoryObjects(contents), undisturbed.validation);
      expect(contentOf(contents)).toEqual(expected);
    }
    expect(stops).toBeGreaterThan(24);
  });

  it('that took half a day names no object that a sweep may be about to remove', async () => {
    const { contents, validation } = await staged();
    const ago = 13 * 3_600_000;
    const objects = memoryObjects(contents, { now: () => Date.now() - ago });
    const isWritten = () => [...contents.keys()].some((path) => path.includes('/records-'));
    await insert(objects, validation, { now: () => new Date(Date.now() - (isWritten() ? 0 : ago)) });
    const { parts } = catalogueOf(contents).manifest;
    const paths = parts.flatMap(({ keys, records, index }) => [keys.path, records.path, index.path]);
    expect(paths).toHaveLength(3);
    for (const path of paths) expect(path).toMatch(/^dspid=1\/dstypeid=0\/\w+-[0-9a-f]{16}\.1\.parquet$/);
    expect(await recordsOfCatalogue(contents, false)).toHaveLength(
      validation.references.reduce((sum, { events }) => sum + events, 0),
    );
  });

  it('is published through a store whose answers get lost, and that refuses some', async () => {
    const { contents, validation } = await staged();
    const reference = new Map(contents);
    await insert(memoryObjects(reference), validation);
    for (let seed = 1; seed <= 8; seed++) {
      const own = new Map(contents);
      const objects = faultyObjects(memoryObjects(own), { seed, errors: 0.03, lost: 0.1 });
      for (let tries = 0; tries < 200; tries++)
        if ((await insert(objects, validation).catch(() => undefined))?.outcome === 'published') break;
      expect(contentOf(own)).toEqual(contentOf(reference));
    }
  });

  it('that is cancelled ends, and leaves no files', async () => {
    const { contents, validation } = await staged();
    const controller = new AbortController();
    controller.abort();
    const cancelled = insert(memoryObjects(contents), validation, { signal: controller.signal, memoryBytes: 1 });
    await expect(cancelled).rejects.toMatchObject({ tag: 'cancelled' });
  });

  it('keeps the numbers of its files when more are declared, and others of its container theirs', async () => {
    const { contents, validation } = await staged({ dataset: named(1) });
    const objects = memoryObjects(contents);
    const other = await staged({ dataset: named(2), seed: 9 }, contents);
    const change = { changedBy: 'here', title: 'T', now };
    const register = (one: Validation) =>
      registerDataset(catalogueIn(objects.below('catalogue')), one, change).then((found) =>
        found.state === 'registered' ? [...found.fileNumbers] : found.state,
      );
    const first = { ...validation, references: validation.references.slice(1) };
    expect(await register(first)).toEqual([0, 1]);
    expect(await register(other.validation)).toEqual([2, 3, 4]);
    expect(await register({ ...validation, generation: 2 })).toEqual([5, 0, 1]);
    expect(await register(first)).toBe('superseded');
  });
});

/** A store that ends with an operation. @param isDone whether that one is still done */
function stoppedAfter(store: ObjectStore, count: number, isDone: boolean): ObjectStore {
  let left = count;
  const gone = () => new LumiscopeError('source', 'the program was killed');
  const guard = async <T>(work: () => Promise<T>): Promise<T> => {
    if (left < 0) throw gone();
    if (left-- > 0) return work();
    if (isDone) await work();
    throw gone();
  };
  const wrap = (own: ObjectStore): ObjectStore => ({
    ...own,
    read: (...given) => guard(() => own.read(...given)),
    readRange: (...given) => guard(() => own.readRange(...given)),
    stat: (...given) => guard(() => own.stat(...given)),
    write: (...given) => guard(() => own.write(...given)),
    remove: (...given) => guard(() => own.remove(...given)),
    below: (name) => wrap(own.below(name)),
  });
  return wrap(store);
}
