import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContainerCheck } from '../../../core/catalogue/completeness.ts';
import { type Duplicates, duplicatesByFile } from '../../../core/catalogue/duplicates.ts';
import { seqOf } from '../../../core/catalogue/eventKey.ts';
import type { Part } from '../../../core/catalogue/manifest.ts';
import type { ContainerRow, Counts, DatasetRow, FileRow } from '../../../core/catalogue/tables.ts';
import { openCatalogue } from '../openCatalogue.ts';
import { MemoryStore, memoryThreads, openInMemory } from '../testing/memoryCatalogue.ts';
import { anyRecords, seeded } from '../testing/records.ts';
import { PartWriter } from '../write/partWriter.ts';
import { checkContainers } from './checkContainers.ts';
import { compareRecords } from './compareRecords.ts';
import { allContainers } from './containers.ts';
import { listDuplicates } from './listDuplicates.ts';
import { overlapsOf, storeCheck } from './storeCheck.ts';
import { objectsOf, verifyObjects } from './verifyObjects.ts';

const PYTHON = process.env.LUMISCOPE_PYTHON;
const SCRIPT = fileURLToPath(new URL('duckdb_counts.py', import.meta.url));
const LAST = 2n ** 64n - 1n;
const FAMILY = {
  dspid: 7,
  project: 'data18_13TeV',
  runNumber: 358031,
  streamName: 'physics_Main',
  prodStep: 'deriv',
  amiTag: 'r1_p2',
};

/** A record: its event number and its file. Files are of the tids 100 + file % 2. */
type Row = [eventno: bigint, file: number];
const tidOf = (file: number) => 100 + (file % 2);

async function writeParts(store: MemoryStore, dstypeid: number, parts: readonly (readonly Row[])[]): Promise<Part[]> {
  const all: Part[] = [];
  for (const rows of parts) {
    const sorted = rows.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    const writer = new PartWriter(store, { dspid: 7, dstypeid, families: [] });
    const file = sorted.map(([, own]) => own);
    const given = { file, tid: file.map((own) => BigInt(tidOf(own))) };
    await writer.add(
      anyRecords(
        sorted.map(([eventno]) => eventno),
        [],
        1,
        given,
      ),
    );
    all.push(...(await writer.finish()));
  }
  return all;
}

const dataset = (dstypeid: number, tid: number, more: Partial<DatasetRow> = {}): DatasetRow => ({
  dspid: 7,
  dstypeid,
  tid,
  project: 'data18_13TeV',
  run_number: 358031,
  stream_name: 'physics_Main',
  prod_step: 'deriv',
  data_type: 'DAOD_PHYS',
  ami_tag: 'r1_p2',
  events_rucio: 0,
  files_rucio: 0,
  bytes: 0,
  state: 'imported',
  state_details: '',
  state_time: 0,
  inserted: 0,
  source_path: '',
  is_open: false,
  has_raw: false,
  has_trigger: false,
  prov_seen: false,
  ...more,
});
const container = (dstypeid: number, more: Partial<ContainerRow> = {}): ContainerRow => ({
  dspid: 7,
  dstypeid,
  name: `container ${dstypeid}`,
  datasets: 2,
  events_rucio: 0,
  files_rucio: 0,
  bytes: 0,
  ...more,
});
const declared = (dstypeid: number, file: number, events_rucio: number, tid = tidOf(file)): FileRow => ({
  dspid: 7,
  dstypeid,
  file,
  tid,
  guid_hi: 1n,
  guid_lo: BigInt(file),
  events_rucio,
  bytes: 1,
});

