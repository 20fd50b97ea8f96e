import type { Part } from '../../../core/catalogue/manifest.ts';
import { keptDeclarationSchema } from '../../../core/ingest/declaration.ts';
import { declarationPath } from '../../../core/ingest/layout.ts';
import type { Validation } from '../../../core/ingest/validation.ts';
import type { CatalogueStore } from '../../catalogue/write/catalogueStore.ts';
import type { ChangeOptions } from '../../catalogue/write/changeCatalogue.ts';
import { PartWriter } from '../../catalogue/write/partWriter.ts';
import { cancelled } from '../../io/errors.ts';
import type { ObjectStore } from '../../objects/objectStore.ts';
import { nextTurn } from '../../schedule/slices.ts';
import { SortedCounts } from './countSorted.ts';
import { DatasetMenu } from './datasetMenu.ts';
import { registerDataTypes } from './dataTypes.ts';
import { recordFinisher } from './finishRecords.ts';
import { InsertionError } from './insertionError.ts';
import { ProvenanceTypes } from './provenanceTypes.ts';
import { publishDataset } from './publishDataset.ts';
import { type Found, readObjects } from './readObjects.ts';
import { isAt, type Place, type Registration, registerDataset } from './registerDataset.ts';
import { RecordSorter } from './sort/recordSorter.ts';
import { withSpillFolder } from './sort/spillFolder.ts';

export interface InsertOptions {
  /** Where staged objects lie. */
  objects: ObjectStore;
  catalogue: CatalogueStore;
  validation: Validation;
  /** A folder of this machine for records that memory can't hold. */
  spillFolder: string;
  /** What sorting may take. The bytes of two staged objects and a row group of one come on top, and a part that is written. */
  memoryBytes: number;
  /** Who does it. */
  consumer: string;
  /** Of a catalogue that is not there yet. */
  title?: string;
  signal?: AbortSignal;
  /** Records that were read, and of these written. */
  onProgress?: (progress: { read: number; written: number }) => void;
  now?: () => Date;
}

/** What came of an insertion. */
export interface Inserted {
  /** `superseded`: a newer generation is in the catalogue, or on its way: this one is not needed any more. */
  outcome: 'published' | 'superseded';
  events: number;
  /** Of the parts of the dataset. */
  bytes: number;
  /** Bytes that were put on disk to be sorted. */
  spilled: number;
}

/** Objects are swept when they are a day old, and not named: see `sweepCatalogue`. */
const LONG_MS = 12 * 3_600_000;

export const CATALOGUE_TITLE = 'Event catalogue';

/**
 * Brings a dataset that is complete into the catalogue: enters it in the tables, sorts the records of all its objects, writes them as parts, and publishes all of it by one swap of the manifest.
 * It may be killed at any point, run again, and by several at once: the same validation gives the same objects, and the manifest is swapped once for each generation.
 * @throws InsertionError where objects are corrupt, or not as the validation says: trying again is of no use. LumiscopeError `source` for trouble with store or disk; `cancelled`
 */
export async function insertDataset(options: InsertOptions): Promise<Inserted> {
  const { catalogue, validation, consumer, signal, title = CATALOGUE_TITLE, now } = options;
  const change: ChangeOptions = { changedBy: consumer, title, signal, now };
  const registration = await registerDataset(catalogue, validation, change, await declaredBytes(options));
  if (registration.state !== 'registered') {
    const { state, place } = registration;
    return state === 'published'
      ? alreadyPublished(catalogue, place)
      : { outcome: state, events: 0, bytes: 0, spilled: 0 };
  }
  return withSpillFolder(options.spillFolder, (folder) => insertRegistered(options, registration, change, folder));
}

async function insertRegistered(
  { objects, catalogue, validation, memoryBytes, signal, onProgress }: InsertOptions,
  { place, fileNumbers }: Extract<Registration, { state: 'registered' }>,
  change: ChangeOptions,
  folder: string,
): Promise<Inserted> {
  const { dataset, references } = validation;
  const found: Found = {
    menu: new DatasetMenu(dataset),
    provenance: new ProvenanceTypes(),
    families: new Set(),
  };
  const expected = references.reduce((sum, { events }) => sum + events, 0);
  const sorter = new RecordSorter(folder, memoryBytes, expected);
  const now = change.now ?? (() => new Date());
  const began = now().getTime();
  let read = 0;
  let written = 0;
  for await (const batch of readObjects(objects, validation, found, signal)) {
    await sorter.add(batch);
    read += batch.rows;
    onProgress?.({ read, written });
    await turn(signal);
  }
  const { names } = found.provenance;
  const dstypeids = await registerDataTypes(catalogue, names, change);
  const { smk, rows: menu, bits } = found.menu.finish();
  const finish = recordFinisher({
    references,
    fileNumbers,
    tid: place.tid,
    dstypeids: Int16Array.from(names, (name) => dstypeids.get(name)!),
    bits,
  });
  const counts = new SortedCounts(references.length);
  const writer = new PartWriter(catalogue, { ...place, families: [...found.families] });
  for await (const batch of sorter.sorted()) {
    counts.add(batch);
    await writer.add(finish(batch));
    written += batch.rows;
    onProgress?.({ read, written });
    await turn(signal);
  }
  const parts = await writer.finish();
  const counted = counts.counts();
  if (counted.events !== expected)
    throw new InsertionError(
      'counts-differ',
      `${dataset}: ${counted.events} records were sorted, the validation has ${expected}`,
    );
  if (signal?.aborted) throw cancelled();
  // It was slow, or the machine slept.
  if (now().getTime() - began > LONG_MS)
    for (const part of parts)
      for (const name of ['keys', 'records', 'index'] as const)
        part[name] = await catalogue.putAgain(part[name], signal);
  const outcome = await publishDataset(
    catalogue,
    validation,
    {
      place,
      parts,
      counts: counted,
      smk,
      menu,
      hasRaw: names.some((name) => name.startsWith('RAW')),
      hasTrigger: smk !== undefined && (found.families.has('hlt') || found.families.has('l1')),
      provSeen: found.families.has('provenance'),
    },
    change,
  );
  return { outcome, events: counted.events, bytes: bytesOf(parts), spilled: sorter.spilled };
}

/** Lets timers and messages have their turn. */
async function turn(signal: AbortSignal | undefined): Promise<void> {
  await nextTurn();
  if (signal?.aborted) throw cancelled();
}

async function alreadyPublished(catalogue: CatalogueStore, place: Place): Promise<Inserted> {
  const { manifest } = (await catalogue.readManifest())!;
  const parts = manifest.parts.filter((part) => isAt({ tid: -1, ...part }, place));
  const events = parts.reduce((sum, { rows }) => sum + rows, 0);
  return { outcome: 'published', events, bytes: bytesOf(parts), spilled: 0 };
}

function bytesOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { keys, records, index }) => sum + keys.bytes + records.bytes + index.bytes, 0);
}

/** Bytes of the files of events, as far as the declaration tells. It may be a newer one than was validated: files are told by their GUID. */
async function declaredBytes({ objects, validation, signal }: InsertOptions): Promise<Map<string, number>> {
  const found = await objects.read(declarationPath(validation.dataset), signal);
  if (!found) return new Map();
  const { data } = keptDeclarationSchema.safeParse(JSON.parse(new TextDecoder().decode(found.bytes)));
  return new Map(data?.declaration.files.map(({ guid, bytes = 0 }) => [guid, bytes]));
}
