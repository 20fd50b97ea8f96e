import * as z from 'zod';
import type { RecordBatch } from '../../../core/catalogue/tables.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import type { StagedFile } from '../../../core/ingest/controlMessage.ts';
import {
  STAGED_COLUMNS,
  STAGED_HEADER,
  type StagedHeader,
  stagedHeaderSchema,
} from '../../../core/ingest/stagedHeader.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { checkColumn } from '../../catalogue/write/checkColumn.ts';
import { catalogueWriter, joined } from '../../catalogue/write/tableWriter.ts';
import { concatenate, slice } from '../../convert/rows.ts';
import { asFormatError } from '../../formats/errors.ts';
import { PieceReader } from '../../formats/parquet/pieceReader.ts';
import { type EncodedGroup, encodeGroup } from '../../formats/parquet/write/rowGroup.ts';
import type { WrittenColumn } from '../../formats/parquet/write/types.ts';
import { bytesSource } from '../../io/bytesSource.ts';
import {
  BIT_COLUMNS,
  BITS_OF_PACKED,
  firstBadBit,
  packBits,
  packedColumns,
  unpackBits,
  withWholes,
} from './bitHits.ts';
import { bitsOf, GROUP_ENTRIES, GROUP_RECORDS, openStaged, RecordsCheck } from './checkStaged.ts';
import { isEmpty, RecordsDigest } from './recordsDigest.ts';
import { sortRecords } from './sortRecords.ts';

const CODEC = 'SNAPPY';
/** Columns of which differences of neighbours take more than their values do: GUIDs repeat. */
const NO_DELTAS = new Set(['prov_guid_hi', 'prov_guid_lo']);

/** What is said of all records of an object. @see stagedHeaderSchema */
export type StagedAbout = Pick<StagedHeader, 'dataset' | 'families' | 'provenanceTypes' | 'smk' | 'chains'>;

/** The records of a file of events, in any order. */
export interface FileRecords {
  guid: string;
  /** Columns by the names of `STAGED_COLUMNS`; those of lists, or of values that may be missing, may be left out. */
  batches: Iterable<RecordBatch> | AsyncIterable<RecordBatch>;
}

/** What was made: an object, and what a control message says of its files. */
export interface WrittenObject {
  bytes: Uint8Array<ArrayBuffer>;
  files: StagedFile[];
}

/**
 * One object of the records of some files, sorted, for a relay. The same records give the same bytes. Memory: the records of one file, and the object.
 * @throws LumiscopeError as `StagedWriter`
 */
export async function writeStaged(
  about: StagedAbout,
  files: Iterable<FileRecords> | AsyncIterable<FileRecords>,
): Promise<WrittenObject> {
  const writer = new StagedWriter(about);
  for await (const file of files) await writer.add(file);
  return writer.finish();
}

/** Makes a staged object file by file. */
export class StagedWriter {
  readonly #about: StagedAbout;
  readonly #columns: readonly WrittenColumn[];
  /** As they are stored. */
  readonly #stored: readonly WrittenColumn[];
  /** Of each of these, whether any record has a value. */
  readonly #used: boolean[];
  readonly #groups: EncodedGroup[] = [];
  readonly #files: StagedHeader['files'] = [];

