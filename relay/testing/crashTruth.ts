/** What the crash test produces, and what has to become of it. */
import type { ControlMessage } from '../../core/ingest/controlMessage.ts';
import type { Declaration } from '../../core/ingest/declaration.ts';
import { stagedPath } from '../../core/ingest/layout.ts';
import { sha256 } from '../../workers/catalogue/sha256.ts';
import { recordsOfCatalogue } from '../../workers/ingest/insert/testing/readCatalogue.ts';
import { type PlainRecord, stageDataset } from '../../workers/ingest/insert/testing/stagedDataset.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { memoryObjects } from '../../workers/objects/testing/memoryObjects.ts';

/** A job of a producer: an object, and what is said of it. */
export interface CrashJob {
  object: Uint8Array;
  message: ControlMessage;
  /** Half of the object is sent first, as by a job that crashed at it. */
  halfOf?: boolean;
  /** It is sent again when all others were. */
  isRepeated?: boolean;
}

/** Jobs as producers read them; objects in base64. */
export interface StoredJobs {
  jobs: { object: string; message: ControlMessage; halfOf?: boolean; isRepeated?: boolean }[];
  declarations: Declaration[];
}

export interface CrashTruth {
  declarations: Declaration[];
  jobs: CrashJob[];
  /** By dataset that is complete, by GUID: the records that jobs found, of each complete job. */
  complete: Map<string, Map<string, PlainRecord[][]>>;
  incomplete: string[];
  /** Complete by what is said of it, but its object holds other records. */
  refused: string;
}

const nameOf = (k: number) =>
  `data18_13TeV.00348885.physics_Main.merge.AOD.r10000_p3000_tid123456${String(k).padStart(2, '0')}_00`;

/** Datasets with duplicated jobs, jobs that found other records, jobs that found too few, and one that is never complete. */
export async function crashTruth(seed: number, datasets = 3): Promise<CrashTruth> {
  const truth: CrashTruth = {
    declarations: [],
    jobs: [],
    complete: new Map(),
    incomplete: [],
    refused: nameOf(datasets),
  };
  for (let k = 0; k <= datasets; k++) {
    const dataset = nameOf(k);
    const contents = new Map<string, Uint8Array>();
    const objects = memoryObjects(contents);
    const stage = async (of: number, files: number[], id: number) => {
      const shape = { dataset, seed: seed * 1000 + of, families: [], numbers: 40, objects: [files] };
      const { validation, records } = await stageDataset(objects, shape);
      const [{ sha256: name, bytes }] = validation.objects as [{ sha256: string; bytes: number }];
      const message: ControlMessage = {
        dataset,
        job: { id },
        producer: 'crash test',
        object: { sha256: name, bytes },
        files: validation.references.map(({ guid, events, digest }) => ({ guid, events, digest })),
      };
      return { object: contents.get(stagedPath(name))!, message, records };
    };
    if (dataset === truth.refused) {
      const { object, message } = await stage(10 * k, [6], 1);
      const files = message.files.map((file) => ({ ...file, digest: 'f'.repeat(64) }));
      truth.jobs.push({ object, message: { ...message, files } });
      const declared = files.map(({ guid, events }) => ({ guid, events }));
      truth.declarations.push({ dataset, files: declared, open: false, sourcePath: '' });
      continue;
    }
    const isIncomplete = k === datasets - 1;
    const one = await stage(10 * k, [8, 5], 1);
    const two = await stage(10 * k + 1, [9], 1);
    // The same file once more, with as many other records, and cut short: a GUID follows from the seed.
    const otherTwo = await stage(10 * k + 1, [9, 1], 2);
    const shortTwo = await stage(10 * k + 1, [4], 7);
    const files = [...one.message.files, ...two.message.files];
    truth.declarations.push({
      dataset,
      files: files.map(({ guid, events }) => ({ guid, events })),
      open: false,
      sourcePath: '',
    });
    truth.jobs.push({ ...one, halfOf: true, isRepeated: k === 0 }, shortTwo);
    // Twice the same object, from two jobs.
    truth.jobs.push({ ...one, message: { ...one.message, job: { id: 3 } } });
    if (isIncomplete) {
      truth.incomplete.push(dataset);
      continue;
    }
    truth.jobs.push({ ...two, isRepeated: true }, { ...otherTwo, isRepeated: k === 1 });
    const complete = new Map<string, PlainRecord[][]>();
    for (const { records, message } of [one, two, otherTwo])
      for (const { guid, events } of message.files) {
        if (!files.some((file) => file.guid === guid && file.events === events)) continue;
        complete.set(guid, [...(complete.get(guid) ?? []), records.filter((record) => record.guid === guid)]);
      }
    truth.complete.set(dataset, complete);
  }
  return truth;
}

/** What is wrong with a catalogue; nothing where it holds each record of each complete dataset once, and nothing else. */
export async function faultsOf(store: ObjectStore, truth: CrashTruth): Promise<string[]> {
  const contents = new Map<string, Uint8Array>();
  for await (const { path } of store.list('catalogue/')) contents.set(path, (await store.read(path))!.bytes);
  const faults: string[] = [];
  const manifestBytes = contents.get('catalogue/manifest.json');
  if (!manifestBytes) return ['there is no catalogue'];
  const manifest = JSON.parse(new TextDecoder().decode(manifestBytes));
  const named = [...manifest.parts.flatMap(objectsIn), ...Object.values(manifest.tables).flatMap(objectsIn)];
  for (const { path, bytes, sha256: expected } of named) {
    const object = contents.get(`catalogue/${path}`);
    if (!object) faults.push(`${path} is not there`);
    else if (object.length !== bytes || (await sha256(object)) !== expected) faults.push(`${path} is damaged`);
  }
  if (faults.length > 0) return faults;
  const found = new Map<string, PlainRecord[]>();
  for (const record of await recordsOfCatalogue(contents, false)) {
    const guid = record.guid as string;
    found.set(guid, [...(found.get(guid) ?? []), record]);
  }
  for (const [dataset, files] of truth.complete)
    for (const [guid, candidates] of files) {
      const own = textOf(found.get(guid) ?? []);
      if (!candidates.some((records) => textOf(records) === own))
        faults.push(`${dataset}: file ${guid} has ${found.get(guid)?.length ?? 0} records, not those of any one job`);
      found.delete(guid);
    }
  for (const [guid, records] of found)
    faults.push(`${records.length} records of ${guid}, which is of no complete dataset`);
  return faults;
}

interface Named {
  path: string;
  bytes: number;
  sha256: string;
}

/** Objects named anywhere in a part of the manifest. */
function objectsIn(value: unknown): Named[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('sha256' in value && 'path' in value) return [value as Named];
  return Object.values(value).flatMap(objectsIn);
}

const textOf = (records: readonly PlainRecord[]) => records.map(recordText).sort().join('\n');

function recordText(record: PlainRecord): string {
  const keys = Object.keys(record).sort();
  return keys.map((key) => `${key}=${[record[key]].flat().map(String).join(',')}`).join(' ');
}
