import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { eventSet } from '../../../core/catalogue/stream.ts';
import type { Counts, DatasetRow, MenuRow } from '../../../core/catalogue/tables.ts';
import { stagedPath } from '../../../core/ingest/layout.ts';
import type { Validation } from '../../../core/ingest/validation.ts';
import { checkContainers } from '../../catalogue/check/checkContainers.ts';
import { compareRecords } from '../../catalogue/check/compareRecords.ts';
import { allContainers } from '../../catalogue/check/containers.ts';
import { openCatalogue } from '../../catalogue/openCatalogue.ts';
import { pickEvents } from '../../catalogue/pick/pickEvents.ts';
import { memoryThreads } from '../../catalogue/testing/memoryCatalogue.ts';
import { catalogueIn } from '../../catalogue/write/catalogueStore.ts';
import { memoryObjects } from '../../objects/testing/memoryObjects.ts';
import { type InsertOptions, insertDataset } from './insertDataset.ts';
import { failDataset } from './registerDataset.ts';
import { catalogueOf, recordsOfCatalogue, rowsOfObject } from './testing/readCatalogue.ts';
import { type DatasetShape, type PlainRecord, stageDataset } from './testing/stagedDataset.ts';

const spillFolder = mkdtempSync(join(tmpdir(), 'lumiscope-insert-'));
afterAll(() => {
  const left = readdirSync(spillFolder);
  rmSync(spillFolder, { recursive: true });
  expect(left).toEqual([]);
});

const now = () => new Date('2026-11-21T12:00:00Z');
const LOTS = 1e9;

function optionsFor(contents: Map<string, Uint8Array>, validation: Validation, memoryBytes = LOTS): InsertOptions {
  const objects = memoryObjects(contents);
  const catalogue = catalogueIn(objects.below('catalogue'));
  return { objects, catalogue, validation, spillFolder, memoryBytes, consumer: 'here', now };
}

/** Stages and inserts a dataset into a store of its own. */
async function inserted(shape: DatasetShape, memoryBytes = LOTS) {
  const contents = new Map<string, Uint8Array>();
  const staged = await stageDataset(memoryObjects(contents), shape);
  const result = await insertDataset(optionsFor(contents, staged.validation, memoryBytes));
  return { contents, ...staged, result, ...catalogueOf(contents) };
}

/** The records as they should stand in the catalogue: by event number, then `seq`, then in the order in which they are read. */
function sortedRecords(records: readonly PlainRecord[]): PlainRecord[] {
  return records.toSorted((a, b) => {
    const [x, y] = [a.eventno as bigint, b.eventno as bigint];
    return x < y ? -1 : x > y ? 1 : (a.seq as number) - (b.seq as number);
  });
}

/** Chains of a list in the order of their bits, which is that of their names. */
function canonical(record: PlainRecord): string {
  const entries = Object.entries(record).flatMap(([name, value]) => {
    // A column that no record of the dataset has is not there, or is empty.
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return [];
    return [`${name}=${Array.isArray(value) ? value.map(String).join(',') : String(value)}`];
  });
  return entries.sort().join(' ');
}

function dumbCounts(records: readonly PlainRecord[]): Required<Counts> {
  const byEvent = new Map<unknown, PlainRecord[]>();
  for (const record of records) byEvent.set(record.eventno, [...(byEvent.get(record.eventno) ?? []), record]);
  const several = [...byEvent.values()].filter(({ length }) => length > 1);
  return {
    events: records.length,
    events_uniq: byEvent.size,
    events_dup: several.length,
    files: new Set(records.map(({ guid }) => guid)).size,
    files_dup: new Set(several.flat().map(({ guid }) => guid)).size,
  };
}

const shapes: fc.Arbitrary<DatasetShape> = fc
  .record({
    seed: fc.nat(),
    objects: fc.array(fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 4,
    }),
    families: fc.subarray(['provenance', 'l1', 'hlt'] as const).map((families) => [...families]),
    numbers: fc.constantFrom(3, 60, 2 ** 32),
    first: fc.constantFrom(0n, 2n ** 32n - 20n, 2n ** 64n - 2n ** 32n),
    key: fc.constantFrom('smk', 'chains', 'differing chains'),
  })
  .map(({ key, ...shape }) => {
    if (key === 'smk') return { ...shape, smk: 77 };
    const chains = shape.objects.map((_, k) => {
      const from = key === 'chains' ? 0 : (shape.seed * (k + 1)) % 7;
      const named = (prefix: string) =>
        Array.from({ length: 5 }, (_, i) => `${prefix}${String((from + 2 * i) % 13).padStart(2, '0')}`).sort();
      return { l1: named('L1_'), hlt: named('HLT_') };
    });
    return { ...shape, chains };
  });

