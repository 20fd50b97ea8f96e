/**
 * The functional self-test: events that it knows go the whole way, by the code that everybody's go: staged, announced twice, declared, validated, inserted, published, and one of them picked from the catalogue
 * and compared field by field. All of it in a folder of its own in the same store.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseGuid } from '../../core/catalogue/eventKey.ts';
import { hitAt } from '../../core/catalogue/picked.ts';
import { LumiscopeError } from '../../core/errors.ts';
import type { Happening } from '../../core/ingest/happening.ts';
import { CATALOGUE_FOLDER, SELF_TEST_FOLDER, stagedPath, validationPath } from '../../core/ingest/layout.ts';
import { validationSchema } from '../../core/ingest/validation.ts';
import { nodeCatalogueThreads } from '../../workers/catalogue/nodeCatalogue.ts';
import { openCatalogue } from '../../workers/catalogue/openCatalogue.ts';
import { pickContext } from '../../workers/catalogue/pick/names.ts';
import { pickEvents } from '../../workers/catalogue/pick/pickEvents.ts';
import { sha256 } from '../../workers/catalogue/sha256.ts';
import { catalogueIn } from '../../workers/catalogue/write/catalogueStore.ts';
import { insertDataset } from '../../workers/ingest/insert/insertDataset.ts';
import { writeStaged } from '../../workers/ingest/produce/stagedObject.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { DatasetBook } from '../supervisor/datasetBook.ts';
import { declareDataset, receiveMessage } from '../supervisor/intake.ts';
import { DEFAULT_POLICY } from '../supervisor/policy.ts';
import { supervise } from '../supervisor/supervise.ts';
import { Wake } from '../wake.ts';
import {
  type KnownEvent,
  stagedBatch,
  TEST_ABOUT,
  TEST_DATASET,
  TEST_EVENTS,
  TEST_FILES,
  TEST_RUN,
} from './knownEvents.ts';

const PRODUCER = 'self-test';
const MEMORY = 16 << 20;
/** What a test that was killed left behind goes with a later one. */
const LEFT_BEHIND_MS = 3_600_000;

/** @throws LumiscopeError or whatever went wrong on the way; `format` where what was picked is not what was staged */
export async function selfTest(objects: ObjectStore, signal: AbortSignal): Promise<void> {
  const own = `${SELF_TEST_FOLDER}/${crypto.randomUUID()}`;
  const folder = await mkdtemp(join(tmpdir(), 'lumiscope-self-test-'));
  try {
    const store = objects.below(own);
    await stage(store, signal);
    await validate(store, signal);
    await insert(store, join(folder, 'spill'), signal);
    await fetchCatalogue(store, join(folder, CATALOGUE_FOLDER), signal);
    await pick(join(folder, CATALOGUE_FOLDER), signal);
  } finally {
    // Also where the signal ended it.
    await removeAll(objects, own, -Infinity);
    await removeAll(objects, SELF_TEST_FOLDER, LEFT_BEHIND_MS);
    await rm(folder, { recursive: true, force: true });
  }
}

/** A first job finds one file, a second one both: only what the second one staged is to be read. */
async function stage(objects: ObjectStore, signal: AbortSignal): Promise<void> {
  const intake = { objects, tell: () => undefined };
  for (const [job, count] of [1, 2].entries()) {
    const files = TEST_FILES.slice(0, count).map((guid, k) => ({ guid, batches: [stagedBatch(TEST_EVENTS[k]!)] }));
    const { bytes, files: staged } = await writeStaged(TEST_ABOUT, files);
    const name = await sha256(bytes);
    await objects.write(stagedPath(name), bytes, 'absent', signal);
    const message = {
      dataset: TEST_DATASET,
      job: { id: job + 1 },
      producer: PRODUCER,
      object: { sha256: name, bytes: bytes.length },
      files: staged,
    };
    await receiveMessage(intake, message, signal);
    const { again } = await receiveMessage(intake, message, signal);
    if (!again) throw wrong('a control message that was sent twice was kept twice');
  }
  const files = TEST_FILES.map((guid, k) => ({ guid, events: TEST_EVENTS[k]!.length }));
  await declareDataset(intake, { dataset: TEST_DATASET, files, open: false, sourcePath: '' }, signal);
}

