import { type Family, RECORD_COLUMNS, type RecordBatch } from '../../../core/catalogue/tables.ts';
import { type ColumnData, VALUE_ARRAYS } from '../../../core/schema/column.ts';

/** Numbers between 0 and 1 that follow from a seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Records with these event numbers and any values, in all columns of some families, sorted as they have to be: lists that are empty, values that are missing, numbers
 * up to the largest ones.
 * @param given columns that are to hold these values instead
 */
export function anyRecords(
  eventnos: readonly bigint[],
  families: readonly Family[],
  seed = 1,
  given: Readonly<Record<string, ArrayLike<number> | ArrayLike<bigint>>> = {},
): RecordBatch {
  const random = seeded(seed);
  const rows = eventnos.length;
  const eventno = BigUint64Array.from(eventnos).sort();
  const columns = new Map<string, ColumnData>();
  for (const { name, type, depth, nullable, family } of RECORD_COLUMNS) {
    if (family !== 'location' && !families.includes(family)) continue;
    const offsets = depth > 0 ? [new Uint32Array(rows + 1)] : [];
    for (let row = 0; row < rows; row++)
      if (offsets[0]) offsets[0][row + 1] = offsets[0][row]! + (random() < 0.3 ? 0 : Math.floor(random() * 12));
    const count = offsets[0]?.[rows] ?? rows;
    const values = new VALUE_ARRAYS[type](count);
    const valid = nullable ? Uint8Array.from({ length: count }, () => Number(random() < 0.8)) : undefined;
    for (let i = 0; i < count; i++) {
      const wide = type === 'int64' || type === 'uint64';
      const bits = (BigInt(Math.floor(random() * 2 ** 32)) << 32n) | BigInt(Math.floor(random() * 2 ** 32));
      if (valid?.[i] !== 0)
        values[i] = (wide ? bits : type === 'float64' ? random() : Number(bits & 0xffff_ffffn)) as never;
    }
    const own = given[name];
    if (own) for (let i = 0; i < count; i++) values[i] = own[i] as never;
    columns.set(name, { type, length: rows, offsets, values, ...(valid?.includes(0) && { valid }) });
  }
  columns.get('eventno')!.values = eventno;
  const seq = columns.get('seq')!.values as Int16Array;
  for (let from = 0; from < rows; ) {
    let to = from + 1;
    while (to < rows && eventno[to] === eventno[from]) to++;
    seq.subarray(from, to).sort();
    from = to;
  }
  return { rows, columns };
}
