import { type EncodedGroup, encodeGroup } from '../formats/parquet/write/rowGroup.ts';
import { nextTurn } from '../schedule/slices.ts';
import type { EncodeTask } from '../schedule/workerApi.ts';
import { concatenate } from './rows.ts';

/** Rows of several chunks as one row group. */
export function encodeRows({ columns, parts, codec }: EncodeTask): Promise<EncodedGroup> {
  const joined = columns.map((_, k) => concatenate(parts.map((part) => part[k]!)));
  return encodeGroup(columns, joined, codec, { between: nextTurn });
}
