import type { ColumnData } from '../../../core/schema/column.ts';

/**
 * Boolean columns as lists: of each event, the ascending numbers of the columns that are true. A missing value is false.
 * @param columns undefined for one that a file lacks
 */
export function flagLists(columns: readonly (ColumnData | undefined)[], events: number): ColumnData {
  const offsets = new Uint32Array(events + 1);
  for (const column of columns) {
    if (!column) continue;
    for (let i = 0; i < events; i++) if (isSet(column, i)) offsets[i + 1]!++;
  }
  for (let i = 0; i < events; i++) offsets[i + 1]! += offsets[i]!;
  const next = offsets.slice();
  const values = new Uint16Array(offsets[events]!);
  columns.forEach((column, number) => {
    if (!column) return;
    for (let i = 0; i < events; i++) if (isSet(column, i)) values[next[i]!++] = number;
  });
  return { type: 'uint16', length: events, offsets: [offsets], values };
}

function isSet({ values, valid }: ColumnData, event: number): boolean {
  return values[event] === 1 && (!valid || valid[event] === 1);
}
