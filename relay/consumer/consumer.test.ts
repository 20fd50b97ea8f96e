import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { DatasetRow } from '../../core/catalogue/tables.ts';
import { LumiscopeError } from '../../core/errors.ts';
import type { Insertion } from '../../core/ingest/datasetState.ts';
import type { Happening } from '../../core/ingest/happening.ts';
import { CATALOGUE_FOLDER, insertionPath, leasePath, stagedPath, validationPath } from '../../core/ingest/layout.ts';
import type { Validation } from '../../core/ingest/validation.ts';
import { catalogueOf, recordsOfCatalogue, rowsOfObject } from '../../workers/ingest/insert/testing/readCatalogue.ts';
import { type PlainRecord, stageDataset } from '../../workers/ingest/insert/testing/stagedDataset.ts';
import { setAccess } from '../../workers/io/send.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { openObjectStore } from '../../workers/objects/openObjectStore.ts';
import { faultyObjects } from '../../workers/objects/testing/faultyObjects.ts';
import { memoryObjects } from '../../workers/objects/testing/memoryObjects.ts';
import { findS3Gateway, startS3Gateway } from '../../workers/testing/realServers.ts';
import { startS3Server } from '../../workers/testing/s3Server.ts';
import { jsonBytes } from '../json.ts';
import { Wake } from '../wake.ts';
import { type ConsumerOptions, consume } from './consume.ts';
import { DEFAULT_CONSUMER_POLICY } from './policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'lumiscope-consumer-'));
const closing: (() => Promise<void>)[] = [];
const stops: (() => Promise<void>)[] = [];
afterEach(async () => void (await Promise.all(stops.splice(0).map((stop) => stop()))));
afterAll(async () => {
  setAccess({ keys: [], tokens: [] });
  await Promise.all(closing.map((close) => close()));
  rmSync(folder, { recursive: true });
});

const name = (k: number) => `data18_13TeV.00358031.physics_Main.merge.AOD.r13286_p4910_tid183405${10 + k}_00`;
type Insert = NonNullable<ConsumerOptions['insert']>;

function start(objects: ObjectStore, holder: string, more: Partial<ConsumerOptions> = {}) {
  const told: Happening[] = [];
  const stopping = new AbortController();
  const running = consume({
    objects,
    holder,
    tell: (happening) => void told.push(happening),
    signal: stopping.signal,
    spillFolder: join(folder, 'spill'),
    memoryBytes: 64 << 20,
    wake: new Wake(),
    ...more,
    policy: more.policy ?? { ...DEFAULT_CONSUMER_POLICY, pollMs: 5, waitMs: 5, leaseMs: 60_000 },
  });
  const stop = async () => {
    stopping.abort();
    await running;
  };
  stops.push(stop);
  return { told, stop };
}

/** A validation of nothing, for insertions that only pretend. */
async function validate(objects: ObjectStore, k: number, generation = 1): Promise<void> {
  const validation: Validation = {
    dataset: name(k),
    generation,
    objects: [],
    references: [],
    notes: [],
    open: false,
    sourcePath: '',
    firstStaged: 0,
    validated: 0,
  };
  await objects.write(validationPath(name(k), generation), jsonBytes(validation), 'absent');
}

async function read<T>(objects: ObjectStore, path: string): Promise<T | undefined> {
  const found = await objects.read(path);
  return found && JSON.parse(new TextDecoder().decode(found.bytes));
}
const insertionOf = (objects: ObjectStore, k: number) => read<Insertion>(objects, insertionPath(name(k), 1));

async function until<T>(look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (const began = performance.now(); ; ) {
    const found = await look();
    if (found) return found;
    if (performance.now() - began > 25_000) throw new Error('it never happened');
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
}
const done = (objects: ObjectStore, k: number, state: Insertion['state'] = 'DONE') =>
  until(async () => {
    const insertion = await insertionOf(objects, k);
    return insertion?.state === state && insertion;
  });

const published = { outcome: 'published', events: 7, bytes: 70, spilled: 0 } as const;
const aborted = (signal: AbortSignal | undefined) =>
  new Promise<never>((_, reject) => {
    const end = () => reject(new LumiscopeError('cancelled', 'cancelled'));
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end);
  });

