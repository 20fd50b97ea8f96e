import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { afterEach, expect, test, vi } from 'vitest';
import type { Insertion } from '../../core/ingest/datasetState.ts';
import type { DatasetProgress } from '../../core/ingest/happening.ts';
import { insertionPath, stagedPath, validationPath } from '../../core/ingest/layout.ts';
import { monitorChangeSchema, monitorSnapshotSchema } from '../../core/ingest/monitorSnapshot.ts';
import type { Validation } from '../../core/ingest/validation.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { createMonitor, type Monitor, type MonitorOptions } from './createMonitor.ts';
import { monitorRoutes } from './routes.ts';
import { MonitorStreams } from './stream.ts';

const DATASET = 'data18_13TeV.00358031.physics_Main.merge.AOD.r13286_p4910_tid00000001_00';
const SHA = (k: number) => k.toString(16).padStart(8, '0').repeat(8);
const HOUR = 3_600_000;

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** What is asked of the store here: listing and reading of a few objects. */
function storeOf(contents: Record<string, unknown>): ObjectStore {
  const bytes = new Map(
    Object.entries(contents).map(([path, content]) => [path, new TextEncoder().encode(JSON.stringify(content))]),
  );
  return {
    address: 'memory',
    read: async (path: string) => (bytes.has(path) ? { bytes: bytes.get(path)!, version: '1' } : undefined),
    async *list(prefix: string) {
      for (const [path, { length }] of bytes)
        if (path.startsWith(prefix)) yield { path, bytes: length, version: '1', modified: 0 };
    },
  } as unknown as ObjectStore;
}

function monitorOf(options: Partial<MonitorOptions> = {}): Monitor {
  const monitor = createMonitor({
    objects: storeOf({}),
    datasets: async () => [],
    processMetrics: false,
    ...options,
  });
  closing.push(() => monitor.close());
  return monitor;
}

const progress = (change: Partial<DatasetProgress>): DatasetProgress => ({
  dataset: DATASET,
  state: 'COLLECTING',
  details: '',
  since: 0,
  files: 3,
  events: 300,
  filesComplete: 1,
  duplicates: 0,
  generation: 0,
  attempts: 0,
  alarms: [],
  ...change,
});

