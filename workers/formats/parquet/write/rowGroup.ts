import type { ColumnData } from '../../../../core/schema/column.ts';
import { type EncodedColumn, encodeColumn } from './encodeColumn.ts';
import type { Codec, PageOptions, WrittenColumn } from './types.ts';

/** Rows of all columns, ready to be put into a file. */
export interface EncodedGroup {
  rows: number;
  columns: EncodedColumn[];
}

/** Encodes rows as one row group. `between` is called between columns: may throw to end it. */
export async function encodeGroup(
  infos: readonly WrittenColumn[],
  columns: readonly ColumnData[],
  codec: Codec,
  { between, ...pages }: PageOptions & { between?: () => Promise<void> } = {},
): Promise<EncodedGroup> {
  const encoded: EncodedColumn[] = [];
  for (const [k, column] of columns.entries()) {
    encoded.push(await encodeColumn(infos[k]!, column, codec, pages));
    await between?.();
  }
  return { rows: columns[0]?.length ?? 0, columns: encoded };
}
