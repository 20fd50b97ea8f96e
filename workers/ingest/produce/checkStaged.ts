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
import type { ByteSource } from '../../io/byteSource.ts';
import { BITS_OF_LEVEL, RecordsDigest } from './recordsDigest.ts';
import { firstDescent, keyAt, type RecordKey } from './sortRecords.ts';

/** Records of a row group, at most; and entries of all of its lists: what a reader has to hold at once. */
export const GROUP_RECORDS = 65_536;
export const GROUP_ENTRIES = 1 << 23;
/** Of a column of a row group, uncompressed: more can only be damage. */
const COLUMN_BYTES = 2 ** 28;

const PROVENANCE = ['prov_type', 'prov_guid_hi', 'prov_guid_lo', 'prov_oid1', 'prov_oid2'];

/** What an object says of itself, held against itself and its size. @throws LumiscopeError `format` */
export async function openStaged(source: ByteSource): Promise<{ layout: Layout; header: StagedHeader }> {
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
  for (const { name, type, depth, nullable } of leaves) {
    const own = STAGED_COLUMNS.find((column) => column.name === name);
    if (!own || (own.family !== 'location' && !families.includes(own.family)))
      throw damaged(url, `it has a column ${name}, which records of its families don't have`);
    if (own.type !== type || own.depth !== depth || (nullable && !own.nullable))
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
    // A record that alone is longer has a row group of its own.
    if (events > GROUP_RECORDS || (events > 1 && entries > GROUP_ENTRIES) || entries > 2 * GROUP_ENTRIES || isLong)
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

/** Holds the records of one file against the header, as they come. */
export class RecordsCheck {
  readonly #header: StagedHeader;
  readonly #where: string;
  readonly #guid: string;
  readonly #digest: { expected: string; actual: RecordsDigest } | undefined;
  #rows = 0;
  #before: RecordKey | undefined;

  /** @param digest where all columns are read */
  constructor(header: StagedHeader, url: string, guid: string, digest: string | undefined) {
    this.#header = header;
    this.#where = url;
    this.#guid = guid;
    this.#digest = digest === undefined ? undefined : { expected: digest, actual: new RecordsDigest(header) };
  }

  /** @throws LumiscopeError `format` */
  add(batch: RecordBatch): void {
    const { rows, columns } = batch;
    if (['eventno', 'oid1', 'oid2'].every((name) => columns.has(name))) {
      const at = firstDescent(batch, this.#before);
      if (at >= 0) throw this.#damaged(`record ${this.#rows + at} of ${this.#guid} is not in order`);
      this.#before = keyAt(columns, rows - 1);
    }
    for (const level of ['l1', 'hlt'] as const) {
      const { smk, chains } = this.#header;
      const bits = smk === undefined && chains ? chains[level].length : 0x10000;
      for (const name of BITS_OF_LEVEL[level]) this.#checkBits(name, columns.get(name), bits);
    }
    this.#checkProvenance(columns);
    this.#digest?.actual.add(batch);
    this.#rows += rows;
  }

  /** @throws LumiscopeError `format` */
  finish(): void {
    if (this.#digest && this.#digest.actual.finish() !== this.#digest.expected)
      throw this.#damaged(`records of ${this.#guid} have another digest than its header says`);
  }

  #checkBits(name: string, column: ColumnData | undefined, bits: number): void {
    if (!column) return;
    const values = column.values as Uint16Array;
    const offsets = column.offsets[0]!;
    for (let row = 0; row < column.length; row++) {
      let before = -1;
      for (let at = offsets[row]!; at < offsets[row + 1]!; at++) {
        const bit = values[at]!;
        if (bit <= before || bit >= bits)
          throw this.#damaged(
            `record ${this.#rows + row} of ${this.#guid} has bit ${bit} of ${name}, which ${bit >= bits ? 'no chain has' : 'is not in order'}`,
          );
        before = bit;
      }
    }
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