describe('consumers', () => {
  it('take the oldest one first, and pass by one at which another works, however long that takes', async () => {
    let now = 0;
    const objects = memoryObjects(new Map(), { now: () => ++now });
    for (const k of [2, 0, 1, 3]) await validate(objects, k);
    const begun: string[] = [];
    const insert =
      (who: string): Insert =>
      ({ validation, signal }) => {
        begun.push(`${who} ${validation.dataset.slice(-5, -3)}`);
        return validation.dataset === name(2) ? aborted(signal) : Promise.resolve(published);
      };
    start(objects, 'a', { insert: insert('a') });
    await until(() => begun.length === 1);
    start(objects, 'b', { insert: insert('b') });
    for (const k of [0, 1, 3]) await done(objects, k);
    expect(begun).toEqual(['a 12', 'b 10', 'b 11', 'b 13']);
    expect(await insertionOf(objects, 2)).toMatchObject({ state: 'INSERTING', consumer: 'a', attempts: 1 });
  });

  it('that are stopped leave their work as it was not begun, and what dies again and again is given up', async () => {
    const objects = memoryObjects();
    await validate(objects, 0);
    const policy = { ...DEFAULT_CONSUMER_POLICY, pollMs: 5, waitMs: 5, leaseMs: 100, deathsAtMost: 2 };
    const insert: Insert = ({ signal }) => aborted(signal);
    const first = start(objects, 'a', { insert, policy });
    await done(objects, 0, 'INSERTING');
    await first.stop();
    expect(await insertionOf(objects, 0)).toMatchObject({ attempts: 1, interrupted: 1 });
    // Dead ones: nothing they ask of the store from then on happens, and they never notice.
    for (const holder of ['b', 'c']) {
      let isDead = false;
      const never = new Promise<never>(() => {});
      const dying: ObjectStore = {
        ...objects,
        read: (path, signal) => (isDead ? never : objects.read(path, signal)),
        write: (path, bytes, condition, signal) => (isDead ? never : objects.write(path, bytes, condition, signal)),
      };
      const ending = new AbortController();
      const tell = () => {};
      void consume({
        objects: dying,
        holder,
        tell,
        signal: ending.signal,
        policy,
        spillFolder: folder,
        memoryBytes: 1,
        wake: new Wake(),
        insert: () => never,
      });
      await until(async () => (await insertionOf(objects, 0))?.consumer === holder);
      isDead = true;
    }
    const last = start(objects, 'd', { insert, policy });
    const { details, attempts } = await done(objects, 0, 'FAIL');
    expect([details, attempts]).toEqual([expect.stringMatching(/^it was begun 3 times and never ended/), 3]);
    expect(last.told).toMatchObject([{ kind: 'failed', reason: details }]);
  });

  it('try again where the store is in trouble, leave a dataset that stays so for others, and fail what is wrong', async () => {
    const objects = memoryObjects();
    for (const k of [0, 1, 2]) await validate(objects, k);
    let tries = 0;
    let isWell = false;
    const insert: Insert = async ({ validation }) => {
      if (validation.dataset === name(1)) throw new LumiscopeError('document', 'two files have one name');
      if (validation.dataset === name(0) && !isWell) {
        tries++;
        throw new LumiscopeError('source', 'no answer');
      }
      return published;
    };
    const { told } = start(objects, 'a', {
      insert,
      policy: { ...DEFAULT_CONSUMER_POLICY, pollMs: 5, waitMs: 2, tries: 3 },
    });
    await done(objects, 2);
    expect((await done(objects, 1, 'FAIL')).details).toBe('two files have one name');
    expect(tries).toBeGreaterThanOrEqual(3);
    expect(await insertionOf(objects, 0)).toMatchObject({ state: 'INSERTING', details: 'no answer' });
    isWell = true;
    expect(await done(objects, 0)).toMatchObject({ events: 7, bytes: 70, details: '' });
    expect(told.some((one) => one.kind === 'alarm' && one.alarm === 'store')).toBe(true);
    expect(told.filter(({ kind }) => kind === 'published')).toHaveLength(2);
  });

  it('that could not renew their lease for the trouble of the store have not died at it', async () => {
    const objects = memoryObjects();
    await validate(objects, 0);
    let leases = 0;
    const refusing: ObjectStore = {
      ...objects,
      async write(path, bytes, condition, signal) {
        // It is taken, and can't be renewed: time after time.
        if (path === leasePath(name(0)) && !/"beat":0/.test(new TextDecoder().decode(bytes)))
          throw new LumiscopeError('source', 'no answer');
        if (path === leasePath(name(0))) leases++;
        return objects.write(path, bytes, condition, signal);
      },
    };
    const insert: Insert = async ({ signal }) => (leases > 3 ? published : aborted(signal));
    const policy = { ...DEFAULT_CONSUMER_POLICY, pollMs: 5, waitMs: 5, leaseMs: 200, deathsAtMost: 2 };
    start(refusing, 'a', { insert, policy });
    expect(await done(objects, 0)).toMatchObject({ attempts: 4, interrupted: 3 });
  });

  it('pass by a dataset whose records are damaged, or can not be read', async () => {
    const objects = memoryObjects();
    for (const k of [0, 1, 2, 3]) await validate(objects, k);
    await objects.write(insertionPath(name(0), 1), Uint8Array.of(0));
    await objects.write(validationPath(name(1), 1), Uint8Array.of(0));
    const unread: ObjectStore = {
      ...objects,
      async read(path, signal) {
        if (path === leasePath(name(2))) throw new LumiscopeError('source', 'the disk can not be read');
        return objects.read(path, signal);
      },
    };
    const { told } = start(unread, 'a', { insert: async () => published });
    await done(objects, 3);
    expect((await done(objects, 1, 'FAIL')).details).toMatch(/no JSON/);
    const alarms = told.flatMap((one) => (one.kind === 'alarm' ? one.dataset : []));
    expect(alarms).toEqual(expect.arrayContaining([name(0), name(2)]));
  });

  it('fail what is damaged with the reason, remove the object so that it can be staged again, and publish the rest', async () => {
    const contents = new Map<string, Uint8Array>();
    const objects = memoryObjects(contents);
    const shape = { families: [], numbers: 1000, objects: [[20]] };
    for (const k of [0, 1]) {
      const { validation } = await stageDataset(objects, { ...shape, seed: k, dataset: name(k) });
      if (k === 0) contents.get(stagedPath(validation.objects[0]!.sha256))![99]! ^= 1;
      await objects.write(validationPath(name(k), 1), jsonBytes(validation));
    }
    const staged = () => [...contents.keys()].filter((path) => path.startsWith('staged/')).length;
    const { told } = start(objects, 'a');
    await done(objects, 1);
    expect((await done(objects, 0, 'FAIL')).details).toMatch(/checksum.*it was removed/);
    expect(staged()).toBe(1);
    const { store, manifest } = catalogueOf(contents);
    const rows = await rowsOfObject<DatasetRow>(store, manifest.tables.datasets.path);
    expect(rows.map(({ state, state_details }) => [state, state_details])).toEqual(
      expect.arrayContaining([
        ['failed', expect.stringMatching(/checksum/)],
        ['imported', ''],
      ]),
    );
    expect(told.filter(({ kind }) => kind === 'alarm')).toMatchObject([{ alarm: 'corrupt-object', dataset: name(0) }]);
  });

  it('get through a store that fails, is slow, and loses answers', async () => {
    const store = memoryObjects();
    for (const k of [0, 1, 2]) await validate(store, k);
    const insert: Insert = async () => published;
    // A lease of whose writing the answer was lost is nobody's.
    const policy = { ...DEFAULT_CONSUMER_POLICY, pollMs: 5, waitMs: 5, leaseMs: 300 };
    for (const holder of ['a', 'b'])
      start(faultyObjects(store, { seed: 3, errors: 0.1, lost: 0.1, slow: 0.1, slowMs: 5 }), holder, {
        insert,
        policy,
      });
    for (const k of [0, 1, 2]) expect(await done(store, k)).toMatchObject({ events: 7 });
    expect(await read(store, leasePath(name(0)))).toBeDefined();
  });
});

