import type { RecordBatch } from '../../../core/catalogue/tables.ts';
import { stagedPath } from '../../../core/ingest/layout.ts';
import type { StagedHeader } from '../../../core/ingest/stagedHeader.ts';
import type { Validation } from '../../../core/ingest/validation.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { sha256 } from '../../catalogue/sha256.ts';
import { cancelled } from '../../io/errors.ts';
import type { ObjectStore } from '../../objects/objectStore.ts';
import { BITS_OF_LEVEL } from '../produce/recordsDigest.ts';
import { readStaged, type StagedObject } from '../produce/stagedObject.ts';
import { DatasetMenu, TRIGGER_LEVELS, type TriggerLevel } from './datasetMenu.ts';
import { InsertionError } from './insertionError.ts';
import type { ProvenanceTypes } from './provenanceTypes.ts';
import { SeqColumn } from './seqColumn.ts';

/** What the objects of a dataset turn out to hold, besides records. */
export interface Found {
  menu: DatasetMenu;
  provenance: ProvenanceTypes;
  families: Set<StagedHeader['families'][number]>;
}

/**
 * The records that a validation refers to, in its order of objects, with the columns of `SORT_COLUMNS`. Each object is read whole and held against its checksum, of its files only those that are
 * referred to, and these against the counts and digests of the validation.
 * @param found filled in on the way
 * @throws InsertionError naming object and file; LumiscopeError `source`, `cancelled`
 */
export async function* readObjects(
  objects: ObjectStore,
  validation: Validation,
  found: Found,
  signal?: AbortSignal,
): AsyncGenerator<RecordBatch> {
  const sources = validation.objects.map(() => new Map<string, number>());
  validation.references.forEach(({ guid, object }, source) => {
    sources[object]!.set(guid, source);
  });
  const fetch = (index: number) => {
    const wanted = index < sources.length && sources[index]!.size > 0;
    const bytes = wanted ? readWhole(objects, validation.objects[index]!, signal) : Promise.resolve(undefined);
    // It is asked for ahead: whether it failed is seen when its turn comes.
    bytes.catch(() => {});
    return bytes;
  };
  let ahead = fetch(0);
  for (let index = 0; index < sources.length; index++) {
    const bytes = await ahead;
    ahead = fetch(index + 1);
    if (bytes) yield* readObject(bytes, validation, index, sources[index]!, found, signal);
  }
}

async function readWhole(
  objects: ObjectStore,
  { sha256: expected, bytes: size }: Validation['objects'][number],
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const path = stagedPath(expected);
  const found = await objects.read(path, signal);
  if (signal?.aborted) throw cancelled();
  const corrupt = (what: string) =>
    new InsertionError('corrupt-object', `${path}: ${what}`, {
      hint: 'its producer has to stage it again',
      place: { file: path },
    });
  if (!found) throw corrupt('is not in the store');
  if (found.bytes.length !== size) throw corrupt(`has ${found.bytes.length} bytes, not ${size}`);
  if ((await sha256(found.bytes)) !== expected) throw corrupt('its bytes have another checksum than its name says');
  return found.bytes;
}

async function* readObject(
  bytes: Uint8Array,
  { dataset, objects, references }: Validation,
  index: number,
  sources: ReadonlyMap<string, number>,
  found: Found,
  signal: AbortSignal | undefined,
): AsyncGenerator<RecordBatch> {
  const path = stagedPath(objects[index]!.sha256);
  const asCorrupt = (cause: unknown) => {
    if ((cause as { tag?: string }).tag !== 'format') return cause;
    return new InsertionError('corrupt-object', (cause as Error).message, { place: { file: path }, cause });
  };
  let object: StagedObject;
  try {
    object = await readStaged(bytes, path);
  } catch (cause) {
    throw asCorrupt(cause);
  }
  const { header } = object;
  if (header.dataset !== dataset)
    throw new InsertionError('contents-differ', `${path}: holds records of ${header.dataset}, not of ${dataset}`);
  const numbers = found.menu.take(header, path);
  const types = found.provenance.take(header.provenanceTypes);
  for (const family of header.families) found.families.add(family);
  const places = new Map(header.files.map(({ guid }, place) => [guid, place]));
  for (const [guid, source] of sources) {
    const place = places.get(guid);
    const file = place === undefined ? undefined : header.files[place]!;
    const reference = references[source]!;
    if (!file) throw new InsertionError('contents-differ', `${path}: has no file ${guid}`);
    if (file.events !== reference.events)
      throw new InsertionError(
        'counts-differ',
        `${path}: has ${file.events} records of ${guid}, ${reference.events} were chosen`,
      );
    if (file.digest !== reference.digest)
      throw new InsertionError(
        'contents-differ',
        `${path}: its records of ${guid} have another digest than was chosen`,
      );
    const seq = new SeqColumn(guid);
    const records = object.read(place!, { signal });
    for (;;) {
      const step = await records.next().catch((cause) => {
        throw asCorrupt(cause);
      });
      if (step.done) break;
      yield transformed(step.value, source, seq, numbers, types, `${path}: a record of ${guid}`);
    }
  }
}

/** A batch with `seq` and its source, and bits and data types by the numbers of the dataset. */
function transformed(
  { rows, columns }: RecordBatch,
  source: number,
  seq: SeqColumn,
  numbers: Partial<Record<TriggerLevel, Uint16Array>>,
  types: Uint8Array | undefined,
  what: string,
): RecordBatch {
  const own = new Map(columns);
  for (const level of TRIGGER_LEVELS)
    for (const name of BITS_OF_LEVEL[level]) {
      const column = own.get(name);
      if (!column) continue;
      const map = numbers[level];
      if (map) own.set(name, mapped(column, map));
      else checkBits(column, level, `${what} has bit`);
    }
  const provenance = own.get('prov_type');
  if (provenance && types) own.set('prov_type', mapped(provenance, types));
  const oid = (name: string) => columns.get(name)!.values as BigUint64Array;
  own.set('seq', { type: 'int16', length: rows, offsets: [], values: seq.of(oid('oid1'), oid('oid2')) });
  own.set('source', { type: 'int32', length: rows, offsets: [], values: new Int32Array(rows).fill(source) });
  return { rows, columns: own };
}

/** Values by a table. */
export function mapped(column: ColumnData, table: Uint16Array | Uint8Array): ColumnData {
  const values = column.values as Uint16Array;
  const after = new (values.constructor as Uint16ArrayConstructor)(values.length);
  for (let i = 0; i < after.length; i++) after[i] = table[values[i]!]!;
  return { ...column, values: after };
}

/** Bits of a list ascend: the last one is the largest. */
function checkBits({ length, values, offsets }: ColumnData, level: TriggerLevel, what: string): void {
  const most = DatasetMenu.most(level);
  const [starts] = offsets as [Uint32Array];
  for (let row = 1; row <= length; row++) {
    const end = starts[row]!;
    if (end > starts[row - 1]! && (values[end - 1] as number) >= most)
      throw new InsertionError(undefined, `${what} ${values[end - 1]} of ${level}: a catalogue holds ${most}`);
  }
}
