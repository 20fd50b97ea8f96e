import { VALUE_BYTES } from '../../core/schema/column.ts';
import type { FileSummary } from '../formats/eventFile.ts';

/** What columns of a chunk take, as the file tells it before they are read. */

/** Of the file, read at a time where columns of one event are asked for. */
const BATCH_BYTES = 16e6;
/** Guess of how much compressed lists grow, for admission only. */
const INFLATION = 4;

/** Bytes of one column of a chunk in the file. */
export function bytesOf({ columns, columnBytes, chunks }: FileSummary, chunk: number, column: string): number {
  return columnBytes[columns.findIndex(({ name }) => name === column) * chunks.length + chunk] ?? 0;
}

/** Columns in groups of some megabytes: all columns of a file may be more than memory holds. */
export function inBatches(columns: readonly string[], bytes: (column: string) => number): string[][] {
  const batches: string[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const column of columns) {
    size += bytes(column);
    if (size > BATCH_BYTES) {
      batches.push([]);
      size = bytes(column);
    }
    batches.at(-1)!.push(column);
  }
  return batches;
}

/** Bytes that loading takes at its height, roughly: as read, as decoded, and in the heap. */
export function claim(summary: FileSummary, chunk: number, missing: readonly { column: string }[]): number {
  return missing.reduce(
    (bytes, { column }) => bytes + bytesOf(summary, chunk, column) + 2 * decodedBytes(summary, chunk, column),
    0,
  );
}

/** Bytes that a column of a chunk takes in memory, roughly. */
export function decodedBytes(summary: FileSummary, chunk: number, column: string): number {
  const { begin, end } = summary.chunks[chunk]!;
  const info = summary.columns.find(({ name }) => name === column);
  if (info?.depth === 0) return (end - begin) * VALUE_BYTES[info.type];
  return (end - begin) * 4 + bytesOf(summary, chunk, column) * INFLATION;
}
