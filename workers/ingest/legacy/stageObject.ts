import { open } from 'node:fs/promises';
import { LumiscopeError } from '../../../core/errors.ts';
import { FILES_AT_MOST } from '../../../core/ingest/declaration.ts';
import { ORIGIN_WORDS, PackedRecords, unpackRecords, WORD } from '../../../core/ingest/packedRecords.ts';
import { STAGED_COLUMNS } from '../../../core/ingest/stagedHeader.ts';
import { type FileRecords, type StagedAbout, writeStaged } from '../produce/stagedObject.ts';
import { firstAt, guidAt, type Segment } from './segment.ts';

/** Files of events that go into one object: those from one GUID to another, in 32 hex digits. */
export interface ObjectPlan {
  first: string;
  last: string;
  records: number;
}

/** Of an object; a file of events is in one object, whatever its size. */
export interface ObjectSize {
  records: number;
  /** Of packed records: memory. */
  bytes: number;
}

export const OBJECT_SIZE: ObjectSize = { records: 500_000, bytes: 192 * 2 ** 20 };
/** Of a file of events, packed. */
const MOST_BYTES = 2 ** 31;

/** Lines that name the same record of a file of events, but say different things of it. */
export interface Conflict {
  /** The one that is kept is the first. */
  kept: { input: number; line: number };
  other: { input: number; line: number };
}

/** Of an object: others are counted. */
const MOST_CONFLICTS = 1000;

/** Which files of events go into which object: by their GUIDs, so that it does not matter in which order their records came. @throws LumiscopeError `limit` */
export function planObjects(segments: readonly Segment[], size: ObjectSize): ObjectPlan[] {
  const totals = new Map<string, { records: number; bytes: number }>();
  for (const { index } of segments)
    for (let file = 0; file < index.records.length; file++) {
      const guid = guidAt(index, file);
      let total = totals.get(guid);
      if (!total) {
        total = { records: 0, bytes: 0 };
        totals.set(guid, total);
      }
      total.records += index.records[file]!;
      total.bytes += index.offsets[file + 1]! - index.offsets[file]!;
    }
  if (totals.size > FILES_AT_MOST)
    throw new LumiscopeError(
      'limit',
      `the records are of ${totals.size} files: a dataset has ${FILES_AT_MOST} at most`,
    );
  const plans: ObjectPlan[] = [];
  let open: (ObjectPlan & { bytes: number }) | undefined;
  for (const guid of [...totals.keys()].sort()) {
    const { records, bytes } = totals.get(guid)!;
    if (bytes > MOST_BYTES)
      throw new LumiscopeError(
        'limit',
        `${records} records are of the file ${guid.toUpperCase()}: more than an object can hold`,
      );
    if (!open || open.records + records > size.records || open.bytes + bytes > size.bytes) {
      open = { first: guid, last: guid, records: 0, bytes: 0 };
      plans.push(open);
    }
    open.last = guid;
    open.records += records;
    open.bytes += bytes;
  }
  return plans.map(({ first, last, records }) => ({ first, last, records }));
}

/** An object of the work folder. */
export interface LegacyObject extends Awaited<ReturnType<typeof writeStaged>> {
  /** Records that came more than once. */
  duplicates: number;
  conflicts: number;
  /** The first ones. */
  conflicting: Conflict[];
}

