import type { Part } from '../../../core/catalogue/manifest.ts';
import { INDEX_COLUMNS, RECORD_COLUMNS, type RecordBatch } from '../../../core/catalogue/tables.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { loadCodec } from '../../formats/codecs.ts';
import { asFormatError } from '../../formats/errors.ts';
import { decodeColumn } from '../../formats/parquet/decodeColumn.ts';
import { leafOf } from '../../formats/parquet/leafOf.ts';
import type { ByteRange, ByteSource } from '../../io/byteSource.ts';
import { readRanges } from '../../io/coalesce.ts';
import { cancelled } from '../../io/errors.ts';
import { nextTurn } from '../../schedule/slices.ts';
import { lowerBound, notAscending } from './keyReader.ts';
import { damaged } from './objectErrors.ts';
import { readTable } from './readTable.ts';

/** Where the row groups of a part's `records` lie, and which events they hold: its `index`, checked. */
export interface RecordIndex {
  /** Of each row group: smallest and largest event number. */
  first: BigUint64Array;
  last: BigUint64Array;
  /** `[group]` and the next: rows of the part before it and up to its end. */
  rows: Float64Array;
  /** Columns that are stored, in their order: of the families that the records have. */
  columns: string[];
  codec: 'SNAPPY' | 'UNCOMPRESSED';
  /** `[group * (columns + 1) + column]` and the next: where a column begins and ends. */
  places: Float64Array;
  /** `[group * columns + column]`. */
  entries: Int32Array;
  /** Of each row group: smallest and largest luminosity block; the smallest one is infinite where no record has one. */
  firstBlock: Float64Array;
  lastBlock: Float64Array;
}

/** A page may be so many times as long when it is uncompressed: what Snappy can reach, and some more. */
const MOST_COMPRESSION = 64;
/** Decoding lets the thread hear a cancel this often. */
const TURN_MS = 15;
const INFOS = new Map(RECORD_COLUMNS.map((column) => [column.name, column]));

/** Reads the `index` of a part: one request. @throws LumiscopeError `source`, `format`, `cancelled` */
export async function readIndex(source: ByteSource, part: Part, signal?: AbortSignal): Promise<RecordIndex> {
  const { rows: groups, columns, metadata } = await readTable(source, part.index, INDEX_COLUMNS, signal);
  const wrong = (what: string) => damaged(source.url, `it does not agree with its part: ${what}`);
  const names = (metadata.columns ?? '').split(',');
  const unknown = names.find((name) => !INFOS.has(name));
  if (unknown !== undefined) throw wrong(`there is no column ${unknown || 'at all'}`);
  const { codec } = metadata;
  if (codec !== 'SNAPPY' && codec !== 'UNCOMPRESSED') throw wrong(`pages can't be compressed by ${codec}`);
  const get = (name: string) => columns.get(name)!;
  const index: RecordIndex = {
    first: get('first').values as BigUint64Array,
    last: get('last').values as BigUint64Array,
    rows: new Float64Array(groups + 1),
    columns: names,
    codec,
    places: new Float64Array(groups * (names.length + 1)),
    entries: get('entries').values as Int32Array,
    firstBlock: orElse(get('lb_first'), Number.POSITIVE_INFINITY),
    lastBlock: orElse(get('lb_last'), Number.NEGATIVE_INFINITY),
  };
  const rows = get('rows').values as Int32Array;
  const offset = get('offset').values as BigInt64Array;
  const bytes = get('bytes');
  for (const { values } of [bytes, get('entries')])
    if (values.length !== groups * names.length) throw wrong('it has places of more or fewer columns');
  for (let group = 0; group < groups; group++) {
    index.rows[group + 1] = index.rows[group]! + rows[group]!;
    let at = Number(offset[group]);
    for (let column = 0; column <= names.length; column++) {
      index.places[group * (names.length + 1) + column] = at;
      at += column < names.length ? (bytes.values[group * names.length + column] as number) : 0;
    }
    if (at > part.records.bytes) throw wrong(`row group ${group} lies past the end of ${part.records.path}`);
    if (index.first[group]! > index.last[group]! || (group > 0 && index.first[group]! < index.last[group - 1]!))
      throw wrong(`row group ${group} is not in order`);
  }
  if (index.rows[groups] !== part.rows) throw wrong(`it has ${index.rows[groups]} records, not ${part.rows}`);
  if (groups > 0 && (index.first[0] !== BigInt(part.first) || index.last[groups - 1] !== BigInt(part.last)))
    throw wrong(
      `events go from ${index.first[0]} to ${index.last[groups - 1]}, not from ${part.first} to ${part.last}`,
    );
  return index;
}

