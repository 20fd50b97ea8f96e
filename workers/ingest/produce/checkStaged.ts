import type { RecordBatch } from '../../../core/catalogue/tables.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import {
  STAGED_COLUMNS,
  STAGED_HEADER,
  type StagedHeader,
  stagedHeaderSchema,
} from '../../../core/ingest/stagedHeader.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { asFormatError } from '../../formats/errors.ts';
import { readFooter } from '../../formats/parquet/footer.ts';
import { type Layout, layOut } from '../../formats/parquet/layout.ts';
import { flattenSchema } from '../../formats/parquet/schema.ts';
import { ThriftCursor } from '../../formats/parquet/thrift.ts';
import type { ByteSource } from '../../io/byteSource.ts';
import { BIT_COLUMNS, BITS_OF_PACKED, firstBadBit, packedColumns } from './bitHits.ts';
import { BITS_OF_LEVEL, NULLABLE, RecordsDigest } from './recordsDigest.ts';
import { firstDescent, keyAt, type RecordKey } from './sortRecords.ts';

/** Records of a row group, at most; and entries of all of its lists: what a reader has to hold at once. */
export const GROUP_RECORDS = 65_536;
export const GROUP_ENTRIES = 1 << 23;
/** Of a column of a row group, uncompressed: more can only be damage. */
const COLUMN_BYTES = 2 ** 28;

const PROVENANCE = ['prov_type', 'prov_guid_hi', 'prov_guid_lo', 'prov_oid1', 'prov_oid2'];

/** What an object says of itself, held against itself and its size. @throws LumiscopeError `format` */
export async function openStaged(source: ByteSource): Promise<{ layout: Layout; header: StagedHeader }> {
  await checkFooter(source);
  const metadata = await readFooter(source);
  try {
    const layout = layOut(metadata, flattenSchema(metadata.schema), source.size);
    const text = metadata.key_value_metadata?.find(({ key }) => key === STAGED_HEADER)?.value;
    if (text === undefined) throw damaged(source.url, `it has no ${STAGED_HEADER}, and is no staged object`);
    const header = parseHeader(source.url, text);
    checkColumns(source.url, layout, header);
    checkGroups(source.url, layout, header);
    return { layout, header };
  } catch (cause) {
    throw asFormatError(cause, source.url);
  }
}

/** Walks through the footer once: numbers without end, which another reader would take in with ever longer sums, end it. */
async function checkFooter(source: ByteSource): Promise<void> {
  const { size, url } = source;
  if (size < 12) return;
  const { buffer, byteOffset } = await source.read(size - 8, 4);
  const length = new DataView(buffer, byteOffset).getUint32(0, true);
  if (length > size - 12) return;
  try {
    new ThriftCursor(await source.read(size - 8 - length, length), 0).struct(() => false);
  } catch (cause) {
    throw asFormatError(cause, url);
  }
}

function parseHeader(url: string, text: string): StagedHeader {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw damaged(url, `its ${STAGED_HEADER} is no JSON`);
  }
  const { success, data, error } = stagedHeaderSchema.safeParse(value);
  if (!success) {
    const [issue] = error.issues;
    throw damaged(url, `its header is not right: ${issue!.path.join('.')}: ${issue!.message}`);
  }
  const known = new Set<string>();
  for (const { guid } of data.files) {
    if (known.has(guid)) throw damaged(url, `it has file ${guid} twice`);
    known.add(guid);
  }
  return data;
}

function checkColumns(url: string, { leaves, unsupported }: Layout, { families }: StagedHeader): void {
  const [unreadable] = unsupported;
  if (unreadable) throw damaged(url, `its column ${unreadable.name} can't be read: ${unreadable.reason}`);
  const logical = new Map(STAGED_COLUMNS.map((column) => [column.name, column]));
  for (const { name, type, depth } of leaves) {
    const bits = BITS_OF_PACKED.get(name);
    const family = logical.get(bits ?? name)?.family;
    if (family === undefined || (family !== 'location' && !families.includes(family)))
      throw damaged(url, `it has a column ${name}, which records of its families don't have`);
    if (bits !== undefined && leaves.some((leaf) => leaf.name === bits))
      throw damaged(url, `it has both columns ${name} and ${bits}`);
    const own = bits === undefined ? logical.get(name)! : packedColumns(bits).find((column) => column.name === name)!;
    if (own.type !== type || own.depth !== depth)
      throw damaged(url, `its column ${name} is of another type than records have`);
  }
  for (const { name, depth, nullable } of STAGED_COLUMNS)
    if (depth === 0 && !nullable && !leaves.some((leaf) => leaf.name === name))
      throw damaged(url, `it has no column ${name}`);
  const lacking = PROVENANCE.filter((name) => !leaves.some((leaf) => leaf.name === name));
  if (lacking.length > 0 && lacking.length < PROVENANCE.length) throw damaged(url, `it has no column ${lacking[0]}`);
}

