import type { ColumnData, ValueType } from '../../../core/schema/column.ts';

export function flat(type: ValueType, values: ColumnData['values'], valid?: Uint8Array): ColumnData {
  return { type, length: values.length, offsets: [], values, ...(valid && { valid }) };
}

export function jagged(type: ValueType, counts: readonly number[], values: ColumnData['values']): ColumnData {
  const offsets = new Uint32Array(counts.length + 1);
  for (const [i, count] of counts.entries()) offsets[i + 1] = offsets[i]! + count;
  return { type, length: counts.length, offsets: [offsets], values };
}

/** 0 or so many integers below `most`, always the same. */
export function numbers(count: number, most: number, seed = 1): number[] {
  let state = seed * 2654435761;
  return Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * most);
  });
}
