import { afterEach, describe, expect, it } from 'vitest';
import type { ControlMessage } from '../../core/ingest/controlMessage.ts';
import type { Insertion } from '../../core/ingest/datasetState.ts';
import type { Declaration } from '../../core/ingest/declaration.ts';
import type { Happening } from '../../core/ingest/happening.ts';
import { declarationPath, insertionPath, stagedPath, validationPath } from '../../core/ingest/layout.ts';
import type { Validation } from '../../core/ingest/validation.ts';
import { sha256 } from '../../workers/catalogue/sha256.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { faultyObjects } from '../../workers/objects/testing/faultyObjects.ts';
import { memoryObjects } from '../../workers/objects/testing/memoryObjects.ts';
import { jsonBytes } from '../json.ts';
import { Wake } from '../wake.ts';
import { DatasetBook } from './datasetBook.ts';
import { openIntake } from './openIntake.ts';
import { DEFAULT_POLICY, type RelayPolicy } from './policy.ts';
import { supervise } from './supervise.ts';

const name = (k: number) => `data18_13TeV.00358031.physics_Main.merge.AOD.r13286_p4910_tid183405${10 + k}_00`;
const guid = (k: number) => `00000000-0000-4000-8000-${k.toString(16).toUpperCase().padStart(12, '0')}`;
const hex = (n: number) => n.toString(16).padStart(64, '0');

const declaration = (dataset: string, files: number): Declaration => ({
  dataset,
  files: Array.from({ length: files }, (_, k) => ({ guid: guid(k), events: 10 })),
  open: false,
  sourcePath: '',
});

const message = (dataset: string, object: number, files: number[], job = 1): ControlMessage => ({
  dataset,
  job: { id: job },
  producer: 'test',
  object: { sha256: hex(object), bytes: 3 },
  files: files.map((k) => ({ guid: guid(k), events: 10, digest: hex(k) })),
});

const stage = (objects: ObjectStore, object: number) => objects.write(stagedPath(hex(object)), Uint8Array.of(1, 2, 3));

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()));
});

/** A supervisor over a store, and an API beside it. */
function start(
  objects: ObjectStore,
  { policy, clock }: { policy?: Partial<RelayPolicy>; clock?: { now: number } } = {},
) {
  const told: Happening[] = [];
  const whole: RelayPolicy = { ...DEFAULT_POLICY, pollMs: 5, ...policy };
  const now = clock ? () => clock.now : Date.now;
  const book = new DatasetBook(objects, whole, now);
  const wake = new Wake();
  const stopped = new AbortController();
  const tell = (happening: Happening) => void told.push(happening);
  const running = supervise({ objects, book, tell, policy: whole, signal: stopped.signal, wake, now });
  const stop = async () => {
    stopped.abort();
    await running;
  };
  stops.push(stop);
  const intake = openIntake({ objects, tell, book, wake: (dataset) => wake.call(dataset), now });
  return { book, told, stop, intake, wake };
}