describe('records of a dataset', () => {
  it('are those that were staged, sorted, whatever the memory, and counted', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.constantFrom(1, 20_000, 200_000), async (shape, memoryBytes) => {
        const contents = new Map<string, Uint8Array>();
        const { validation, records } = await stageDataset(memoryObjects(contents), shape);
        const unsorted = new Map(contents);
        const result = await insertDataset(optionsFor(contents, validation));
        const { store, manifest } = catalogueOf(contents);
        const found = await recordsOfCatalogue(contents, shape.smk !== undefined);
        expect(found.map(canonical)).toEqual(sortedRecords(records).map(canonical));
        expect(result).toMatchObject({ outcome: 'published', events: records.length, spilled: 0 });
        const [row] = await rowsOfObject<DatasetRow>(store, manifest.tables.datasets.path);
        expect(row).toMatchObject({ ...dumbCounts(records), state: 'imported', events_rucio: records.length });

        const { spilled } = await insertDataset(optionsFor(unsorted, validation, memoryBytes));
        expect(catalogueOf(unsorted).manifest).toEqual(manifest);
        if (memoryBytes === 1 && records.length > 0) expect(spilled).toBeGreaterThan(0);
      }),
      { numRuns: 8 },
    );
  });

  it('are found by check and pick', async () => {
    const shape = {
      seed: 3,
      objects: [[40, 30], [25]],
      families: ['provenance', 'l1', 'hlt'] as never,
      numbers: 80,
      smk: 9,
    };
    const { store, records } = await inserted(shape, 1);
    const catalogue = await openCatalogue('memory', memoryThreads(store, 1));
    const [check] = await checkContainers(catalogue, allContainers(catalogue));
    expect(check).toMatchObject({ isComplete: true, rejected: [], missing: [], differing: [] });
    expect(check!.counts).toMatchObject(dumbCounts(records));
    const wrong = await compareRecords(catalogue, catalogue.tables.containers);
    expect(wrong).toEqual([]);
    const events = [...new Set(records.map(({ eventno }) => eventno as bigint))];
    const picked = await pickEvents(catalogue, { events: eventSet(348885, BigUint64Array.from(events)) });
    expect([picked.hitEvent.length, picked.missing.length]).toEqual([records.length, 0]);
    catalogue.close();
  });
});