const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const region = 'eu-west-3';
const STORES: [string, () => Promise<() => ObjectStore>][] = [
  ['a folder', async () => () => openObjectStore(join(folder, 'store'))],
  [
    'a bucket of our test server',
    async () => {
      const server = await startS3Server({ objects: new Map(), ...KEYS, region });
      closing.push(server.close);
      return () => openObjectStore('s3://bucket/relay', environmentOf(server.endpoint, { ...KEYS, region }));
    },
  ],
];
const gateway = findS3Gateway();
if (gateway)
  STORES.push([
    'versitygw',
    async () => {
      const server = await startS3Gateway(gateway);
      closing.push(server.close);
      await server.owner.fetch(`${server.endpoint}/bucket`, { method: 'PUT' });
      return () => openObjectStore('s3://bucket/relay', environmentOf(server.endpoint, server));
    },
  ]);

const environmentOf = (endpoint: string, keys: { accessKeyId: string; secretAccessKey: string; region: string }) => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: keys.accessKeyId,
  AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
  AWS_REGION: keys.region,
});

describe.each(STORES)('two consumers at %s', (_, make) => {
  it('publish every record of every dataset once', async () => {
    const open = await make();
    const objects = open();
    const truth: PlainRecord[] = [];
    for (const k of [0, 1, 2, 3]) {
      const shape = { dataset: name(k), seed: k, families: [], numbers: 500, objects: [[30, 20], [10]] };
      const { validation, records } = await stageDataset(objects, shape);
      truth.push(...records);
      await objects.write(validationPath(name(k), 1), jsonBytes(validation), 'absent');
    }
    for (const holder of ['a', 'b']) start(open(), holder);
    for (const k of [0, 1, 2, 3]) expect(await done(objects, k)).toMatchObject({ events: 60 });
    const contents = new Map<string, Uint8Array>();
    for await (const { path } of objects.list(`${CATALOGUE_FOLDER}/`))
      contents.set(path, (await objects.read(path))!.bytes);
    const key = ({ guid, eventno, oid1, oid2 }: PlainRecord) => `${guid} ${eventno} ${oid1} ${oid2}`;
    const found = await recordsOfCatalogue(contents, false);
    expect(found.map(key).sort()).toEqual(truth.map(key).sort());
  });
});