async function until<T>(look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (const began = performance.now(); ; ) {
    const found = await look();
    if (found) return found;
    if (performance.now() - began > 20_000) throw new Error('it never happened');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

async function read<T>(objects: ObjectStore, path: string): Promise<T | undefined> {
  const found = await objects.read(path);
  return found && JSON.parse(new TextDecoder().decode(found.bytes));
}

const inserted = (dataset: string, generation: number, state: Insertion['state']): Insertion => ({
  dataset,
  generation,
  state,
  details: state === 'FAIL' ? 'an object is damaged' : '',
  consumer: 'c',
  attempts: 1,
  began: 0,
  since: 0,
});

const pathsOf = async (objects: ObjectStore, prefix = '') => {
  const paths: string[] = [];
  for await (const { path } of objects.list(prefix)) paths.push(path);
  return paths;
};

describe('a supervisor', () => {
  it('validates a dataset when its last message or object comes, whichever it is', async () => {
    const objects = memoryObjects();
    const { intake, told } = start(objects);
    await stage(objects, 1);
    expect(await intake.message(message(name(0), 1, [0]))).toEqual({ again: false, staged: true });
    expect(await intake.message(message(name(0), 1, [0]))).toEqual({ again: true, staged: true });
    expect(await intake.message(message(name(0), 2, [1]))).toEqual({ again: false, staged: false });
    expect((await intake.dataset(name(0)))?.state).toBe('UNDECLARED');
    expect(await intake.declare(declaration(name(0), 2))).toEqual({ again: false });
    expect(await intake.declare(declaration(name(0), 2))).toEqual({ again: true });
    expect(await intake.dataset(name(0))).toMatchObject({ state: 'COLLECTING', filesComplete: 1, files: 2 });
    await stage(objects, 2);
    const validation = await until(() => read<Validation>(objects, validationPath(name(0), 1)));
    expect(validation.objects.map(({ sha256 }) => sha256)).toEqual([hex(1), hex(2)]);
    expect(await intake.datasets()).toMatchObject([{ state: 'VALIDATED', generation: 1 }]);
    expect(await intake.dataset('nobody/knows')).toBeUndefined();
    expect(told.filter(({ kind }) => kind === 'validated')).toMatchObject([{ events: 20, files: 2 }]);
    expect(told.some((one) => one.kind === 'alarm' && one.alarm === 'unknown-dataset')).toBe(true);
  });

  it('takes up what another one left, and does nothing twice', async () => {
    const objects = memoryObjects();
    const first = start(objects);
    await first.intake.declare(declaration(name(0), 1));
    await first.stop();
    await stage(objects, 1);
    await first.intake.message(message(name(0), 1, [0]));
    const [second, third] = [start(objects), start(objects)];
    await until(() => read(objects, validationPath(name(0), 1)));
    await until(async () => (await third.intake.datasets())[0]?.state === 'VALIDATED');
    await until(async () => (await second.intake.datasets())[0]?.state === 'VALIDATED');
    expect(await pathsOf(objects, 'datasets/')).toHaveLength(3);
  });

  it('folds what is published, reads it no more, and has it at hand when it is declared anew', async () => {
    const objects = memoryObjects();
    const reads: string[] = [];
    const counting: ObjectStore = {
      ...objects,
      read: (path, signal) => {
        reads.push(path);
        return objects.read(path, signal);
      },
    };
    const one = start(counting);
    await one.intake.declare(declaration(name(0), 2));
    for (const k of [0, 1]) {
      await stage(objects, k);
      await one.intake.message(message(name(0), k, [k]));
    }
    await until(() => read(objects, validationPath(name(0), 1)));
    await objects.write(insertionPath(name(0), 1), jsonBytes(inserted(name(0), 1, 'DONE')));
    const folded = () => pathsOf(objects, 'datasets/');
    await until(async () => (await folded()).some((path) => path.endsWith('settled.json')));
    expect((await folded()).map((path) => path.split('/')[2])).toEqual([
      'declaration.json',
      'insertions',
      'packs',
      'settled.json',
      'validations',
    ]);
    await one.stop();
    reads.length = 0;
    const two = start(counting);
    await until(async () => (await two.intake.datasets())[0]?.state === 'DONE');
    expect(reads).toEqual([`datasets/${name(0)}/settled.json`]);
    await two.intake.message(message(name(0), 0, [0]));
    await until(async () => !(await folded()).some((path) => path.includes('/messages/')));
    await stage(objects, 2);
    await two.intake.message(message(name(0), 2, [2]));
    await two.intake.declare(declaration(name(0), 3));
    const again = await until(() => read<Validation>(objects, validationPath(name(0), 2)));
    expect(again.references).toHaveLength(3);
  });

  it('begins anew what failed when a person asks for it, and only then', async () => {
    const objects = memoryObjects();
    const { intake } = start(objects);
    expect(await intake.retry(name(0))).toBe(false);
    await intake.declare(declaration(name(0), 1));
    await expect(intake.retry(name(0))).rejects.toMatchObject({ tag: 'document' });
    await stage(objects, 1);
    await intake.message(message(name(0), 1, [0]));
    await until(() => read(objects, validationPath(name(0), 1)));
    await expect(intake.retry(name(0))).rejects.toThrow(/has not failed/);
    await objects.write(insertionPath(name(0), 1), jsonBytes(inserted(name(0), 1, 'FAIL')));
    await until(async () => (await intake.dataset(name(0)))?.details === 'an object is damaged');
    expect(await intake.retry(name(0))).toBe(true);
    await until(() => read(objects, validationPath(name(0), 2)));
  });

  it('is not held up by a dataset whose objects are damaged, or whose store does not answer', async () => {
    const objects = memoryObjects();
    const stuck: ObjectStore = {
      ...objects,
      read: (path, signal) =>
        path === declarationPath(name(0)) && signal
          ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))))
          : objects.read(path, signal),
    };
    const { intake, told } = start(stuck);
    for (const k of [0, 1, 2]) {
      await intake.declare(declaration(name(k), 1));
      await stage(objects, k);
      await intake.message(message(name(k), k, [0]));
    }
    await objects.write(`datasets/${name(1)}/messages/${hex(7)}.json`, new TextEncoder().encode('{"received":'));
    await until(() => read(objects, validationPath(name(1), 1)));
    await until(() => read(objects, validationPath(name(2), 1)));
    expect(await read(objects, validationPath(name(0), 1))).toBeUndefined();
    await until(() => told.some((one) => one.kind === 'alarm' && one.alarm === 'corrupt-object'));
  });

  it('removes an object that was cut, so that it can be staged again, and none of which a message says a wrong length', async () => {
    const objects = memoryObjects();
    const { intake, told } = start(objects);
    const [cut, sound] = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)];
    const pathOf = async (bytes: Uint8Array) => stagedPath(await sha256(bytes));
    await objects.write(await pathOf(cut), cut.subarray(1));
    await objects.write(await pathOf(sound), sound);
    await intake.declare(declaration(name(0), 2));
    for (const [k, bytes] of [cut, sound].entries())
      await intake.message({ ...message(name(0), 0, [k]), object: { sha256: await sha256(bytes), bytes: 3 } });
    await until(async () => !(await objects.stat(await pathOf(cut))));
    await until(() => told.some((one) => one.kind === 'alarm' && one.alarm === 'corrupt-object'));
    expect(await objects.stat(await pathOf(sound))).toBeDefined();
  });

  it('sees that an object is gone when another one validated the dataset again, and that failed', async () => {
    const objects = memoryObjects();
    const book = new DatasetBook(objects, DEFAULT_POLICY);
    const { intake, stop } = start(objects);
    await intake.declare(declaration(name(0), 1));
    await stage(objects, 1);
    await intake.message(message(name(0), 1, [0]));
    const first = await until(() => read<Validation>(objects, validationPath(name(0), 1)));
    await stop();
    await objects.write(insertionPath(name(0), 1), jsonBytes(inserted(name(0), 1, 'FAIL')));
    const stateNow = async () => {
      await book.refresh(name(0));
      return (await book.look(name(0)))!.supervision.progress.state;
    };
    expect(await stateNow()).toBe('FAIL');
    await objects.write(validationPath(name(0), 2), jsonBytes({ ...first, generation: 2 }));
    await objects.write(insertionPath(name(0), 2), jsonBytes(inserted(name(0), 2, 'FAIL')));
    await objects.remove(stagedPath(hex(1)));
    expect(await stateNow()).toBe('COLLECTING');
  });

  it('misses nothing that others wrote, also where the API of its process saw it first', async () => {
    const objects = memoryObjects();
    const { intake, book } = start(objects, { policy: { pollMs: 300 } });
    const outside = openIntake({ objects, tell: () => {}, book: new DatasetBook(objects, DEFAULT_POLICY) });
    await intake.declare(declaration(name(0), 1));
    await until(() => book.progress(name(0))[0]?.state === 'COLLECTING');
    await stage(objects, 1);
    await outside.message(message(name(0), 1, [0]));
    await intake.dataset(name(0));
    await until(() => read(objects, validationPath(name(0), 1)));
  });

  it('goes on when a store in trouble is well again', async () => {
    const store = memoryObjects();
    const faults = { seed: 5, errors: 0.3, lost: 0.2 };
    const { intake, told } = start(faultyObjects(store, faults));
    const outside = openIntake({ objects: store, tell: () => {}, book: new DatasetBook(store, DEFAULT_POLICY) });
    for (let k = 0; k < 4; k++) {
      await outside.declare(declaration(name(k), 1));
      await stage(store, k);
      await outside.message(message(name(k), k, [0]));
    }
    await until(() => told.some((one) => one.kind === 'alarm' && one.alarm === 'store'));
    faults.errors = 0;
    faults.lost = 0;
    for (let k = 0; k < 4; k++) await until(() => read(store, validationPath(name(k), 1)));
    expect((await pathsOf(store, 'datasets/')).filter((path) => path.includes('/validations/'))).toHaveLength(4);
    await until(async () => (await intake.datasets()).every(({ state }) => state === 'VALIDATED'));
  });

  it('lets objects go when their time is over, but none that another dataset waits for, and none without a published one', async () => {
    const clock = { now: 1_000_000 };
    const objects = memoryObjects(new Map(), { now: () => clock.now });
    const policy = { duplicatesMs: 100, stagedMs: 1000, messagesMs: 2000, unclaimedMs: 5500, sweepMs: 10 };
    const { intake, told, book } = start(objects, { clock, policy });
    const staged = async () =>
      (await pathsOf(objects, 'staged/')).map((path) => Number.parseInt(path.slice(-12, -8), 16));
    for (const k of [1, 2, 3, 4, 9]) await stage(objects, k);
    await intake.message(message(name(0), 1, [0], 1));
    await intake.message(message(name(0), 2, [0], 2));
    await intake.message(message(name(0), 3, [0], 0));
    await intake.declare(declaration(name(0), 1));
    // It is not complete, and speaks of one of the duplicates.
    await intake.declare(declaration(name(1), 2));
    await intake.message(message(name(1), 3, [0]));
    await until(() => read(objects, validationPath(name(0), 1)));
    clock.now += 4000;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await staged()).toEqual([1, 2, 3, 4, 9]);
    await objects.write(insertionPath(name(0), 1), jsonBytes(inserted(name(0), 1, 'DONE')));
    await until(() => book.settled(name(0)));
    expect(await staged()).toEqual([1, 2, 3, 4, 9]);
    clock.now += 100;
    await until(async () => (await staged()).join() === '2,3,4,9');
    await intake.message(message(name(1), 4, [3]));
    clock.now += 1000;
    await until(async () => (await staged()).join() === '3,4,9');
    clock.now += 1000;
    await until(async () => (await staged()).join() === '3,4');
    expect(told.filter(({ kind }) => kind === 'expired')).toHaveLength(3);
    expect(told.filter(({ kind }) => kind === 'duplicate')).toHaveLength(2);
  });
});