/** Makes the object of a plan. @param about what is said of all records of the dataset: `provenanceTypes` are those of all segments */
export async function stageObject(
  segments: readonly Segment[],
  plan: ObjectPlan,
  about: StagedAbout,
): Promise<LegacyObject> {
  const pieces = segments.map((segment) => {
    const from = firstAt(segment.index, plan.first);
    const next = firstAt(segment.index, plan.last);
    const to = next < segment.index.records.length && guidAt(segment.index, next) === plan.last ? next + 1 : next;
    return { segment, from, to, begin: segment.index.offsets[from]!, end: segment.index.offsets[to]! };
  });
  const records = new PackedRecords(new ArrayBuffer(pieces.reduce((sum, { begin, end }) => sum + end - begin, 0)));
  /** Where the records of each file of events begin, in words, in the order of the inputs. */
  const files = new Map<string, number[]>();
  for (const { segment, from, to, begin, end } of pieces) {
    if (begin === end) continue;
    const at = records.length;
    await readInto(segment.path, records.bytes.subarray(at, at + end - begin), begin);
    records.length += end - begin;
    const types = segment.header.provenanceTypes.map((name) => about.provenanceTypes.indexOf(name));
    let place = at >> 2;
    for (let file = from; file < to; file++) {
      const guid = guidAt(segment.index, file);
      const places = files.get(guid) ?? [];
      files.set(guid, places);
      for (let k = 0; k < segment.index.records[file]!; k++, place += records.words[place]! >> 2) {
        places.push(place);
        renumber(records, place, types);
      }
    }
  }
  const result = { duplicates: 0, conflicts: 0, conflicting: [] as Conflict[] };
  const names = new Set(
    STAGED_COLUMNS.filter(({ family }) => family === 'location' || about.families.includes(family)).map(
      ({ name }) => name,
    ),
  );
  function* fileRecords(): Generator<FileRecords> {
    for (const guid of [...files.keys()].sort()) {
      const places = distinct(records, files.get(guid)!, result);
      yield { guid: printed(guid), batches: [unpackRecords(records, places, names)] };
    }
  }
  return { ...(await writeStaged(about, fileRecords())), ...result };
}

async function readInto(path: string, bytes: Uint8Array, from: number): Promise<void> {
  const file = await open(path);
  try {
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, at, bytes.length - at, from + at);
      if (bytesRead === 0) throw new LumiscopeError('format', `${path} is cut`);
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
}

/** Counts the data types of origins as the object does. */
function renumber({ words }: PackedRecords, place: number, types: readonly number[]): void {
  const origins = words[place + WORD.HAS]! >>> 16;
  for (let k = 0, at = place + WORD.REST; k < origins; k++, at += ORIGIN_WORDS) words[at] = types[words[at]!]!;
}

/** Of the records of a file of events, the first of each reference, in the order in which they came. */
function distinct(
  records: PackedRecords,
  places: readonly number[],
  result: Omit<LegacyObject, 'bytes' | 'files'>,
): Uint32Array {
  const { words, doubles } = records;
  const kept = Uint32Array.from(places);
  const byReference = kept.slice().sort((a, b) => compareReferences(words, a, b) || a - b);
  const dropped = new Set<number>();
  let first = byReference[0]!;
  for (let k = 1; k < byReference.length; k++) {
    const place = byReference[k]!;
    if (compareReferences(words, first, place) !== 0) {
      first = place;
      continue;
    }
    dropped.add(place);
    if (isSame(words, first, place)) {
      result.duplicates++;
      continue;
    }
    result.conflicts++;
    const origin = (at: number) => ({ input: words[at + WORD.INPUT]!, line: doubles[(at + WORD.LINE) >> 1]! });
    if (result.conflicting.length < MOST_CONFLICTS)
      result.conflicting.push({ kept: origin(first), other: origin(place) });
  }
  return dropped.size === 0 ? kept : kept.filter((place) => !dropped.has(place));
}

function compareReferences(words: Uint32Array, a: number, b: number): number {
  return (
    words[a + WORD.OID1 + 1]! - words[b + WORD.OID1 + 1]! ||
    words[a + WORD.OID1]! - words[b + WORD.OID1]! ||
    words[a + WORD.OID2 + 1]! - words[b + WORD.OID2 + 1]! ||
    words[a + WORD.OID2]! - words[b + WORD.OID2]!
  );
}

/** Whether two records say the same. */
function isSame(words: Uint32Array, a: number, b: number): boolean {
  const length = words[a]! >> 2;
  if (words[b]! >> 2 !== length) return false;
  for (let k = WORD.EVENT; k < length; k++) if (words[a + k] !== words[b + k]) return false;
  return true;
}

function printed(guid: string): string {
  return [guid.slice(0, 8), guid.slice(8, 12), guid.slice(12, 16), guid.slice(16, 20), guid.slice(20)]
    .join('-')
    .toUpperCase();
}
