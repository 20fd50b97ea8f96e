import { expect, it } from 'vitest';
import type { Manifest } from '../../core/catalogue/manifest.ts';
import type { ContainerRow, DatasetRow, FileRow } from '../../core/catalogue/tables.ts';
import { folderOf, openCatalogue } from './openCatalogue.ts';
import { MemoryStore, memoryThreads, openInMemory } from './testing/memoryCatalogue.ts';

const dataset: DatasetRow = {
  dspid: 7,
  dstypeid: -300,
  tid: 12345601,
  project: 'data18_13TeV',
  run_number: 358031,
  stream_name: 'physics_Main',
  prod_step: 'deriv',
  data_type: 'DAOD_PHYS',
  ami_tag: 'r13286_p4910',
  smk: 2763,
  events_rucio: 100,
  files_rucio: 2,
  bytes: 5_000_000_000,
  state: 'imported',
  state_details: '',
  state_time: 1_790_000_000_000,
  inserted: 1_790_000_000_000,
  source_path: '',
  is_open: false,
  has_raw: true,
  has_trigger: true,
  prov_seen: true,
};
const container: ContainerRow = {
  dspid: 7,
  dstypeid: -300,
  name: 'data18_13TeV.00358031.physics_Main.deriv.DAOD_PHYS.r13286_p4910',
  datasets: 1,
  events_rucio: 100,
  files_rucio: 2,
  bytes: 5_000_000_000,
  events: 99,
};
const file = (dspid: number, file: number): FileRow => ({
  dspid,
  dstypeid: -300,
  file,
  tid: 12345601,
  guid_hi: 2n ** 64n - 1n,
  guid_lo: BigInt(file),
  events_rucio: 50,
  bytes: 1,
});

/** Long enough for several row groups. */
const dsguids = [1, 7, 9].flatMap((dspid) => Array.from({ length: 9_000 }, (_, k) => file(dspid, k)));
const menus = [2763, 2764].flatMap((smk) =>
  [0, 5].map((bit) => ({ smk, level: 2, bit, chain: `HLT_${smk}_${bit}`, seed: 'L1_EM3' })),
);

it('has its tables at hand, and reads files and menus when they are asked for', async () => {
  const store = new MemoryStore();
  const catalogue = await openInMemory(
    store,
    { simulated: 'yes' },
    { datasets: [dataset], containers: [container], dsguids, menus },
  );
  expect(catalogue.folder).toBe('memory/');
  expect(catalogue.manifest).toMatchObject({ serial: 1, simulated: 'yes' });
  expect(catalogue.tables).toEqual({ datasets: [dataset], containers: [container], dstypes: [] });
  const read = catalogue.threads.read.bytes;
  expect(await catalogue.files(7, -300)).toEqual(dsguids.slice(9_000, 18_000));
  expect(catalogue.threads.read.bytes).toBe(read);
  expect(await catalogue.files(8, -300)).toEqual([]);
  expect(await catalogue.menu(2764)).toEqual(menus.slice(2));
  catalogue.close();
});

it('keeps to its version when the manifest changes, and says what to do when an object has gone', async () => {
  const store = new MemoryStore();
  const catalogue = await openInMemory(store, {}, { dsguids });
  await openInMemory(store, { serial: 2 }, { dsguids: dsguids.slice(0, 10) });
  expect(await catalogue.files(7, -300)).toHaveLength(9_000);
  store.objects.delete(catalogue.manifest.tables.dsguids.path);
  await expect(catalogue.files(9, -300)).rejects.toMatchObject({
    tag: 'source',
    message: expect.stringContaining('dsguids-'),
    hint: expect.stringContaining('open the catalogue again'),
  });
});

it.each([
  ['manifest.json', './'],
  ['/manifest.json', '/'],
  ['some/manifest.json', 'some/'],
  ['some/folder', 'some/folder/'],
])('a catalogue named %s lies in %s', (address, folder) => {
  expect(folderOf(address)).toBe(folder);
});

it('says which object is damaged, or has another size', async () => {
  const store = new MemoryStore();
  const { manifest } = await openInMemory(store, {}, { datasets: [dataset] });
  const { path } = manifest.tables.datasets;
  const right = store.objects.get(path)!;
  const bytes = right.slice();
  bytes[100]! ^= 1;
  store.objects.set(path, bytes);
  const open = () => openCatalogue('memory/manifest.json', memoryThreads(store));
  await expect(open()).rejects.toMatchObject({
    tag: 'format',
    message: expect.stringMatching(/datasets-.*another checksum/),
  });
  store.objects.set(path, right.subarray(1));
  await expect(open()).rejects.toMatchObject({
    tag: 'source',
    message: expect.stringMatching(/datasets-.*not the \d+ of the catalogue/),
  });
  store.objects.delete(path);
  await expect(open()).rejects.toThrow(/the catalogue has changed, or was not copied whole/);
});

it.each<[string, (manifest: Manifest) => unknown, RegExp]>([
  ['no JSON', () => '{', /manifest.json: is no manifest of a catalogue: it is no JSON/],
  ['something else', () => ({ format: 'zarr' }), /is no manifest of a catalogue/],
  ['a later version', (m) => ({ ...m, version: 2 }), /is a manifest of version 2, this program reads version 1/],
  ['a serial that is no number', (m) => ({ ...m, serial: '1' }), /: serial is wrong: .*expected number/],
  ['a field that is not known', (m) => ({ ...m, more: 1 }), /the manifest is wrong: unrecognized key: "more"/],
  [
    'a path that leads away',
    (m) => ({ ...m, tables: { ...m.tables, menus: { ...m.tables.menus, path: '../x' } } }),
    /tables\.menus\.path is no path inside the catalogue/,
  ],
  [
    'another host',
    (m) => ({ ...m, tables: { ...m.tables, menus: { ...m.tables.menus, path: 'https://a/b' } } }),
    /tables\.menus\.path is no path/,
  ],
  [
    'a wrong checksum',
    (m) => ({ ...m, overlaps: { path: 'a', bytes: 1, sha256: 'ff' } }),
    /overlaps\.sha256 is no SHA-256/,
  ],
  ['a part of no family', (m) => ({ ...m, parts: [partOf(m, {})] }), /parts\[0\]\.dspid is in no family/],
  [
    'an event number past 2^64',
    (m) => ({ ...m, parts: [partOf(m, { last: String(2n ** 64n) })] }),
    /parts\[0\]\.last is more than 2\^64/,
  ],
  [
    'a part that ends before it begins',
    (m) => ({ ...m, parts: [partOf(m, { first: '9', last: '8' })] }),
    /parts\[0\] has a first event number that is more than the last/,
  ],
])('a manifest with %s is refused with its place', async (_, change, message) => {
  const store = new MemoryStore();
  const { manifest } = await openInMemory(store, {});
  const changed = change(manifest);
  store.objects.set(
    'manifest.json',
    new TextEncoder().encode(typeof changed === 'string' ? changed : JSON.stringify(changed)),
  );
  await expect(openCatalogue('memory/', memoryThreads(store))).rejects.toMatchObject({
    tag: 'format',
    message: expect.stringMatching(message),
  });
});

function partOf({ tables: { menus: object } }: Manifest, more: object) {
  return {
    dspid: 1,
    dstypeid: 1,
    rows: 1,
    first: '1',
    last: '2',
    keys: object,
    records: object,
    index: object,
    ...more,
  };
}
