import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { IngestState } from '../../core/ingest/datasetState.ts';
import { stagedPath } from '../../core/ingest/layout.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { memoryObjects } from '../../workers/objects/testing/memoryObjects.ts';
import { consume } from '../consumer/consume.ts';
import { DEFAULT_CONSUMER_POLICY } from '../consumer/policy.ts';
import { DatasetBook } from '../supervisor/datasetBook.ts';
import { openIntake } from '../supervisor/openIntake.ts';
import { DEFAULT_POLICY } from '../supervisor/policy.ts';
import { supervise } from '../supervisor/supervise.ts';
import { Wake } from '../wake.ts';
import { type CrashTruth, crashTruth, faultsOf } from './crashTruth.ts';
import { dyingObjects } from './dyingObjects.ts';

const spillFolder = mkdtempSync(join(tmpdir(), 'lumiscope-deaths-'));
afterAll(() => rmSync(spillFolder, { recursive: true }));

const POLICY = { ...DEFAULT_POLICY, pollMs: 5 };
const CONSUMER = { ...DEFAULT_CONSUMER_POLICY, pollMs: 5, waitMs: 5, leaseMs: 60, deathsAtMost: 1000 };
const tell = () => {};

async function produce(objects: ObjectStore, { jobs, declarations }: CrashTruth): Promise<void> {
  const intake = openIntake({ objects, tell, book: new DatasetBook(objects, POLICY) });
  for (const { object, message } of jobs) {
    await objects.write(stagedPath(message.object.sha256), object, 'absent');
    await intake.message(message);
  }
  for (const declaration of declarations) await intake.declare(declaration);
}

/** Both loops over stores of their own, until every complete dataset is published and folded. @returns whether they came so far */
async function run(
  stores: { supervisor: ObjectStore; consumer: ObjectStore },
  truth: CrashTruth,
  hasDied: Promise<void>,
): Promise<boolean> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const book = new DatasetBook(stores.supervisor, POLICY);
  const [wake, other] = [new Wake(), new Wake()];
  const supervising = supervise({
    objects: stores.supervisor,
    book,
    tell,
    policy: POLICY,
    signal,
    wake,
    validated: (dataset) => other.call(dataset),
  });
  const consuming = consume({
    objects: stores.consumer,
    holder: crypto.randomUUID(),
    tell,
    signal,
    policy: CONSUMER,
    spillFolder,
    memoryBytes: 1 << 20,
    wake: other,
    ended: (dataset) => wake.call(dataset),
  });
  let isDead = false;
  void hasDied.then(() => {
    isDead = true;
  });
  const states = () => new Map<string, IngestState>(book.progress().map(({ dataset, state }) => [dataset, state]));
  const isOver = () =>
    states().get(truth.refused) !== undefined &&
    !/VALIDATED|INSERTING|COLLECTING/.test(states().get(truth.refused)!) &&
    [...truth.complete.keys()].every((dataset) => states().get(dataset) === 'DONE' && book.settled(dataset));
  while (!isDead && !isOver()) await new Promise((resolve) => setTimeout(resolve, 1));
  stopping.abort();
  // A dead one hangs.
  if (!isDead) await Promise.all([supervising, consuming]);
  return !isDead;
}

it('whichever change of the store the supervisor or a consumer dies at, and whether it took effect, all is published once', async () => {
  const truth = await crashTruth(1, 2);
  const contents = new Map<string, Uint8Array>();
  await produce(memoryObjects(contents), truth);
  const never = new Promise<void>(() => {});
  let deaths = 0;
  for (const part of ['supervisor', 'consumer'] as const) {
    for (let at = 1, isOver = false; !isOver; at++) {
      const when = at % 2 ? 'before' : 'after';
      const objects = memoryObjects(new Map(contents));
      let died: () => void = () => {};
      const hasDied = new Promise<void>((resolve) => {
        died = resolve;
      });
      const die = () => {
        died();
        return new Promise<never>(() => {});
      };
      const stores = { supervisor: objects, consumer: objects, [part]: dyingObjects(objects, { at, when, die }) };
      isOver = await run(stores, truth, hasDied);
      if (!isOver) deaths++;
      if (!isOver) await run({ supervisor: objects, consumer: objects }, truth, never);
      expect(await faultsOf(objects, truth), `${part} died ${when} change ${at}`).toEqual([]);
    }
  }
  expect(deaths).toBeGreaterThan(20);
}, 120_000);