  /** @throws LumiscopeError `document` where chains without a menu key are not in the order of their names */
  constructor(about: StagedAbout) {
    checkNames(about);
    this.#about = about;
    this.#columns = columnsOf(about.families);
    this.#stored = this.#columns.flatMap((column) =>
      BIT_COLUMNS.includes(column.name) ? packedColumns(column.name) : [column],
    );
    this.#used = this.#stored.map(() => false);
  }

  /** @throws LumiscopeError `document` where columns are missing, unknown or of another type */
  async add({ guid, batches }: FileRecords): Promise<void> {
    const columns = this.#columns;
    const records = sortRecords(await together(columns, batches, guid));
    for (const [name, column] of records.columns) {
      const bad = BIT_COLUMNS.includes(name) && firstBadBit(column, 0x10000);
      if (bad) throw wrong(`bits of ${name} don't ascend in a record of ${guid}, at bit ${bad.bit}`);
    }
    const digest = new RecordsDigest(this.#about);
    digest.add(records);
    const before = this.#groups.length;
    for (const part of partsOf(records)) {
      const bits = new Map([...part.columns].filter(([name]) => BIT_COLUMNS.includes(name)));
      const packed = packBits(part.rows, bits);
      const own = this.#stored.map(({ name }) => packed.get(name) ?? part.columns.get(name)!);
      own.forEach((column, k) => {
        this.#used[k] ||= !isEmpty(column);
      });
      this.#groups.push(await encodeGroup(this.#stored, own, CODEC, { checksums: true }));
    }
    const groups = this.#groups.length - before;
    this.#files.push({ guid, events: records.rows, digest: digest.finish(), groups });
  }

  /** @throws LumiscopeError `document` where the header is not right: no files, names that are too long */
  async finish(): Promise<WrittenObject> {
    const header = stagedHeaderSchema.safeParse({ version: 1, ...this.#about, files: this.#files });
    if (!header.success) throw wrong(`staged records of ${this.#about.dataset}: ${z.prettifyError(header.error)}`);
    const isKept = (k: number) => this.#used[k] || !mayBeLeftOut(this.#stored[k]!);
    const kept = this.#stored.filter((_, k) => isKept(k));
    const parts: Uint8Array[] = [];
    const writer = catalogueWriter(parts, kept, CODEC, { [STAGED_HEADER]: JSON.stringify(header.data) });
    for (const group of this.#groups)
      await writer.group({ ...group, columns: group.columns.filter((_, k) => isKept(k)) });
    await writer.finish();
    return {
      bytes: joined(parts) as Uint8Array<ArrayBuffer>,
      files: this.#files.map(({ guid, events, digest }) => ({ guid, events, digest })),
    };
  }
}

/** An object that was checked. */
export interface StagedObject {
  header: StagedHeader;
  /**
   * The records of one of its files, row group by row group; columns without any value are not there. What is read whole is held against the file's digest.
   * @param file index in `header.files`
   * @param columns names of those that are wanted; default: all
   * @throws LumiscopeError `format` where they are damaged, not in order, or not what the header says; `cancelled`
   */
  read(
    file: number,
    options?: { columns?: readonly string[]; signal?: AbortSignal | undefined },
  ): AsyncGenerator<RecordBatch>;
}

/**
 * Opens a staged object, which anybody may have written: what it says of itself is checked here, its records as they are read.
 * @param name as errors call it
 * @throws LumiscopeError `format`
 */
export async function readStaged(bytes: Uint8Array, name = 'the staged object'): Promise<StagedObject> {
  const source = bytesSource(name, bytes);
  const { layout, header } = await openStaged(source);
  const stored = [...new Set(layout.leaves.map((leaf) => BITS_OF_PACKED.get(leaf.name) ?? leaf.name))];
  const reader = new PieceReader(source, layout);
  const firstGroups: number[] = [];
  let groups = 0;
  for (const file of header.files) {
    firstGroups.push(groups);
    groups += file.groups;
  }
  async function* read(
    index: number,
    { columns, signal }: { columns?: readonly string[]; signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<RecordBatch> {
    const file = header.files[index];
    if (!file) throw new RangeError(`file ${index} of ${header.files.length}`);
    const wanted = stored.filter((column) => !columns || columns.includes(column));
    const needed = withWholes(wanted);
    const leaves = layout.leaves.filter((leaf) => needed.has(BITS_OF_PACKED.get(leaf.name) ?? leaf.name));
    const bits = wanted.filter((column) => !leaves.some((leaf) => leaf.name === column));
    const { guid, groups } = file;
    const digest = wanted.length === stored.length ? file.digest : undefined;
    const check = new RecordsCheck(header, { url: name, guid, unpacked: bits, digest });
    for (let group = firstGroups[index]!; group < firstGroups[index]! + groups; group++) {
      const decoded = await reader.read(layout.pieces[group]!, leaves, signal);
      const found = new Map(leaves.map((leaf, k) => [leaf.name, decoded[k]!]));
      const rows = layout.rowGroups[group]!.events;
      const lists = unpacked(name, header, rows, found, bits);
      const batch = {
        rows,
        columns: new Map(wanted.map((column) => [column, lists.get(column) ?? found.get(column)!])),
      };
      check.add(batch);
      yield batch;
    }
    check.finish();
  }
  return { header, read };
}

function unpacked(
  url: string,
  header: StagedHeader,
  rows: number,
  packed: ReadonlyMap<string, ColumnData>,
  bits: readonly string[],
): Map<string, ColumnData> {
  try {
    return unpackBits(rows, packed, bits, (name) => bitsOf(header, name));
  } catch (cause) {
    throw asFormatError(cause, url);
  }
}

/** Columns of an object with these families, with those that may be left out. */
function columnsOf(families: StagedHeader['families']): WrittenColumn[] {
  return STAGED_COLUMNS.filter(({ family }) => family === 'location' || families.includes(family)).map(
    ({ family: _, ...column }) => ({ ...column, ...(isDelta(column) && { encoding: 'DELTA_BINARY_PACKED' }) }),
  );
}

function isDelta({ name, type }: WrittenColumn): boolean {
  return type !== 'float64' && !NO_DELTAS.has(name);
}

/** All records of a file, in one batch, each column there. */
async function together(
  columns: readonly WrittenColumn[],
  batches: FileRecords['batches'],
  guid: string,
): Promise<RecordBatch> {
  const known = new Set(columns.map((column) => column.name));
  const parts: RecordBatch[] = [];
  let rows = 0;
  for await (const batch of batches) {
    const what = `records of ${guid}`;
    for (const name of batch.columns.keys())
      if (!known.has(name)) throw wrong(`${what} have no column ${name} in the families that are staged`);
    const checked = columns.map((column) => checkColumn(column, batch.columns.get(column.name), batch.rows, what));
    parts.push({ rows: batch.rows, columns: new Map(columns.map((column, k) => [column.name, checked[k]!])) });
    rows += batch.rows;
  }
  if (parts.length === 0) {
    const none = columns.map((column) => checkColumn({ ...column, nullable: true }, undefined, 0, guid));
    return { rows: 0, columns: new Map(columns.map((column, k) => [column.name, none[k]!])) };
  }
  const joinedUp = columns.map((column) => concatenate(parts.map((part) => part.columns.get(column.name)!)));
  return { rows, columns: new Map(columns.map((column, k) => [column.name, joinedUp[k]!])) };
}

/** Cuts records to row groups. */
function* partsOf(records: RecordBatch): Generator<RecordBatch> {
  const lists = [...records.columns.values()].flatMap(({ offsets }) => offsets);
  const entriesUpTo = (row: number) => lists.reduce((sum, offsets) => sum + row + offsets[row]!, 0);
  for (let from = 0; from < records.rows; ) {
    let to = Math.min(records.rows, from + GROUP_RECORDS);
    while (to - from > 1 && entriesUpTo(to) - entriesUpTo(from) > GROUP_ENTRIES) to = from + ((to - from) >> 1);
    const [begin, end] = [from, to];
    yield {
      rows: end - begin,
      columns: new Map([...records.columns].map(([name, column]) => [name, slice(column, begin, end)])),
    };
    from = to;
  }
}

/** Names stand in one order, so that the same records have the same digest whatever object they are in. */
function checkNames({ smk, chains }: StagedAbout): void {
  if (smk !== undefined || !chains) return;
  for (const names of [chains.l1, chains.hlt]) {
    const at = names.findIndex((name, k) => k > 0 && name <= names[k - 1]!);
    if (at > 0)
      throw wrong(`chains without a menu key have to ascend by their names: ${names[at]} comes after ${names[at - 1]}`);
  }
}

function mayBeLeftOut({ depth, nullable }: WrittenColumn): boolean {
  return depth > 0 || nullable;
}

function wrong(message: string): LumiscopeError {
  return new LumiscopeError('document', message);
}
