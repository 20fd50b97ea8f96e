import type { ColumnData } from '../../../core/schema/column.ts';

/** The buffers of columns, to hand over to another thread: each once. */
export function buffersOf(columns: Iterable<ColumnData>): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const { values, offsets, valid } of columns)
    for (const { buffer } of [values, ...offsets, ...(valid ? [valid] : [])]) buffers.add(buffer as ArrayBuffer);
  return [...buffers];
}
