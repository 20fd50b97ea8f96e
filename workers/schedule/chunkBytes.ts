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
  const { begin, end } = summary.chunks[chunk]!;
  let bytes = 0;
  for (const { column } of missing) {
    const index = summary.columns.findIndex(({ name }) => name === column);
    const stored = summary.columnBytes[index * summary.chunks.length + chunk] ?? 0;
    const info = summary.columns[index];
    const decoded =
      info && info.depth === 0 ? (end - begin) * VALUE_BYTES[info.type] : (end - begin) * 4 + stored * INFLATION;
    bytes += stored + 2 * decoded;
  }
  return bytes;
}
