import { beforeAll, describe, expect, it } from 'vitest';
import { printReference, seqOf } from '../../../core/catalogue/eventKey.ts';
import type { Manifest, Part } from '../../../core/catalogue/manifest.ts';
import type { FileRow } from '../../../core/catalogue/tables.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { concatenate } from '../../convert/rows.ts';
import { type OpenCatalogue, openCatalogue } from '../openCatalogue.ts';
import { readGroups, readIndex } from '../read/recordReader.ts';
import { MemoryStore, memoryThreads } from '../testing/memoryCatalogue.ts';
import { generateCatalogue, generateDataset } from './generateCatalogue.ts';
import { type CatalogueOptions, DEFAULTS, planCatalogue } from './plan.ts';

const OPTIONS: CatalogueOptions = { ...DEFAULTS, seed: 7, events: 400, derivations: 5, duplicates: 0.1, chains: 1024 };

async function generate(options: Partial<CatalogueOptions> = {}): Promise<{ store: MemoryStore; manifest: Manifest }> {
  const store = new MemoryStore();
  return { store, manifest: await generateCatalogue(store, { ...OPTIONS, ...options }, { title: 'Test' }) };
}

type Records = Map<string, ColumnData>;

async function read(store: MemoryStore, part: Part): Promise<Records> {
  const index = await readIndex(store.source(part.index.path), part);
  const batches = await readGroups(store.source(part.records.path), index, [...index.first.keys()]);
  return new Map(
    [...batches[0]!.columns.keys()].map((name) => [
      name,
      concatenate(batches.map((batch) => batch.columns.get(name)!)),
    ]),
  );
}

const big = (records: Records, name: string) => records.get(name)!.values as BigUint64Array;
const numbers = (records: Records, name: string) => [...records.get(name)!.values].map(Number);
/** The list of record `row`. */
const list = (records: Records, name: string, row: number) => {
  const { offsets, values } = records.get(name)!;
  return [...values.slice(offsets[0]![row], offsets[0]![row + 1])].map(Number);
};
const reference = (records: Records, row: number) => ({
  guid: { hi: big(records, 'guid_hi')[row]!, lo: big(records, 'guid_lo')[row]! },
  oid1: big(records, 'oid1')[row]!,
  oid2: big(records, 'oid2')[row]!,
});
/** How often each event number occurs. */
const occurrences = (records: Records) => {
  const counts = new Map<bigint, number>();
  for (const eventno of big(records, 'eventno')) counts.set(eventno, (counts.get(eventno) ?? 0) + 1);
  return counts;
};