function dumbDuplicates(rows: readonly Row[]): [bigint, number[]][] {
  const files = new Map<bigint, number[]>();
  for (const [event, file] of rows) files.set(event, [...(files.get(event) ?? []), file]);
  return [...files]
    .filter(([, own]) => own.length > 1)
    .map(([event, own]): [bigint, number[]] => [event, own.sort((a, b) => a - b)])
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

const plain = ({ eventno, offsets, files }: Duplicates) =>
  Array.from(eventno, (event, i): [bigint, number[]] => [event, [...files.subarray(offsets[i], offsets[i + 1])]]);

const row = fc.tuple(
  fc.oneof(
    fc.bigInt({ min: 0n, max: 9n }),
    fc.bigInt({ min: LAST - 3n, max: LAST }),
    fc.bigInt({ min: 0n, max: LAST }),
  ),
  fc.nat(5),
);

describe('duplicates', () => {
  it('are those that a dumb count finds, of a container, a dataset and a file, whatever parts and threads', async () => {
    const shapes = fc.record({
      parts: fc.array(fc.array(row, { maxLength: 25 }), { maxLength: 4 }),
      scope: fc.record({ tid: fc.constantFrom(undefined, 100, 101), file: fc.option(fc.nat(5), { nil: undefined }) }),
      workers: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async ({ parts, scope, workers }) => {
        const store = new MemoryStore();
        const catalogue = await openInMemory(
          store,
          { families: [FAMILY], parts: await writeParts(store, 1, parts) },
          {},
          workers,
        );
        const rows = parts
          .flat()
          .filter(([, file]) => scope.tid === undefined || tidOf(file) === scope.tid)
          .filter(([, file]) => scope.file === undefined || file === scope.file);
        const found = await listDuplicates(catalogue, { dspid: 7, dstypeid: 1 }, { scope });
        const dumb = dumbDuplicates(rows);
        expect(plain(found)).toEqual(dumb);
        const { file, offsets, events } = duplicatesByFile(found);
        const byFile = Array.from(file, (own, i) => [own, [...events.subarray(offsets[i], offsets[i + 1])]]);
        const files = [...new Set(dumb.flatMap(([, own]) => own))].sort((a, b) => a - b);
        expect(byFile).toEqual(
          files.map((own) => [own, dumb.flatMap(([, holders], event) => (holders.includes(own) ? [event] : []))]),
        );
        expect(plain(await listDuplicates(catalogue, { dspid: 7, dstypeid: 1 }, { scope, most: 2 }))).toEqual(
          dumb.slice(0, 2),
        );
        catalogue.close();
      }),
      { numRuns: 15 },
    );
  });
});

describe('a check', () => {
  const rows: Row[] = [
    [1n, 0],
    [2n, 0],
    [2n, 2],
    [3n, 1],
    [LAST, 1],
    [5n, 9],
    [6n, 4],
  ];
  const tables = {
    containers: [container(1, { events_rucio: 8, files_rucio: 5 })],
    datasets: [
      dataset(1, 100, { events_rucio: 5, files_rucio: 3, is_open: true }),
      dataset(1, 101, { events_rucio: 2, files_rucio: 1 }),
    ],
    // File 9 is not declared, file 6 has no records, file 4 is declared for another tid, of file 2 too few came.
    dsguids: [
      declared(1, 0, 2),
      declared(1, 1, 2),
      declared(1, 2, 2),
      declared(1, 4, 1, 101),
      declared(1, 6, 1),
      declared(1, 8, 0),
    ],
  };

  it('holds records against what is declared: files that are missing or differ, and records that belong to nothing', async () => {
    const store = new MemoryStore();
    const parts = await writeParts(store, 1, [rows.slice(0, 4), rows.slice(4)]);
    const catalogue = await openInMemory(store, { families: [FAMILY], parts }, tables);
    const progress: number[] = [];
    const [check] = await checkContainers(catalogue, allContainers(catalogue), {
      onProgress: ({ records }) => progress.push(records),
    });
    expect(progress.at(-1)).toBe(7);
    expect(check).toMatchObject({ events_rucio: 8, files_rucio: 5, rejectedRecords: 2, isComplete: false });
    expect(check!.counts).toMatchObject({ events: 7, events_uniq: 6, events_dup: 1, files: 5, files_dup: 2 });
    expect(check!.missing.map(({ file }) => file.file)).toEqual([6]);
    expect(check!.differing.map(({ file, events }) => [file.file, events, file.events_rucio])).toEqual([[2, 1, 2]]);
    expect(check!.rejected).toEqual([
      { file: 4, tid: 100, events: 1, reason: 'file 4 is declared for the tid 101' },
      { file: 9, tid: 101, events: 1, reason: 'file 9 is not declared' },
    ]);
    expect(check!.datasets).toMatchObject([
      {
        tid: 100,
        name: 'data18_13TeV.00358031.physics_Main.deriv.DAOD_PHYS.r1_p2_tid00000001_00',
        events: 4,
        files_missing: 1,
        files_differ: 1,
        rejected: 1,
        state: 'failed',
        details:
          '4 of 5 events; 1 of 3 files missing; 1 file with more or fewer events than declared; 1 record rejected; 1 event more than once, in 2 files',
      },
      { tid: 101, events: 3, rejected: 1, state: 'failed', details: '3 of 2 events; 1 record rejected' },
    ]);
  });

  it('finds a dataset complete, or still to be filled', async () => {
    const store = new MemoryStore();
    const parts = await writeParts(store, 1, [rows.slice(0, 5)]);
    const catalogue = await openInMemory(
      store,
      { families: [FAMILY], parts },
      {
        ...tables,
        dsguids: tables.dsguids.filter(({ file }) => file !== 4),
      },
    );
    const [check] = await checkContainers(catalogue, allContainers(catalogue));
    expect(check!.datasets.map(({ state, details }) => [state, details])).toEqual([
      [
        'imported',
        '3 of 5 events; 1 of 3 files missing; 1 file with more or fewer events than declared; 1 event more than once, in 2 files',
      ],
      ['validated', ''],
    ]);
  });

  it.each([
    ['registered', false, 'registered'],
    ['importing', false, 'importing'],
    ['imported', false, 'failed'],
    ['validated', true, 'imported'],
    ['obsolete', false, 'obsolete'],
  ] as const)('without records, a dataset that was %s (open: %s) is %s', async (state, is_open, then) => {
    const catalogue = await openInMemory(
      new MemoryStore(),
      { families: [FAMILY] },
      {
        containers: [container(1)],
        datasets: [dataset(1, 100, { state, is_open, events_rucio: 5, files_rucio: 1 })],
        dsguids: [declared(1, 0, 5)],
      },
    );
    const [check] = await checkContainers(catalogue, catalogue.tables.containers);
    expect(check!.datasets).toMatchObject([{ events: 0, files_missing: 1, state: then }]);
    expect(check!.isComplete).toBe(false);
  });

  it('does not pass by records of what no table knows', async () => {
    const store = new MemoryStore();
    const parts = await writeParts(store, 5, [rows]);
    const catalogue = await openInMemory(store, { families: [FAMILY], parts });
    const [check] = await checkContainers(catalogue, allContainers(catalogue));
    expect(check).toMatchObject({ name: 'dspid=7/dstypeid=5', rejectedRecords: 7, isComplete: false });
    expect(check!.rejected[0]!.reason).toBe('there is no dataset with the tid 100');
  });

  it('counts what the EventIndex counted: 128,077 records, 94,256 distinct events, 27,805 of them more than once', async () => {
    const distinct = 94_256;
    const twice = 27_805;
    const thrice = 128_077 - distinct - twice;
    const events = Array.from({ length: distinct }, (_, i): Row[] =>
      Array.from({ length: i < thrice ? 3 : i < twice ? 2 : 1 }, (_, k): Row => [BigInt(i * 31), (i + k) % 4]),
    ).flat();
    const store = new MemoryStore();
    const catalogue = await openInMemory(
      store,
      {
        families: [FAMILY],
        parts: await writeParts(store, 1, [events.filter((_, i) => i % 3 > 0), events.filter((_, i) => i % 3 === 0)]),
      },
      { containers: [container(1)] },
    );
    const [check] = await checkContainers(catalogue, catalogue.tables.containers);
    expect(check!.counts).toMatchObject({
      events: 128_077,
      events_uniq: 94_256,
      events_dup: 27_805,
      files: 4,
      files_dup: 4,
    });
    const duplicates = await listDuplicates(catalogue, { dspid: 7, dstypeid: 1 });
    expect([duplicates.eventno.length, duplicates.files.length]).toEqual([27_805, 27_805 + 27_805 + thrice]);
  });
});

it.skipIf(!PYTHON)('counts and lists what DuckDB does (needs LUMISCOPE_PYTHON)', { timeout: 120_000 }, async () => {
  const random = seeded(11);
  const any = (): Row => {
    const near = random() < 0.5;
    return [
      near ? LAST - BigInt(Math.floor(random() * 20_000)) : BigInt(Math.floor(random() * 20_000)),
      Math.floor(random() * 90),
    ];
  };
  const store = new MemoryStore();
  const parts = await writeParts(
    store,
    1,
    [9_000, 20_000, 1].map((rows) => Array.from({ length: rows }, any)),
  );
  const catalogue = await openInMemory(store, { families: [FAMILY], parts }, { containers: [container(1)] }, 3);
  const [{ counts }] = (await checkContainers(catalogue, catalogue.tables.containers)) as [ContainerCheck];
  const folder = mkdtempSync(join(tmpdir(), 'lumiscope-keys-'));
  const paths = parts.map(({ keys }, k) => {
    const path = join(folder, `${k}.parquet`);
    writeFileSync(path, store.objects.get(keys.path)!);
    return path;
  });
  const oracle = JSON.parse(execFileSync(PYTHON!, [SCRIPT, ...paths], { encoding: 'utf8', maxBuffer: 1e8 }));
  rmSync(folder, { recursive: true });
  const plainCounts = ({ events, events_uniq, events_dup, files, files_dup }: Required<Counts>) => [
    events,
    events_uniq,
    events_dup,
    files,
    files_dup,
  ];
  expect(plainCounts(counts)).toEqual(oracle.all);
  expect(Object.fromEntries(counts.tids.map((own) => [String(own.tid), plainCounts(own)]))).toEqual(oracle.tids);
  const duplicates = plain(await listDuplicates(catalogue, { dspid: 7, dstypeid: 1 }));
  expect(duplicates.map(([event, files]) => [String(event), files])).toEqual(oracle.duplicates);
  expect(duplicates.length).toBeGreaterThan(5_000);
});

describe('what is stored', () => {
  const setUp = async () => {
    const store = new MemoryStore();
    const parts = [
      ...(await writeParts(store, 1, [
        [
          [1n, 0],
          [2n, 0],
          [2n, 2],
        ],
      ])),
      ...(await writeParts(store, 3, [
        [
          [2n, 0],
          [3n, 0],
        ],
      ])),
      ...(await writeParts(store, 2, [[[9n, 0]]])),
    ];
    const catalogue = await openInMemory(
      store,
      { families: [FAMILY], parts },
      {
        containers: [1, 2, 3].map((type) => container(type, { events_rucio: 3 })),
        datasets: [
          dataset(1, 100, { events_rucio: 3, files_rucio: 2 }),
          dataset(3, 100, { events_rucio: 2, files_rucio: 1, state: 'obsolete' }),
          dataset(2, 100),
        ],
        dsguids: [declared(1, 0, 2), declared(1, 2, 1), declared(2, 0, 1), declared(3, 0, 2)],
      },
    );
    const some = catalogue.tables.containers.filter(({ dstypeid }) => dstypeid !== 2);
    const checks = await checkContainers(catalogue, some);
    return { store, catalogue, checks, overlaps: await overlapsOf(catalogue, checks) };
  };
  const NOW = new Date('2026-11-21T22:00:00.000Z');

  it('are counts, states and overlaps of what was checked, as the next version; other rows stay', async () => {
    const { store, catalogue, checks, overlaps } = await setUp();
    const pair = { events_stream1_only: 1, events_stream2_only: 1, events_bothstreams: 1, ratio: 1 / 3 };
    expect(overlaps).toEqual([{ dspid: 7, dstypeid1: 1, dstypeid2: 3, ...pair }]);
    await storeCheck(store, catalogue, { checks, overlaps }, 'anna', NOW);
    const next = await openCatalogue('memory', memoryThreads(store));
    expect(next.manifest).toMatchObject({ serial: 2, changed: NOW.toISOString(), changedBy: 'anna' });
    const counts = { files: 2, events: 3, events_uniq: 2, events_dup: 1, files_dup: 2 };
    expect(next.tables.containers).toMatchObject([counts, {}, { events: 2, events_dup: 0 }]);
    expect(next.tables.containers[1]!.events).toBeUndefined();
    expect(next.tables.datasets).toMatchObject([
      { ...counts, state: 'validated', state_details: '1 event more than once, in 2 files', state_time: NOW.getTime() },
      { events: 2, state: 'obsolete' },
      { state: 'imported', state_time: 0 },
    ]);
    expect(await next.overlaps()).toEqual(overlaps);
    // A second check of other pairs leaves the first one's.
    const more = [{ dspid: 7, dstypeid1: 1, dstypeid2: 2, ...pair }];
    await storeCheck(store, next, { checks: [], overlaps: more }, 'anna', NOW);
    const last = await openCatalogue('memory', memoryThreads(store));
    expect(await last.overlaps()).toEqual([...more, ...overlaps]);
  });

  it('is refused where the catalogue changed since it was opened, and says by whom', async () => {
    const { store, catalogue, ...results } = await setUp();
    await storeCheck(store, catalogue, results, 'berta', NOW);
    const before = store.objects.get('manifest.json');
    const late = storeCheck(store, catalogue, results, 'anna', NOW);
    await expect(late).rejects.toThrow(/by berta, 2026-11-21T22:00:00.000Z: it is version 2 now/);
    expect(store.objects.get('manifest.json')).toBe(before);
  });

  it('can be verified, object by object: those that are damaged or gone are all named', async () => {
    const { store, catalogue } = await setUp();
    const objects = objectsOf(catalogue.manifest);
    expect(objects).toHaveLength(5 + 9);
    expect(await verifyObjects(catalogue, objects)).toEqual([]);
    const [first, , second] = catalogue.manifest.parts;
    const bytes = store.objects.get(first!.records.path)!.slice();
    bytes[9]! ^= 1;
    store.objects.set(first!.records.path, bytes);
    store.objects.delete(second!.index.path);
    const wrong = await verifyObjects(catalogue, objects);
    expect(wrong.map(({ path, error }) => [path, error.message])).toEqual([
      [first!.records.path, expect.stringContaining('another checksum')],
      [second!.index.path, expect.stringContaining('not copied whole')],
    ]);
    expect(objectsOf(catalogue.manifest, [first!])).toEqual([first!.keys, first!.records, first!.index]);
  });
});

it('records are held against keys, the CRC of their references, and the GUIDs of their files', async () => {
  const store = new MemoryStore();
  const rows = 3_000;
  const records = anyRecords(
    Array.from({ length: rows }, (_, i) => BigInt(i)),
    [],
    1,
    { file: Array.from({ length: rows }, () => 0), tid: Array.from({ length: rows }, () => 100n) },
  );
  const column = (name: string) => records.columns.get(name)!.values as BigUint64Array;
  column('guid_hi').fill(1n);
  column('guid_lo').fill(0n);
  const seq = records.columns.get('seq')!.values as Int16Array;
  for (let i = 0; i < rows; i++) {
    const [oid1, oid2] = [column('oid1')[i]!, column('oid2')[i]!];
    seq[i] = seqOf({ guid: { hi: 1n, lo: 0n }, oid1, oid2 });
  }
  const write = async (change: () => void) => {
    change();
    const writer = new PartWriter(store, { dspid: 7, dstypeid: 1, families: [] });
    await writer.add(records);
    return (await writer.finish())[0]!;
  };
  const right = await write(() => undefined);
  const wrong = await write(() => {
    column('guid_lo')[2_000] = 5n;
    column('oid1')[7]! ^= 1n;
  });
  const tables = { containers: [container(1)], dsguids: [declared(1, 0, rows, 100)] };
  const compare = async (part: Part) => {
    const catalogue = await openInMemory(store, { families: [FAMILY], parts: [part] }, tables);
    return compareRecords(catalogue, catalogue.tables.containers);
  };
  expect(await compare(right)).toEqual([]);
  const crc = 'has a seq that is not the CRC of its reference';
  expect(await compare(wrong)).toMatchObject([
    {
      records: 2,
      first: [
        expect.stringContaining(`row 7, event 7 of file 0 ${crc}`),
        expect.stringContaining(`row 2000, event 2000 of file 0 ${crc}`),
      ],
    },
  ]);
  // Keys of the one, records of the other: the same events, another seq.
  const mixed = await write(() => {
    seq[9]! ^= 1;
  });
  const [found] = await compare({ ...right, keys: mixed.keys });
  expect(found).toMatchObject({
    records: 1,
    first: [expect.stringMatching(/row 9, event 9 of file 0 is another one in keys: event 9, seq -?\d+, file 0$/)],
  });
  const other = { ...tables, dsguids: [{ ...declared(1, 0, rows, 100), guid_lo: 3n }] };
  const catalogue = await openInMemory(store, { families: [FAMILY], parts: [right] }, other);
  const [guids] = await compareRecords(catalogue, catalogue.tables.containers);
  expect([guids!.records, guids!.first[0]]).toEqual([
    rows,
    expect.stringMatching(/event 0 of file 0 has another GUID than its file$/),
  ]);
  store.objects.delete(right.records.path);
  expect((await compareRecords(catalogue, catalogue.tables.containers))[0]!.error!.message).toMatch(/not copied whole/);
});
