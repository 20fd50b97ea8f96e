import { createHash } from 'node:crypto';
import { parseDatasetName } from '../../../core/catalogue/datasetName.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import type { ControlMessage, StagedFile } from '../../../core/ingest/controlMessage.ts';
import type { Declaration } from '../../../core/ingest/declaration.ts';
import type { StagedAbout } from '../produce/stagedObject.ts';
import { type BadLimit, printBadLine } from './badLines.ts';
import { type ReadProgress, readInputs } from './readInputs.ts';
import type { Segment } from './segment.ts';
import { type LegacyObject, type ObjectPlan, type ObjectSize, planObjects, stageObject } from './stageObject.ts';
import { type LegacySummary, summaryOf } from './summary.ts';
import type { TextInput } from './textInput.ts';
import { WorkFolder } from './workFolder.ts';

/** Where objects and what is said of them go: a relay, see `RelayClient`. The same may come again. */
export interface Receiver {
  address: string;
  upload(bytes: Uint8Array<ArrayBuffer>): Promise<unknown>;
  message(message: ControlMessage): Promise<unknown>;
  declare(declaration: Declaration): Promise<unknown>;
}

export interface ImportOptions {
  dataset: string;
  inputs: readonly TextInput[];
  /** Folder of what is done: made, or gone on with; what is left in it is the report. */
  work: string;
  receiver: Receiver;
  /** Of control messages; else the time in ms when the import began. */
  job?: number | undefined;
  producer: string;
  /** Whether the files that were found are declared. */
  declare: boolean;
  limit: BadLimit;
  size: ObjectSize;
  segmentBytes?: number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ImportProgress) => void) | undefined;
}

export type ImportProgress =
  | ({ step: 'read' } & ReadProgress)
  /** `records` of `of` are staged. */
  | { step: 'stage'; records: number; of: number };

export interface ImportReport extends LegacySummary {
  dataset: string;
  objects: { sha256: string; bytes: number; events: number }[];
  /** Files of events, and records that are staged. */
  files: number;
  events: number;
  /** Records that came again, and those that came again with other content; both are left out. */
  duplicates: number;
  conflicts: number;
  /** Where the lines lie that were kept aside; absent where there are none. */
  badLines?: string;
  /** Set where an earlier call had done it all: nothing was read or sent. */
  doneBefore?: true;
}

/** What the work folder says of an object. */
interface ObjectNote extends Omit<LegacyObject, 'bytes'> {
  sha256: string;
  bytes: number;
}

/**
 * Stages all records of a dataset's files in a relay. Stopped at any time and called again, it goes on, and ends with the same objects.
 * @throws LumiscopeError as `readInputs` and the receiver do; `document` where the folder is of another import, or nothing is there to import
 */
export async function importRecords(options: ImportOptions): Promise<ImportReport> {
  const { dataset, inputs, receiver, declare, size, signal } = options;
  const folder = new WorkFolder(options.work);
  const names = inputs.map(({ name }) => name);
  const job = await folder.begin(
    { version: 1, dataset, inputs: names, relay: receiver.address, job: options.job, declare, size },
    Date.now(),
  );
  const done = await folder.report<ImportReport>();
  if (done) {
    await folder.finish(undefined);
    return { ...done, doneBefore: true };
  }
  const segments = await readSegments(folder, options, names);
  const summary = summaryOf(segments.map(({ header }) => header));
  if (summary.records === 0)
    throw new LumiscopeError('document', `there is no record of ${dataset} in ${names.join(', ')}`);
  const plans = planObjects(segments, size);
  const notes: ObjectNote[] = [];
  let records = 0;
  for (const [object, plan] of plans.entries()) {
    options.onProgress?.({ step: 'stage', records, of: summary.records });
    if (signal?.aborted) throw new LumiscopeError('cancelled', 'the import was stopped');
    const note =
      (await folder.note<ObjectNote>(object)) ??
      (await makeObject(folder, object, segments, plan, aboutOf(options, summary)));
    await deliver(folder, object, note, job, options);
    notes.push(note);
    records += plan.records;
  }
  const files = notes.flatMap((note) => note.files);
  if (declare) await receiver.declare(declarationOf(dataset, files, names));
  const badLines = await folder.writeBadLines([...badLinesOf(segments, names), ...conflictsOf(notes, names)]);
  const report: ImportReport = {
    ...summary,
    dataset,
    objects: notes.map(({ sha256, bytes, files: own }) => ({ sha256, bytes, events: eventsOf(own) })),
    files: files.length,
    events: eventsOf(files),
    duplicates: notes.reduce((sum, { duplicates }) => sum + duplicates, 0),
    conflicts: notes.reduce((sum, { conflicts }) => sum + conflicts, 0),
    ...(badLines && { badLines }),
  };
  await folder.finish(report);
  return report;
}

async function readSegments(folder: WorkFolder, options: ImportOptions, names: readonly string[]): Promise<Segment[]> {
  const { limit, segmentBytes, signal, onProgress } = options;
  try {
    return await readInputs(options.inputs, folder, {
      dataset: parseDatasetName(options.dataset),
      limit,
      segmentBytes,
      signal,
      onProgress: (progress) => onProgress?.({ step: 'read', ...progress }),
    });
  } catch (error) {
    await folder.writeBadLines(badLinesOf(await folder.openSegments(), names));
    throw error;
  }
}

function aboutOf({ dataset }: ImportOptions, { counts, smk, provenanceTypes }: LegacySummary): StagedAbout {
  return {
    dataset,
    families: [
      'l1',
      ...(counts.triggered > 0 ? (['hlt'] as const) : []),
      ...(counts.derived > 0 ? (['provenance'] as const) : []),
    ],
    provenanceTypes,
    ...(smk !== undefined && { smk }),
  };
}

async function makeObject(
  folder: WorkFolder,
  object: number,
  segments: readonly Segment[],
  plan: ObjectPlan,
  about: StagedAbout,
): Promise<ObjectNote> {
  const { bytes, ...rest } = await stageObject(segments, plan, about);
  const note = { ...rest, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
  await folder.keep(object, bytes, note);
  return note;
}

async function deliver(
  folder: WorkFolder,
  object: number,
  note: ObjectNote,
  job: number,
  { receiver, dataset, producer }: ImportOptions,
): Promise<void> {
  if (await folder.isSent(object)) return;
  const { sha256, bytes, files } = note;
  await receiver.upload(await folder.bytes(object));
  await receiver.message({ dataset, job: { id: job }, producer, object: { sha256, bytes }, files });
  await folder.markSent(object);
}

function declarationOf(dataset: string, files: readonly StagedFile[], names: readonly string[]): Declaration {
  return {
    dataset,
    files: files.map(({ guid, events }) => ({ guid, events })),
    open: false,
    sourcePath: names.join(' ').slice(0, 2048),
  };
}

function badLinesOf(segments: readonly Segment[], names: readonly string[]): string[] {
  return segments.flatMap(({ header }) => header.bad.map((line) => printBadLine(line, names)));
}

function conflictsOf(notes: readonly ObjectNote[], names: readonly string[]): string[] {
  return notes.flatMap(({ conflicting }) =>
    conflicting.map(({ kept, other }) => {
      const reason = `names the record of line ${kept.line} of ${names[kept.input]}, but says other things of it`;
      return printBadLine({ ...other, column: 1, field: 'line', reason, text: '' }, names);
    }),
  );
}

function eventsOf(files: readonly StagedFile[]): number {
  return files.reduce((sum, { events }) => sum + events, 0);
}