/** A supervisor works until it has written the validation. */
async function validate(objects: ObjectStore, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  let trouble: string | undefined;
  await supervise({
    objects,
    book: new DatasetBook(objects, DEFAULT_POLICY),
    tell: (happening: Happening) => {
      if (happening.kind !== 'error' && happening.kind !== 'alarm') return;
      trouble = happening.reason;
      done.abort();
    },
    policy: DEFAULT_POLICY,
    signal: AbortSignal.any([signal, done.signal]),
    wake: new Wake(),
    validated: () => done.abort(),
  });
  if (trouble !== undefined) throw wrong(`the supervisor stopped: ${trouble}`);
  signal.throwIfAborted();
}

async function insert(objects: ObjectStore, spillFolder: string, signal: AbortSignal): Promise<void> {
  const found = await objects.read(validationPath(TEST_DATASET, 1), signal);
  if (!found) throw wrong('the supervisor wrote no validation');
  const validation = validationSchema.parse(JSON.parse(new TextDecoder().decode(found.bytes)));
  if (validation.objects.length !== 1)
    throw wrong(`the supervisor chose ${validation.objects.length} objects, not one`);
  await mkdir(spillFolder);
  const { outcome, events } = await insertDataset({
    objects,
    catalogue: catalogueIn(objects.below(CATALOGUE_FOLDER)),
    validation,
    spillFolder,
    memoryBytes: MEMORY,
    consumer: PRODUCER,
    signal,
  });
  const expected = TEST_EVENTS.flat().length;
  if (outcome !== 'published' || events !== expected)
    throw wrong(`${events} events were ${outcome}, not ${expected} published`);
}

/** What was published, as the store gives it back. */
async function fetchCatalogue(objects: ObjectStore, folder: string, signal: AbortSignal): Promise<void> {
  const published = objects.below(CATALOGUE_FOLDER);
  for await (const { path } of published.list('', signal)) {
    const object = await published.read(path, signal);
    if (!object) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), object.bytes);
  }
}

async function pick(folder: string, signal: AbortSignal): Promise<void> {
  const catalogue = await openCatalogue(folder, nodeCatalogueThreads({ workers: 1 }), signal);
  try {
    const asked = TEST_EVENTS.flat();
    const events = { runs: [{ runNumber: TEST_RUN, events: BigUint64Array.from(asked, ({ event }) => event) }] };
    const picked = await pickEvents(catalogue, { events }, { signal });
    if (picked.missing.length > 0) throw wrong(`event ${picked.events[picked.missing[0]!]} was not found`);
    if (picked.hitEvent.length !== asked.length)
      throw wrong(`${picked.hitEvent.length} records were found of ${asked.length} events`);
    const context = pickContext(catalogue);
    TEST_EVENTS.forEach((ofFile, file) => {
      for (const event of ofFile) {
        const at = picked.hitEvent.findIndex((index) => picked.events[index] === event.event);
        compare(event, TEST_FILES[file]!, hitAt(picked, at, context));
      }
    });
  } finally {
    catalogue.close();
  }
}

/** @throws LumiscopeError `format` naming the first field that differs */
function compare(event: KnownEvent, guid: string, hit: ReturnType<typeof hitAt>): void {
  const { oid1, oid2, raw, numbers, time, bits } = event;
  const expected = {
    event: event.event,
    runNumber: TEST_RUN,
    dataset: TEST_DATASET,
    reference: { guid: parseGuid(guid)!, oid1, oid2 },
    provenance: [{ dataType: 'RAW', reference: raw }],
    mcChannel: undefined,
    mcWeight: undefined,
    ...numbers,
    time,
    bits: { ...hit.bits, ...bits },
    isDuplicate: false,
  };
  for (const [field, value] of Object.entries(expected)) {
    const found = hit[field as keyof typeof hit];
    if (!isDeepStrictEqual(found, value))
      throw wrong(`${field} of event ${event.event} was ${text(value)}, and came back as ${text(found)}`);
  }
}

async function removeAll(objects: ObjectStore, folder: string, olderThanMs: number): Promise<void> {
  const before = Date.now() - olderThanMs;
  for await (const { path, modified } of objects.list(`${folder}/`)) if (modified < before) await objects.remove(path);
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one)) ?? 'missing';
}

function wrong(message: string): LumiscopeError {
  return new LumiscopeError('format', message, {
    hint: 'see the logs of this relay, and whether its store is healthy',
  });
}