describe('a dataset that can not be published', () => {
  const shape: DatasetShape = { seed: 5, objects: [[20, 10], [15]], families: ['hlt'], numbers: 100, smk: 4 };
  const staged = async (more: Partial<DatasetShape> = {}) => {
    const contents = new Map<string, Uint8Array>();
    return { contents, ...(await stageDataset(memoryObjects(contents), { ...shape, ...more })) };
  };

  it('is one whose object was changed, cut or is gone: the error names it', async () => {
    const { contents, validation } = await staged();
    const path = stagedPath(validation.objects[1]!.sha256);
    const bytes = contents.get(path)!;
    for (const [wrong, message] of [
      [bytes.with(100, bytes[100]! ^ 1), 'another checksum'],
      [bytes.slice(0, -1), `not ${bytes.length}`],
      [undefined, 'is not in the store'],
    ] as const) {
      if (wrong) contents.set(path, wrong);
      else contents.delete(path);
      const failure = insertDataset(optionsFor(contents, validation));
      await expect(failure).rejects.toMatchObject({ alarm: 'corrupt-object', place: { file: path } });
      await expect(failure).rejects.toThrow(message);
    }
    const { manifest } = catalogueOf(contents);
    expect(manifest.parts).toEqual([]);
  });

  it('is one whose counts or contents are not those that were chosen', async () => {
    const { contents, validation } = await staged();
    const withReference = (more: object): Validation => ({
      ...validation,
      references: validation.references.map((one, k) => (k === 1 ? { ...one, ...more } : one)),
    });
    const cases = [
      [withReference({ events: 9 }), 'counts-differ'],
      [withReference({ digest: '0'.repeat(64) }), 'contents-differ'],
      [withReference({ guid: '00000000-0000-0000-0000-000000000000' }), 'contents-differ'],
      [{ ...validation, dataset: validation.dataset.replace('Main', 'Late') }, 'contents-differ'],
    ] as const;
    for (const [wrong, alarm] of cases)
      await expect(insertDataset(optionsFor(new Map(contents), wrong))).rejects.toMatchObject({ alarm });
  });

  it('is one whose objects have different menu keys, or more chains than a catalogue holds', async () => {
    const first = await staged();
    const second = await staged({ seed: 6, smk: 5 });
    const contents = new Map([...first.contents, ...second.contents]);
    const validation: Validation = {
      ...first.validation,
      objects: [...first.validation.objects, ...second.validation.objects],
      references: [
        ...first.validation.references,
        ...second.validation.references.map((one) => ({ ...one, object: one.object + 2 })),
      ],
    };
    await expect(insertDataset(optionsFor(contents, validation))).rejects.toThrow('has the key 5');
    const { smk: _, ...without } = shape;
    const chains = (prefix: string) => ({
      l1: [],
      hlt: Array.from({ length: 3000 }, (_, k) => `${prefix}${String(k).padStart(4, '0')}`),
    });
    const many = new Map<string, Uint8Array>();
    const { validation: tooMany } = await stageDataset(memoryObjects(many), {
      ...without,
      chains: [chains('HLT_a'), chains('HLT_b')],
    });
    await expect(insertDataset(optionsFor(many, tooMany))).rejects.toThrow('more than 4096 chains');
    // NanoAOD has more of level 1 than ATLAS' masks have bits.
    const wide = { l1: chains('L1_').hlt.slice(0, 600), hlt: chains('HLT_').hlt.slice(0, 9) };
    const nano = new Map<string, Uint8Array>();
    const { validation: whole } = await stageDataset(memoryObjects(nano), { ...without, chains: [wide, wide] });
    expect(await insertDataset(optionsFor(nano, whole))).toMatchObject({ events: 45 });
  });

  it('is marked as failed, with the reason, and may be tried again', async () => {
    const { contents, validation } = await staged();
    const options = optionsFor(contents, validation);
    await failDataset(options.catalogue, validation, 'a file is wrong', { changedBy: 'here', title: 'T', now });
    const row = async () => {
      const { store, manifest } = catalogueOf(contents);
      return (await rowsOfObject<DatasetRow>(store, manifest.tables.datasets.path))[0];
    };
    expect(await row()).toMatchObject({ state: 'failed', state_details: 'a file is wrong', events_rucio: 45 });
    await insertDataset(options);
    expect(await row()).toMatchObject({ state: 'imported', state_details: '', events: 45 });
    await failDataset(options.catalogue, validation, 'too late', { changedBy: 'here', title: 'T', now });
    expect(await row()).toMatchObject({ state: 'imported' });
  });
});

it('keeps the bits of a key, and adds the chains that objects name to its menu', async () => {
  const l1 = ['L1_A', '', 'L1_C'];
  const hlt = ['HLT_A', 'HLT_B', 'HLT_C', ''];
  const { store, manifest } = await inserted({
    seed: 1,
    objects: [[5], [5]],
    families: ['l1', 'hlt'],
    numbers: 9,
    smk: 3,
    chains: [
      { l1, hlt },
      { l1, hlt },
    ],
  });
  const menu = await rowsOfObject<MenuRow>(store, manifest.tables.menus.path);
  expect(menu.map(({ smk, level, bit, chain }) => [smk, level, bit, chain])).toEqual([
    [3, 1, 0, 'L1_A'],
    [3, 1, 2, 'L1_C'],
    [3, 2, 0, 'HLT_A'],
    [3, 2, 1, 'HLT_B'],
    [3, 2, 2, 'HLT_C'],
  ]);
});

const PYTHON = process.env.LUMISCOPE_PYTHON;

it.skipIf(!PYTHON)('is read by DuckDB and pyarrow (needs LUMISCOPE_PYTHON)', { timeout: 120_000 }, async () => {
  const families: DatasetShape['families'] = ['provenance', 'l1', 'hlt'];
  const shape = { seed: 8, objects: [[2_000, 900], [1_500]], families, numbers: 3_000, smk: 2 };
  const { store, records } = await inserted(shape, 1);
  const folder = mkdtempSync(join(tmpdir(), 'lumiscope-parts-'));
  for (const [path, bytes] of store.objects) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const script = fileURLToPath(new URL('read_parts.py', import.meta.url));
  const found = JSON.parse(execFileSync(PYTHON!, [script, folder], { encoding: 'utf8' }));
  rmSync(folder, { recursive: true });
  const sum = (of: (record: PlainRecord) => number) => records.reduce((total, record) => total + of(record), 0);
  const expected = [
    records.length,
    dumbCounts(records).events_uniq,
    sum(({ seq }) => seq as number),
    sum(({ ph }) => (ph as number[]).length),
  ];
  expect(found).toEqual([expected, expected]);
});
