import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Manifest } from '../../core/catalogue/manifest.ts';
import type { DatasetRow } from '../../core/catalogue/tables.ts';
import { MemoryStore, openInMemory } from '../../workers/catalogue/testing/memoryCatalogue.ts';
import { anyRecords } from '../../workers/catalogue/testing/records.ts';
import { CatalogueStore } from '../../workers/catalogue/write/catalogueStore.ts';
import { PartWriter } from '../../workers/catalogue/write/partWriter.ts';
import { checkCommand } from './check.ts';

const folder = mkdtempSync(join(tmpdir(), 'lumiscope-check-'));
const NAME = 'data18_13TeV.00358031.physics_Main.deriv.DAOD_PHYS.r1_p2';
const dataset: DatasetRow = {
  dspid: 7,
  dstypeid: 1,
  tid: 100,
  project: 'data18_13TeV',
  run_number: 358031,
  stream_name: 'physics_Main',
  prod_step: 'deriv',
  data_type: 'DAOD_PHYS',
  ami_tag: 'r1_p2',
  events_rucio: 3,
  files_rucio: 2,
  bytes: 1,
  state: 'imported',
  state_details: '',
  state_time: 0,
  inserted: 0,
  source_path: '',
  is_open: false,
  has_raw: false,
  has_trigger: false,
  prov_seen: false,
};

beforeAll(async () => {
  const store = new MemoryStore();
  const writer = new PartWriter(store, { dspid: 7, dstypeid: 1, families: [] });
  await writer.add(anyRecords([4n, 4n, 2n ** 64n - 1n], [], 1, { file: [0, 1, 1], tid: [100n, 100n, 100n] }));
  const family = {
    dspid: 7,
    project: 'data18_13TeV',
    runNumber: 358031,
    streamName: 'physics_Main',
    prodStep: 'deriv',
    amiTag: 'r1_p2',
  };
  const file = (number: number, events_rucio: number) => {
    return {
      dspid: 7,
      dstypeid: 1,
      file: number,
      tid: 100,
      guid_hi: 1n,
      guid_lo: BigInt(number),
      events_rucio,
      bytes: 1,
    };
  };
  const { close } = await openInMemory(
    store,
    { families: [family], parts: await writer.finish() },
    {
      datasets: [dataset],
      containers: [{ dspid: 7, dstypeid: 1, name: NAME, datasets: 1, events_rucio: 3, files_rucio: 2, bytes: 1 }],
      dsguids: [file(0, 1), file(1, 2)],
    },
  );
  close();
  for (const [path, bytes] of store.objects) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ out: string; err: string; status: typeof process.exitCode }> {
  const said = { out: '', err: '' };
  const hear = (channel: keyof typeof said) => (text: unknown) => {
    said[channel] += text;
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(hear('out'));
  vi.spyOn(process.stderr, 'write').mockImplementation(hear('err'));
  await checkCommand([folder, '--workers', '1', '--no-cache', ...args]);
  return { ...said, status: process.exitCode };
}

const manifest = () => JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as Manifest;

it('counts, stores what it counted, and tells what an event that is there twice is in', async () => {
  const { out, err, status } = await run('--write', '--checksums', '--format', 'json');
  const counts = { files: 2, files_dup: 2, events: 3, events_uniq: 2, events_dup: 1 };
  expect(JSON.parse(out)).toMatchObject([
    { of: 'container', name: NAME, ...counts, state: 'complete' },
    {
      of: 'dataset',
      name: `${NAME}_tid00000001_00`,
      ...counts,
      state: 'validated',
      details: '1 event more than once, in 2 files',
    },
  ]);
  expect([err, status]).toEqual(['stored as version 2 of the catalogue\n', undefined]);
  expect(manifest()).toMatchObject({ serial: 2, changedBy: expect.stringMatching(/^.+, lumiscope catalogue check$/) });
  const duplicates = await run('--list', 'duplicates', '--format', 'csv', NAME);
  expect(duplicates.out.split('\r\n')[1]).toMatch(
    /,4,2,0 1,00000000-0000-0001-0000-000000000000 00000000-0000-0001-0000-000000000001$/,
  );
});

it('is refused where somebody else wrote in the meantime, and says who', async () => {
  const readManifest = CatalogueStore.prototype.readManifest;
  vi.spyOn(CatalogueStore.prototype, 'readManifest').mockImplementationOnce(async function (this: CatalogueStore) {
    const found = (await readManifest.call(this))!;
    await this.replaceManifest({ ...found.manifest, serial: 9, changedBy: 'berta' }, found.condition);
    return readManifest.call(this);
  });
  await expect(run('--write')).rejects.toMatchObject({
    status: 3,
    message: expect.stringMatching(/by berta, .*: it is version 9 now/),
  });
  expect(manifest().serial).toBe(9);
});

it('names a damaged object, and records whose reference is not theirs, and ends with a status of its own', async () => {
  const { path } = manifest().parts[0]!.records;
  const bytes = readFileSync(join(folder, path));
  bytes[bytes.length - 20]! ^= 1;
  writeFileSync(join(folder, path), bytes);
  const { out, err, status } = await run('--checksums', '--records');
  expect(out).toMatch(/1 object missing or damaged; 3 records disagree with keys or files; 1 event more than once/);
  expect(err).toMatch(
    /records-[0-9a-f]{16}\.parquet: its bytes have another checksum .*\n(.*row \d, event .* has a seq that is not the CRC of its reference\n){3}1 of 1 containers are not as declared\n$/,
  );
  expect(status).toBe(3);
});

it('knows its options', async () => {
  await expect(run('--list', 'charm')).rejects.toThrow(/--list is counts, files, /);
  await expect(run('physics_Nobody')).rejects.toThrow(/the catalogue has no container physics_Nobody/);
});