async function metric(monitor: Monitor, name: string): Promise<number | undefined> {
  const { text } = await monitor.metrics();
  const line = text.split('\n').find((one) => one.startsWith(`lumiscope_relay_${name} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
}

test('what happens is counted once: for Prometheus, and for the page', async () => {
  let now = 1_000_000;
  const monitor = monitorOf({ now: () => now });
  const staged = { kind: 'staged', sha256: SHA(1), bytes: 1000, producer: 'node7' } as const;
  monitor.hear({ ...staged, again: false });
  monitor.hear({ ...staged, again: true });
  const message = { kind: 'message', dataset: DATASET, producer: 'node7', events: 60, files: 1, bytes: 1000 } as const;
  monitor.hear({ ...message, again: false });
  monitor.hear({ ...message, again: true });
  for (let k = 0; k < 2; k += 1) monitor.hear({ kind: 'duplicate', dataset: DATASET, sha256: SHA(2), events: 60 });
  monitor.hear({ kind: 'inserting', dataset: DATASET, generation: 1, consumer: 'c1', attempt: 2 });
  monitor.hear({ kind: 'progress', dataset: DATASET, consumer: 'c1', events: 40 });
  now += 10_000;
  expect(monitor.snapshot().consumers.shown).toEqual([
    { consumer: 'c1', dataset: DATASET, generation: 1, attempt: 2, done: 40, events: 0, since: 1_000_000 },
  ]);
  const published = { dataset: DATASET, generation: 1, consumer: 'c1', events: 60, bytes: 5000, ms: 1500 };
  monitor.hear({ kind: 'published', ...published, traversal: 2 * HOUR });
  now += 10_000;

  const { producers, throughput, consumers, totals } = monitor.snapshot();
  expect(producers.shown).toEqual([
    { producer: 'node7', objects: 1, again: 1, bytes: 1000, events: 60, lastSeen: 1_000_000, rate: 1 },
  ]);
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  expect([sum(throughput.announced), sum(throughput.inserted), sum(throughput.staged)]).toEqual([60, 60, 1000]);
  expect(consumers.shown).toEqual([]);
  expect([totals.duplicateEvents, totals.takeovers]).toEqual([60, 1]);

  for (const [name, value] of Object.entries({
    'staged_objects_total{again="false"}': 1,
    'staged_objects_total{again="true"}': 1,
    staged_bytes_total: 1000,
    announced_events_total: 60,
    inserted_events_total: 60,
    published_events_total: 60,
    duplicate_objects_avoided_total: 1,
    duplicate_events_avoided_total: 60,
    lease_takeovers_total: 1,
    'traversal_seconds_bucket{le="3600"}': 0,
    'traversal_seconds_bucket{le="10800"}': 1,
    traversal_seconds_sum: 7200,
  }))
    expect(await metric(monitor, name), name).toBe(value);
});

test('labels hold nothing that a caller chose', async () => {
  const monitor = monitorOf();
  for (let k = 0; k < 1100; k += 1) {
    const message = { kind: 'message', dataset: DATASET, producer: `secret-${k}`, events: 1, files: 1 } as const;
    monitor.hear({ ...message, bytes: 1, again: false });
    monitor.hear({ kind: 'alarm', alarm: 'counts-differ', dataset: `${DATASET}${k}`, reason: `secret-${k}` });
    monitor.hear({ kind: 'proxied', host: `secret-${k}`, bytes: 1, fromCache: false, ms: 1 });
  }
  const { text } = await monitor.metrics();
  expect(text).not.toMatch(/secret|data18/);
  expect(text.length).toBeLessThan(30_000);
  const { producers, alarms } = monitor.snapshot();
  expect([producers.shown.length, producers.more, alarms.shown.length, alarms.more]).toEqual([100, 900, 100, 900]);
  expect(JSON.stringify(monitor.snapshot()).length).toBeLessThan(100_000);
});

test('numbers of the store are there after a restart', async () => {
  const validation: Validation = {
    dataset: DATASET,
    generation: 1,
    objects: [{ sha256: SHA(1), bytes: 10 }],
    references: [{ guid: '01234567-89AB-CDEF-0123-456789ABCDEF', events: 300, digest: SHA(9), object: 0 }],
    notes: [],
    open: false,
    sourcePath: '',
    firstStaged: 1000,
    validated: 3000,
  };
  const insertion: Insertion = {
    dataset: DATASET,
    generation: 1,
    state: 'DONE',
    details: '',
    consumer: 'c1',
    attempts: 1,
    began: 3500,
    since: 46_000,
    events: 300,
    bytes: 9000,
  };
  const store = storeOf({
    [validationPath(DATASET, 1)]: validation,
    [insertionPath(DATASET, 1)]: insertion,
    [validationPath(DATASET, 2)]: { ...validation, generation: 2 },
    [insertionPath(DATASET, 2)]: { ...insertion, generation: 2, state: 'INSERTING', consumer: 'elsewhere' },
    [insertionPath(DATASET, 3)]: 'damaged',
    [stagedPath(SHA(1))]: 0,
    [stagedPath(SHA(2))]: 0,
    [stagedPath(SHA(3))]: 0,
  });
  const datasets = [progress({ state: 'INSERTING', duplicates: 1, since: 0 })];
  const monitor = monitorOf({ objects: store, datasets: async () => datasets, now: () => 60_000 });
  await vi.waitFor(() => expect(monitor.snapshot().datasets.shown).toHaveLength(1));
  const { totals, traversal, consumers } = monitor.snapshot();
  expect(totals).toMatchObject({
    published: { datasets: 1, events: 300, bytes: 9000 },
    staged: { objects: 3 },
    chosen: 1,
    duplicates: 1,
    waiting: 1,
  });
  expect(traversal.median).toBe(45);
  expect(traversal.counts[traversal.bounds.indexOf(60)]).toBe(1);
  expect(consumers.shown).toMatchObject([{ consumer: 'elsewhere', generation: 2, events: 300 }]);
  expect(await metric(monitor, 'catalogue_events')).toBe(300);
  expect(await metric(monitor, 'datasets{state="INSERTING"}')).toBe(1);
  expect(await metric(monitor, 'queue_age_seconds{state="INSERTING"}')).toBe(60);
});

test('a consumer that lost a dataset to another one is not shown at it', async () => {
  let now = 1000;
  const insertion: Insertion = {
    dataset: DATASET,
    generation: 1,
    state: 'INSERTING',
    details: '',
    consumer: 'elsewhere',
    attempts: 2,
    began: 4000,
    since: 4000,
  };
  const objects = storeOf({ [insertionPath(DATASET, 1)]: insertion });
  const datasets = async () => [progress({ state: 'INSERTING' })];
  const monitor = monitorOf({ objects, datasets, now: () => now, censusEveryMs: 10 });
  await vi.waitFor(() => expect(monitor.snapshot().datasets.shown).toHaveLength(1));
  now = 2000;
  monitor.hear({ kind: 'inserting', dataset: DATASET, generation: 1, consumer: 'here', attempt: 1 });
  expect(monitor.snapshot().consumers.shown, 'the store was read before that').toMatchObject([{ consumer: 'here' }]);
  now = 5000;
  await vi.waitFor(
    () => expect(monitor.snapshot().consumers.shown).toMatchObject([{ consumer: 'elsewhere', attempt: 2 }]),
    10_000,
  );
});

test('an object that only an earlier validation chose is a duplicate, and nothing else', async () => {
  const validation = (generation: number, object: number): Validation => ({
    dataset: DATASET,
    generation,
    objects: [{ sha256: SHA(object), bytes: 10 }],
    references: [{ guid: '01234567-89AB-CDEF-0123-456789ABCDEF', events: 300, digest: SHA(9), object: 0 }],
    notes: [],
    open: false,
    sourcePath: '',
    firstStaged: 1000,
    validated: 3000,
  });
  const objects = storeOf({
    [validationPath(DATASET, 1)]: validation(1, 1),
    [validationPath(DATASET, 2)]: validation(2, 2),
    ...Object.fromEntries([1, 2, 3].map((k) => [stagedPath(SHA(k)), 0])),
  });
  const monitor = monitorOf({ objects, datasets: async () => [progress({ state: 'VALIDATED', duplicates: 1 })] });
  await vi.waitFor(() => expect(monitor.snapshot().datasets.shown).toHaveLength(1));
  const { totals } = monitor.snapshot();
  expect(totals).toMatchObject({ staged: { objects: 3 }, chosen: 1, duplicates: 1, waiting: 1 });
});

test('of many datasets those with trouble and the newest are shown, the rest is counted', async () => {
  const many = Array.from({ length: 1000 }, (_, k) =>
    progress({ dataset: `d${k}`, state: k === 5 ? 'FAIL' : 'DONE', since: k, details: k === 5 ? 'disk full' : '' }),
  );
  const monitor = monitorOf({ datasets: async () => many });
  await vi.waitFor(() => expect(monitor.snapshot().datasets.counts.DONE).toBe(999));
  const { shown } = monitor.snapshot().datasets;
  expect(shown).toHaveLength(101);
  expect(shown[0]).toMatchObject({ dataset: 'd5', state: 'FAIL', details: 'disk full' });
  expect(shown[1]!.dataset).toBe('d999');
});

test('an alarm ends when it is not told any more', async () => {
  let now = 0;
  const monitor = monitorOf({ now: () => now });
  monitor.hear({ kind: 'alarm', alarm: 'disk', reason: 'the disk is full' });
  now = 600_000;
  monitor.hear({ kind: 'alarm', alarm: 'disk', reason: 'the disk is full' });
  now = 1_250_000;
  expect(monitor.snapshot().alarms.shown).toEqual([{ alarm: 'disk', reason: 'the disk is full', since: 0 }]);
  expect(await metric(monitor, 'alarms_active{alarm="disk"}')).toBe(1);
  now = 1_270_000;
  expect(monitor.snapshot().alarms.shown).toEqual([]);
  expect(await metric(monitor, 'alarms_active{alarm="disk"}')).toBe(0);
});

test('an alarm of a dataset ends when the store says so', async () => {
  let alarms: DatasetProgress['alarms'] = [{ alarm: 'stalled', reason: 'nothing came for 25 h' }];
  const monitor = monitorOf({ datasets: async () => [progress({ alarms })], censusEveryMs: 10 });
  await vi.waitFor(() => expect(monitor.snapshot().alarms.shown).toHaveLength(1));
  monitor.hear({ kind: 'alarm', alarm: 'stalled', dataset: DATASET, reason: 'nothing came for 26 h' });
  expect(monitor.snapshot().alarms.shown).toMatchObject([{ dataset: DATASET, reason: 'nothing came for 26 h' }]);
  alarms = [];
  await vi.waitFor(() => expect(monitor.snapshot().alarms.shown).toEqual([]), 10_000);
});

test('a store that can not be read is told, and what was known of it stays', async () => {
  let broken = false;
  const monitor = monitorOf({
    datasets: async () => {
      if (broken) throw new Error('the store does not answer');
      return [progress({})];
    },
    censusEveryMs: 10,
  });
  await vi.waitFor(() => expect(monitor.snapshot().datasets.shown).toHaveLength(1));
  broken = true;
  monitor.hear({ kind: 'declared', dataset: DATASET, files: 1, events: 1 });
  await vi.waitFor(() => expect(monitor.snapshot().datasets.problem).toBe('the store does not answer'), 10_000);
  expect(monitor.snapshot().datasets.shown).toHaveLength(1);
  expect(monitor.snapshot().totals.errors.store).toBeGreaterThan(0);
});

test('the self-test is among what makes a relay ready, and one runs at a time', async () => {
  let fails = false;
  let runs = 0;
  const monitor = monitorOf({
    selfTest: async () => {
      runs += 1;
      if (fails) throw new Error('event 7 was not found');
    },
    firstTestMs: 0,
  });
  expect(await monitor.check()).toMatchObject([{ ok: true, reason: 'none has ended yet' }]);
  expect(await metric(monitor, 'self_test_ok'), 'no test is no failed one').toBeUndefined();
  await vi.waitFor(async () =>
    expect(await monitor.check()).toMatchObject([{ ok: true, reason: expect.stringMatching(/^passed within/) }]),
  );
  fails = true;
  const [one, other] = await Promise.all([monitor.testNow(), monitor.testNow()]);
  expect(one).toBe(other);
  expect(runs).toBe(2);
  expect(one).toMatchObject({ ok: false, reason: 'event 7 was not found' });
  expect(await monitor.check()).toEqual([{ name: 'self-test', ok: false, reason: 'event 7 was not found' }]);
  expect(await metric(monitor, 'self_test_ok')).toBe(0);
  expect(monitor.snapshot().selfTest).toMatchObject({ running: false, last: { ok: false } });
});

async function served(monitor: Monitor) {
  const app = Fastify();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.addHook('onRequest', async ({ routeOptions: { config }, headers }, reply) => {
    const { access } = config as { access?: string };
    if (access === 'admin' && headers.authorization !== 'Bearer admin') await reply.code(403).send({});
  });
  await app.register(monitorRoutes, {
    monitor,
    mayOf: ({ headers }) => ({ retry: headers.authorization === 'Bearer admin', test: false }),
  });
  closing.push(() => app.close());
  return { app, url: await app.listen({ host: '127.0.0.1', port: 0 }) };
}

test('the page is told at once, then of what changed, and is let go when the relay stops', async () => {
  const monitor = monitorOf();
  const { app, url } = await served(monitor);
  const plain = await fetch(`${url}/v1/monitor`);
  expect(monitorSnapshotSchema.parse(await plain.json()).may.retry).toBe(false);
  expect((await fetch(`${url}/v1/self-test`, { method: 'POST' })).status).toBe(403);
  expect((await fetch(`${url}/v1/self-test`)).status).toBe(404);
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/^# HELP lumiscope_relay_datasets /m);

  const response = await fetch(`${url}/v1/monitor/stream`, { headers: { authorization: 'Bearer admin' } });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async () => {
    while (!text.includes('\n\n')) {
      const { value, done } = await reader.read();
      if (done) return undefined;
      text += value;
    }
    const at = text.indexOf('\n\n');
    const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(text.slice(0, at))!;
    text = text.slice(at + 2);
    return { event, data: JSON.parse(data!) };
  };
  const first = (await next())!;
  expect(first.event).toBe('snapshot');
  expect(monitorSnapshotSchema.parse(first.data).may.retry).toBe(true);

  monitor.hear({ kind: 'alarm', alarm: 'disk', reason: 'the disk is full' });
  let change = (await next())!;
  while (!change.data.alarms) change = (await next())!;
  expect(change.event).toBe('change');
  expect(monitorChangeSchema.parse(change.data).alarms!.shown).toHaveLength(1);
  expect(change.data.producers, 'what stayed as it was is not sent').toBeUndefined();

  const closed = app.close();
  while ((await next()) !== undefined) {}
  await closed;
});

test('who reads too slowly is dropped', async () => {
  const monitor = monitorOf();
  const destroyed = vi.fn();
  const streams = new MonitorStreams(monitor.snapshot, { most: 1 });
  const response = { writableLength: 0, write: vi.fn(), once: vi.fn(), destroy: destroyed, end: vi.fn() };
  streams.add(response as never, { retry: false, test: false });
  expect(streams.isFull).toBe(true);
  expect(response.write).toHaveBeenCalledOnce();
  streams.tell();
  expect(response.write, 'nothing changed').toHaveBeenCalledOnce();
  response.writableLength = 5e6;
  monitor.hear({ kind: 'error', where: 'api', reason: '' });
  streams.tell();
  expect(destroyed).toHaveBeenCalledOnce();
  expect(response.write).toHaveBeenCalledOnce();
  response.once.mock.calls[0]![1]();
  expect(streams.isFull).toBe(false);
});

test('who left before the stream began takes no place', async () => {
  const streams = new MonitorStreams(monitorOf().snapshot, { most: 1 });
  const app = Fastify();
  const leaving = new AbortController();
  const left = new Promise<void>((resolve) => {
    app.get('/', (_, reply) => {
      reply.hijack();
      leaving.abort();
      // As where a token takes its time to be checked.
      reply.raw.once('close', () =>
        setImmediate(() => {
          streams.add(reply.raw, { retry: false, test: false });
          resolve();
        }),
      );
    });
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  await fetch(url, { signal: leaving.signal }).catch(() => {});
  await left;
  expect(streams.isFull).toBe(false);
  await app.close();
});