describe('a generated catalogue', () => {
  let store: MemoryStore;
  let catalogue: OpenCatalogue;
  /** By project, run number, AMI tag and data type. */
  const records = new Map<string, Records>();
  const of = (name: string) => records.get(name)!;

  beforeAll(async () => {
    ({ store } = await generate());
    catalogue = await openCatalogue('memory', memoryThreads(store));
    const { parts, families } = catalogue.manifest;
    for (const part of parts) {
      const { project, runNumber, streamName, amiTag } = families.find(({ dspid }) => dspid === part.dspid)!;
      const { format, group } = catalogue.tables.dstypes.find(({ dstypeid }) => dstypeid === part.dstypeid)!;
      const type = group ? `${format}_${group}` : format;
      records.set([project, runNumber, streamName, amiTag, type].join(' '), await read(store, part));
    }
    return () => catalogue.close();
  }, 30_000);

  it('is the same bytes for the same seed, in whatever order its datasets are made, and others for another', async () => {
    const small = { events: 60, derivations: 2, chains: 128 };
    const first = await generate(small);
    const other = new MemoryStore();
    const plan = planCatalogue({ ...OPTIONS, ...small });
    const make = (index: number) => generateDataset(other, plan, index);
    await generateCatalogue(other, { ...OPTIONS, ...small }, { title: 'Test', makers: [make, make, make] });
    expect([...other.objects.keys()].sort()).toEqual([...first.store.objects.keys()].sort());
    expect(other.objects.get('manifest.json')).toEqual(first.store.objects.get('manifest.json'));
    const { manifest } = await generate({ ...small, seed: 8 });
    expect(manifest.parts[0]!.records.sha256).not.toBe(first.manifest.parts[0]!.records.sha256);
  });

  it('has records whose seq is that of their reference, and whose places in a file are all taken', () => {
    for (const [name, one] of records) {
      const rows = one.get('eventno')!.length;
      for (let row = 0; row < rows; row += 17) {
        expect(numbers(one, 'seq')[row]).toBe(seqOf(reference(one, row)));
      }
      if (!name.endsWith('r13286_p5057 DAOD_PHYS')) continue;
      const places = new Map<number, number[]>();
      const file = numbers(one, 'file');
      numbers(one, 'oid2').forEach((place, row) => {
        places.set(file[row]!, [...(places.get(file[row]!) ?? []), place]);
      });
      for (const taken of places.values()) expect(taken.sort((a, b) => a - b)).toEqual(taken.map((_, k) => k));
    }
  });

  it.each([
    ['data18_13TeV 348885 physics_Main', 'r13286_p5057 DAOD_EGAM7', ['r13286_p4910 AOD', 'o1 RAW']],
    ['data12_8TeV 207490 physics_Muons', 'r4065_p1278_p1562 NTUP_SMWZ', ['r4065_p1278 AOD', 'r4065 ESD', 'o1 RAW']],
  ])('names the records that those of %s %s were made from, up to RAW', (run, derived, parents) => {
    const one = of(`${run} ${derived}`);
    const upstream = parents.map((name) => {
      const parent = of(`${run} ${name}`);
      return new Map(
        [...big(parent, 'eventno')].map((eventno, row) => [printReference(reference(parent, row)), eventno]),
      );
    });
    const { offsets } = one.get('prov_dstypeid')!;
    const eventno = big(one, 'eventno');
    for (let row = 0; row < eventno.length; row++) {
      expect(offsets[0]![row + 1]! - offsets[0]![row]!).toBe(parents.length);
      parents.forEach((_, step) => {
        const at = offsets[0]![row]! + step;
        const origin = {
          guid: { hi: big(one, 'prov_guid_hi')[at]!, lo: big(one, 'prov_guid_lo')[at]! },
          oid1: big(one, 'prov_oid1')[at]!,
          oid2: big(one, 'prov_oid2')[at]!,
        };
        expect(upstream[step]!.get(printReference(origin))).toBe(eventno[row]);
      });
    }
  });

  it('fires some of many chains: of level 1 fewer after prescales, fewer still after the veto', () => {
    const aod = of('data18_13TeV 348885 physics_Main r13286_p4910 AOD');
    const rows = aod.get('eventno')!.length;
    const sums = { tbp: 0, tap: 0, tav: 0, hlt: 0 };
    for (let row = 0; row < rows; row++) {
      const [tbp, tap, tav] = ['tbp', 'tap', 'tav'].map((name) => list(aod, name, row)) as [
        number[],
        number[],
        number[],
      ];
      expect(tbp).toEqual(expect.arrayContaining(tap));
      expect(tap).toEqual(expect.arrayContaining(tav));
      expect(tbp).toEqual([...new Set(tbp)].sort((a, b) => a - b));
      expect(Math.max(...tbp)).toBeLessThan(512);
      const [ph, pt, rs] = ['ph', 'pt', 'rs'].map((name) => list(aod, name, row)) as [number[], number[], number[]];
      expect(ph.length).toBeGreaterThan(0);
      expect(ph.filter((bit) => rs.includes(bit))).toEqual([]);
      sums.tbp += tbp.length;
      sums.tap += tap.length;
      sums.tav += tav.length;
      sums.hlt += ph.length + pt.length + rs.length;
    }
    expect(sums.tap / sums.tbp).toBeLessThan(0.7);
    expect(sums.tav / sums.tap).toBeLessThan(0.98);
    expect(sums.tbp / rows).toBeGreaterThan(20);
    expect(sums.tbp / rows).toBeLessThan(90);
    expect(sums.hlt / rows).toBeGreaterThan(10);
    expect(sums.hlt / rows).toBeLessThan(100);
  });

  it('has a chain for every bit, in the menu of the dataset', async () => {
    for (const { dspid, dstypeid, smk, has_trigger: triggered } of catalogue.tables.datasets) {
      expect(triggered).toBe(smk !== undefined);
      const part = catalogue.manifest.parts.find((one) => one.dspid === dspid && one.dstypeid === dstypeid);
      if (smk === undefined || !part) continue;
      const menu = await catalogue.menu(smk);
      const one = await read(store, part);
      for (const [level, names] of [
        [1, ['tbp', 'tap', 'tav']],
        [2, ['ph', 'pt', 'rs']],
        [3, ['lph', 'lpt', 'lrs']],
      ] as const) {
        const known = new Set(menu.filter((row) => row.level === level).map(({ bit }) => bit));
        for (const name of names) expect(numbers(one, name).filter((bit) => !known.has(bit))).toEqual([]);
      }
    }
  });

  it('keeps times, luminosity blocks and event numbers in step', () => {
    const aod = of('data18_13TeV 348885 physics_Main r13286_p4910 AOD');
    const time = big(aod, 'time');
    const start = BigInt(Date.UTC(2018, 3, 28, 15, 12)) * 1_000_000n;
    const lb = numbers(aod, 'lb');
    expect(lb).toEqual([...time].map((ns) => 1 + Number((ns - start) / 60_000_000_000n)));
    expect(lb).toEqual([...lb].sort((a, b) => a - b));
    expect(Math.max(...numbers(aod, 'bcid'))).toBeLessThan(3564);
    const ids = numbers(aod, 'l1id');
    expect(ids[5]! >>> 24).toBe(Number(((time[5]! - start) / 5_000_000_000n) & 255n));
  });

  it('puts events into files that have little to do with their numbers', () => {
    const phys = of('data18_13TeV 348885 physics_Main r13286_p5057 DAOD_PHYS');
    const file = numbers(phys, 'file');
    expect(file.filter((one, row) => one === file[row + 1]).length / file.length).toBeLessThan(0.2);
  });

  it('overlaps as derivations do: nearly the same, within one another, and apart', () => {
    const events = (type: string) =>
      new Set(big(of(`data18_13TeV 348885 physics_Main r13286_p5057 ${type}`), 'eventno'));
    const [phys, egam1, muon1] = ['DAOD_PHYS', 'DAOD_EGAM1', 'DAOD_MUON1'].map(events) as [
      Set<bigint>,
      Set<bigint>,
      Set<bigint>,
    ];
    expect([...egam1].filter((event) => !phys.has(event))).toEqual([]);
    const both = [...egam1].filter((event) => muon1.has(event)).length;
    expect(both / egam1.size).toBeLessThan(0.1);
  });

  it('declares more than it holds in some datasets, less in one, and just that in the others', async () => {
    const short: string[] = [];
    const more: string[] = [];
    for (const { dspid, dstypeid, name, events_rucio: declared, files_rucio: files } of catalogue.tables.containers) {
      const found = catalogue.manifest.parts.filter((part) => part.dspid === dspid && part.dstypeid === dstypeid);
      const rows = found.reduce((sum, part) => sum + part.rows, 0);
      const declaredFiles = await catalogue.files(dspid, dstypeid);
      expect(declaredFiles.reduce((sum, file: FileRow) => sum + file.events_rucio, 0)).toBe(declared);
      expect(declaredFiles).toHaveLength(files);
      if (rows < declared) short.push(name);
      else if (rows > declared) more.push(name);
    }
    expect(short.length).toBeGreaterThan(2);
    expect(short.length).toBeLessThan(catalogue.tables.containers.length / 2);
    expect(more).toEqual(['data18_13TeV.00358031.physics_Main.deriv.DAOD_TOPQ1.r13286_p5057']);
    expect(catalogue.tables.datasets.some(({ is_open: open }) => open)).toBe(true);
    expect(new Set(catalogue.tables.datasets.map(({ state }) => state)).size).toBeGreaterThan(3);
  });

  it('simulates with channels and signed weights, numbers from 1 on, and no luminosity blocks', () => {
    const aod = of('mc16_13TeV 410470 PhPy8EG_A14_ttbar_hdamp258p75_nonallhad e6337_s3126_r10201 AOD');
    expect([...big(aod, 'eventno').slice(0, 3)]).toEqual([1n, 2n, 3n]);
    expect(new Set(numbers(aod, 'mc_channel'))).toEqual(new Set([410470]));
    expect(aod.get('lb')!.valid).toEqual(new Uint8Array(aod.get('eventno')!.length));
    expect(of('data18_13TeV 348885 physics_Main o1 RAW').get('mc_weight')!.valid!.includes(1)).toBe(false);
  });
});

