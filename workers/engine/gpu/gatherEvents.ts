import type { ColumnData } from '../../../core/schema/column.ts';
import { gather, runsOf } from '../../convert/rows.ts';

/**
 * Some events of a chunk as a chunk of their own, in copies: what the WebAssembly engine runs of those that the GPU leaves in doubt.
 *
 * @param rows positions in the chunk, ascending
 */
export function gatherEvents(columns: readonly ColumnData[], rows: Uint32Array): ColumnData[] {
  const runs = runsOf(rows);
  return columns.map((column) => gather(column, runs));
}
