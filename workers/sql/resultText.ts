import { csvLine } from '../../core/csv.ts';
import type { ColumnData, ColumnInfo } from '../../core/schema/column.ts';
import { VERSION } from '../../core/version.ts';
import { slice } from '../convert/rows.ts';
import { ParquetWriter } from '../formats/parquet/write/parquetWriter.ts';
import { encodeGroup } from '../formats/parquet/write/rowGroup.ts';
import type { SqlColumn } from './fromArrow.ts';

/** A value of a result; null where it is missing. Lists are arrays. */
export type SqlValue = string | number | bigint | boolean | null | SqlValue[];

const ROWS_OF_GROUP = 65_536;
const ROWS_OF_PIECE = 4096;

/** The value in a row of a column. */
export function valueAt({ type, offsets, values, valid, dictionary }: ColumnData, row: number): SqlValue {
  const one = (i: number): SqlValue => {
    if (valid && !valid[i]) return null;
    if (type === 'string') return dictionary![values[i] as number]!;
    return type === 'bool' ? values[i] !== 0 : values[i]!;
  };
  const at = (level: number, i: number): SqlValue => {
    const ends = offsets[level];
    if (!ends) return one(i);
    return Array.from({ length: ends[i + 1]! - ends[i]! }, (_, k) => at(level + 1, ends[i]! + k));
  };
  return at(0, row);
}

/** A value as text: every digit of integers, `[7, 9]` for lists, empty for what is missing. */
export function textOf(value: SqlValue): string {
  if (Array.isArray(value)) return `[${value.map((item) => (item === null ? 'NULL' : textOf(item))).join(', ')}]`;
  return value === null ? '' : String(value);
}

/** Rows as CSV (RFC 4180), piece by piece. */
export function* csvOf(columns: readonly SqlColumn[], rows: number): Generator<string> {
  yield csvLine(columns.map(({ info }) => info.name));
  for (let from = 0; from < rows; from += ROWS_OF_PIECE) {
    let piece = '';
    for (let row = from; row < Math.min(rows, from + ROWS_OF_PIECE); row++) {
      piece += csvLine(columns.map(({ data }) => textOf(valueAt(data, row))));
    }
    yield piece;
  }
}

/** Rows as a JSON list of objects, piece by piece. Integers that a double can't hold are strings. */
export function* jsonOf(columns: readonly SqlColumn[], rows: number): Generator<string> {
  const names = uniqueNames(columns);
  for (let row = 0; row < rows; row++) {
    const fields = columns.map(({ data }, k) => `${JSON.stringify(names[k])}:${jsonValue(valueAt(data, row))}`);
    yield `${row === 0 ? '[' : ','}\n{${fields.join(',')}}`;
  }
  yield rows === 0 ? '[]\n' : '\n]\n';
}

/** Rows as a Parquet file, written to a sink. Columns of the same name get numbers. */
export async function writeParquet(
  sink: { write(bytes: Uint8Array<ArrayBuffer>): Promise<void> },
  columns: readonly SqlColumn[],
  rows: number,
): Promise<void> {
  const names = uniqueNames(columns);
  const infos: ColumnInfo[] = columns.map(({ info }, k) => ({ ...info, name: names[k]! }));
  const writer = new ParquetWriter(sink, infos, {
    codec: 'SNAPPY',
    createdBy: `lumiscope version ${VERSION}`,
    metadata: {},
  });
  for (let from = 0; from < rows; from += ROWS_OF_GROUP) {
    const group = columns.map(({ data }) => slice(data, from, Math.min(rows, from + ROWS_OF_GROUP)));
    await writer.group(await encodeGroup(infos, group, 'SNAPPY'));
  }
  await writer.finish();
}

/** The names of a result's columns, `x`, `x_1` where two have the same. */
export function uniqueNames(columns: readonly SqlColumn[]): string[] {
  const taken = new Set<string>();
  return columns.map(({ info }) => {
    let name = info.name;
    for (let k = 1; taken.has(name); k++) name = `${info.name}_${k}`;
    taken.add(name);
    return name;
  });
}

function jsonValue(value: SqlValue): string {
  if (Array.isArray(value)) return `[${value.map(jsonValue).join(',')}]`;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? String(value) : `"${value}"`;
  return JSON.stringify(typeof value === 'number' && !Number.isFinite(value) ? String(value) : value);
}