describe('event numbers and duplicates', () => {
  it('go up to 2^64 − 1', async () => {
    const { store, manifest } = await generate({
      plain: true,
      derivations: 1,
      events: 1000,
      runNumbers: [5],
      firstEvent: 2n ** 64n - 1000n,
      duplicates: 0,
    });
    const records = await read(store, manifest.parts[0]!);
    expect(big(records, 'eventno').at(-1)).toBe(2n ** 64n - 1n);
    expect(manifest.parts[0]!.last).toBe('18446744073709551615');
    expect(() => planCatalogue({ ...OPTIONS, derivations: 101 })).toThrow(/1 to 100/);
    await expect(generate({ firstEvent: 2n ** 64n - 10n })).rejects.toThrow(/can't have 400 events/);
  });

  it.each([0, 0.013, 0.25, 1])('have the share of duplicates that was asked for: %d', async (duplicates) => {
    const { store, manifest } = await generate({
      plain: true,
      families: [],
      derivations: 3,
      runNumbers: [5],
      duplicates,
    });
    for (const part of manifest.parts) {
      const records = await read(store, part);
      const counts = [...occurrences(records).values()];
      expect(counts.filter((count) => count > 1)).toHaveLength(Math.floor(counts.length * duplicates));
      expect(Math.max(...counts)).toBeLessThanOrEqual(3);
    }
  });

  it('have duplicates within a file and across files', async () => {
    const { store, manifest } = await generate({
      plain: true,
      families: [],
      derivations: 1,
      runNumbers: [5],
      duplicates: 0.5,
    });
    const records = await read(store, manifest.parts[0]!);
    const [eventno, file] = [big(records, 'eventno'), numbers(records, 'file')];
    let within = 0;
    let across = 0;
    for (let row = 1; row < eventno.length; row++) {
      if (eventno[row] !== eventno[row - 1]) continue;
      if (file[row] === file[row - 1]) within++;
      else across++;
    }
    expect(within).toBeGreaterThan(30);
    expect(across).toBeGreaterThan(30);
  });
});
