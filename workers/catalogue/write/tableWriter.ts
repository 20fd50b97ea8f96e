import type { Column } from '../../../core/catalogue/tables.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { VERSION } from '../../../core/version.ts';
import { slice } from '../../convert/rows.ts';
import { ParquetWriter } from '../../formats/parquet/write/parquetWriter.ts';
import { encodeGroup } from '../../formats/parquet/write/rowGroup.ts';
import type { Codec } from '../../formats/parquet/write/types.ts';
import { checkColumn } from './checkColumn.ts';

/** Rows of a row group: readers of a sorted table skip those that they don't want. */
const ROWS_OF_GROUP = 16_384;

/**
 * A table of a catalogue as a Parquet object, with checksums of its pages.
 * @param data by the names of `columns`, all of them
 * @throws LumiscopeError `document` where a column is missing or of another type
 */
export async function writeTable(
  columns: readonly Column[],
  data: ReadonlyMap<string, ColumnData>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const rows = data.get(columns[0]!.name)?.length ?? 0;
  const written = columns.map((column) => checkColumn(column, data.get(column.name), rows, 'a table'));
  const groups = Array.from({ length: Math.ceil(rows / ROWS_OF_GROUP) }, (_, group) => {
    const from = group * ROWS_OF_GROUP;
    return written.map((column) => slice(column, from, Math.min(rows, from + ROWS_OF_GROUP)));
  });
  const parts: Uint8Array[] = [];
  const writer = catalogueWriter(parts, columns, 'SNAPPY', metadata);
  for (const group of groups) await writer.group(await encodeGroup(columns, group, 'SNAPPY', { checksums: true }));
  await writer.finish();
  return joined(parts);
}

/** A Parquet writer into memory. */
export function catalogueWriter(
  parts: Uint8Array[],
  columns: readonly Column[],
  codec: Codec,
  metadata: Readonly<Record<string, string>> = {},
): ParquetWriter {
  const sink = { write: async (bytes: Uint8Array) => void parts.push(bytes) };
  return new ParquetWriter(sink, columns, { codec, createdBy: `lumiscope version ${VERSION}`, metadata });
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