/** Numbers of a column; what is missing is `other`. */
function orElse({ values, valid }: ColumnData, other: number): Float64Array {
  return Float64Array.from(values as Uint32Array, (value, i) => (valid?.[i] === 0 ? other : value));
}

/** The row groups that may hold an event: `[from, to)`. More than one where its records are on both sides of a border. */
export function groupsOfEvent({ first, last }: RecordIndex, eventno: bigint): [from: number, to: number] {
  const from = lowerBound(last, eventno);
  let to = from;
  while (to < first.length && first[to]! <= eventno) to++;
  return [from, to];
}

/** The bytes of a row group. */
export function rangeOfGroup({ columns, places }: RecordIndex, group: number): ByteRange {
  const at = group * (columns.length + 1);
  return [places[at]!, places[at + columns.length]! - places[at]!];
}

/**
 * Reads row groups of `records` by their index, all of their columns with one range each, or some columns.
 * @param groups ascending
 * @param columns names; those of families that the records don't have are left out of the result
 * @returns as many batches as `groups`
 * @throws LumiscopeError `source`; `format` where a page has another checksum or the records are not those of the index; `cancelled`
 */
export async function readGroups(
  source: ByteSource,
  index: RecordIndex,
  groups: readonly number[],
  { columns, signal }: { columns?: readonly string[]; signal?: AbortSignal | undefined } = {},
): Promise<RecordBatch[]> {
  const wanted = index.columns.flatMap((name, at) => (!columns || columns.includes(name) ? [{ name, at }] : []));
  const stored = index.columns.length;
  const rangeOf = (group: number, at: number): ByteRange => {
    const place = group * (stored + 1) + at;
    return [index.places[place]!, index.places[place + 1]! - index.places[place]!];
  };
  const ranges = columns
    ? groups.flatMap((group) => wanted.map(({ at }) => rangeOf(group, at)))
    : groups.map((group) => rangeOfGroup(index, group));
  const fetched = await readRanges(source, ranges, signal);
  const decompress = await loadCodec(index.codec);
  const batches: RecordBatch[] = [];
  let heard = performance.now();
  for (const [k, group] of groups.entries()) {
    if (performance.now() - heard > TURN_MS) {
      await nextTurn();
      heard = performance.now();
    }
    if (signal?.aborted) throw cancelled();
    const rows = index.rows[group + 1]! - index.rows[group]!;
    const decoded = wanted.map(({ name, at }, w): [string, ColumnData] => {
      const [offset, bytes] = rangeOf(group, at);
      const begin = columns ? 0 : offset - rangeOfGroup(index, group)[0];
      const part = (columns ? fetched[k * wanted.length + w]! : fetched[k]!).subarray(begin, begin + bytes);
      const chunk = {
        offset,
        bytes,
        uncompressedBytes: MOST_COMPRESSION * bytes,
        codec: index.codec,
        entries: index.entries[group * stored + at]!,
        offsetIndex: undefined,
      };
      const leaf = leafOf(INFOS.get(name)!, at);
      try {
        return [name, decodeColumn({ leaf, chunk, decompress, parts: [part], rows, rowsBefore: 0 }, 0, rows)];
      } catch (cause) {
        throw asFormatError(cause, source.url, `${name} of row group ${group}`);
      }
    });
    const batch = { rows, columns: new Map(decoded) };
    checkGroup(source.url, batch, index, group);
    batches.push(batch);
  }
  return batches;
}

/** Holds a row group against the index, as far as its columns were read. */
function checkGroup(url: string, { columns }: RecordBatch, { first, last, rows }: RecordIndex, group: number): void {
  const eventno = columns.get('eventno')?.values as BigUint64Array | undefined;
  if (!eventno) return;
  const hint = 'copy the object again and open the catalogue anew, or write it again';
  if (eventno[0] !== first[group] || eventno.at(-1) !== last[group])
    throw damaged(
      url,
      `row group ${group} holds events ${eventno[0]} to ${eventno.at(-1)}, its index says ${first[group]} to ${last[group]}`,
      hint,
    );
  const wrong = notAscending(eventno, (columns.get('seq')?.values ?? new Int16Array(0)) as Int16Array);
  if (wrong > 0)
    throw damaged(
      url,
      `row ${rows[group]! + wrong} is not in order: event ${eventno[wrong]} comes after event ${eventno[wrong - 1]}`,
      'sort its records by event number and seq, and write them anew',
    );
}