function checkGroups(url: string, { rowGroups, leaves }: Layout, { files }: StagedHeader): void {
  rowGroups.forEach(({ events, columns }, group) => {
    const entries = leaves.reduce((sum, { index, depth }) => sum + (depth > 0 ? columns[index]!.entries : 0), 0);
    const isLong = leaves.some(({ index }) => columns[index]!.uncompressedBytes > COLUMN_BYTES);
    // Flags of bits that are part of others come on top of what lists have.
    if (events > GROUP_RECORDS || entries > 2 * GROUP_ENTRIES || isLong)
      throw damaged(url, `its row group ${group} is larger than those of staged objects`);
    if (events === 0) throw damaged(url, `its row group ${group} has no records`);
  });
  let group = 0;
  for (const { guid, events, groups } of files) {
    let records = 0;
    for (const end = group + groups; group < Math.min(end, rowGroups.length); group++)
      records += rowGroups[group]!.events;
    if (records !== events || group > rowGroups.length)
      throw damaged(url, `it has ${records} records of ${guid}, its header says ${events}`);
  }
  if (group !== rowGroups.length || files.reduce((sum, file) => sum + file.groups, 0) !== rowGroups.length)
    throw damaged(url, `it has ${rowGroups.length} row groups, its header says otherwise`);
}

/** How many bits a column may have. */
export function bitsOf({ smk, chains }: StagedHeader, name: string): number {
  const isFirst = (BITS_OF_LEVEL.l1 as readonly string[]).includes(name);
  return smk === undefined && chains ? chains[isFirst ? 'l1' : 'hlt'].length : 0x10000;
}

/** Holds the records of one file against the header, as they come. */
export class RecordsCheck {
  readonly #header: StagedHeader;
  readonly #where: string;
  readonly #guid: string;
  readonly #digest: { expected: string; actual: RecordsDigest } | undefined;
  readonly #unpacked: ReadonlySet<string>;
  #rows = 0;
  #before: RecordKey | undefined;

  /** @param unpacked columns of bits that are sorted anyway @param digest where all columns are read */
  constructor(
    header: StagedHeader,
    {
      url,
      guid,
      unpacked,
      digest,
    }: { url: string; guid: string; unpacked: readonly string[]; digest: string | undefined },
  ) {
    this.#unpacked = new Set(unpacked);
    this.#header = header;
    this.#where = url;
    this.#guid = guid;
    this.#digest = digest === undefined ? undefined : { expected: digest, actual: new RecordsDigest(header) };
  }

  /** @throws LumiscopeError `format` */
  add(batch: RecordBatch): void {
    const { rows, columns } = batch;
    for (const [name, { valid }] of columns)
      if (valid && !NULLABLE.has(name)) throw this.#damaged(`records of ${this.#guid} lack values of ${name}`);
    if (['eventno', 'oid1', 'oid2'].every((name) => columns.has(name))) {
      const at = firstDescent(batch, this.#before);
      if (at >= 0) throw this.#damaged(`record ${this.#rows + at} of ${this.#guid} is not in order`);
      this.#before = keyAt(columns, rows - 1);
    }
    for (const name of BIT_COLUMNS) if (!this.#unpacked.has(name)) this.#checkBits(name, columns.get(name));
    this.#checkProvenance(columns);
    this.#digest?.actual.add(batch);
    this.#rows += rows;
  }

  /** @throws LumiscopeError `format` */
  finish(): void {
    if (this.#digest && this.#digest.actual.finish() !== this.#digest.expected)
      throw this.#damaged(`records of ${this.#guid} have another digest than its header says`);
  }

  #checkBits(name: string, column: ColumnData | undefined): void {
    const bits = bitsOf(this.#header, name);
    const bad = column && firstBadBit(column, bits);
    if (!bad) return;
    const why = bad.bit >= bits ? 'no chain has' : 'is not in order';
    throw this.#damaged(`record ${this.#rows + bad.row} of ${this.#guid} has bit ${bad.bit} of ${name}, which ${why}`);
  }

  #checkProvenance(columns: RecordBatch['columns']): void {
    const types = columns.get('prov_type');
    if (!types) return;
    const known = this.#header.provenanceTypes.length;
    if ((types.values as Uint8Array).some((type) => type >= known))
      throw this.#damaged(`a record of ${this.#guid} came from a data type that its header does not name`);
    const [lengths] = types.offsets;
    for (const name of PROVENANCE) {
      const offsets = columns.get(name)?.offsets[0];
      if (offsets?.some((offset, row) => offset !== lengths![row]))
        throw this.#damaged(`records of ${this.#guid} have more of prov_type than of ${name}, or fewer`);
    }
  }

  #damaged(what: string): LumiscopeError {
    return damaged(this.#where, what);
  }
}

function damaged(url: string, what: string): LumiscopeError {
  const hint = 'its producer has to make it again, from the files of events';
  return new LumiscopeError('format', `${url}: ${what}`, { hint, place: { file: url } });
}
