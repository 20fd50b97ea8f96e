import { type ColumnData, type ColumnInfo, VALUE_ARRAYS, type ValueType } from '../../../../core/schema/column.ts';

const TYPES = Object.keys(VALUE_ARRAYS) as ValueType[];
const EXTREMES: Partial<Record<ValueType, (number | bigint)[]>> = {
  int8: [-128, 127],
  uint8: [255],
  int16: [-32768, 32767],
  uint16: [65535],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [2 ** 32 - 1],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [2n ** 64n - 1n],
  float32: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0],
  float64: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 5e-324],
};
const TEXTS = ['', 'HLT_IsoMu24', 'm(μμ)', '𝔐', '\uFFFD', 'B⁺→K⁺', 'a'.repeat(40)];

/** A table with every type: flat, missing in places, lists, lists of lists; few values and many; no NaN and NaN alone. */
export function everyType(rows: number, seed: number): { infos: ColumnInfo[]; columns: ColumnData[] } {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const infos: ColumnInfo[] = [];
  const columns: ColumnData[] = [];
  const add = (name: string, type: ValueType, depth: number, nullable: boolean, few = false) => {
    const offsets: Uint32Array[] = [];
    let count = rows;
    for (let level = 0; level < depth; level++) {
      const own = new Uint32Array(count + 1);
      for (let i = 0; i < count; i++) own[i + 1] = own[i]! + (random() < 0.3 ? 0 : Math.floor(random() * 4));
      offsets.push(own);
      count = own[count]!;
    }
    const values = new VALUE_ARRAYS[type](count);
    const valid = nullable ? Uint8Array.from({ length: count }, () => Number(random() < 0.8)) : undefined;
    const [bits, extremes] = [new Uint32Array(2), EXTREMES[type] ?? []];
    for (let i = 0; i < count; i++) {
      for (let k = 0; k < 2; k++) bits[k] = random() * 2 ** 32;
      const extreme = extremes[Math.floor(random() * 1000)];
      values[i] = (
        valid?.[i] === 0 ? zero(type) : (extreme ?? drawn(type, few ? bits.map((word) => word & 3) : bits))
      ) as never;
    }
    infos.push({ name, type, depth, nullable });
    columns.push({
      type,
      length: rows,
      offsets,
      values,
      ...(valid?.includes(0) && { valid }),
      ...(type === 'string' && { dictionary: TEXTS }),
    });
  };
  for (const type of TYPES) {
    add(type, type, 0, false);
    add(`${type}_few`, type, 0, false, true);
    add(`${type}_null`, type, 0, true);
    add(`List_${type}`, type, 1, false);
    add(`List.${type}_null`, type, 1, true);
    add(`nested_${type}`, type, 2, type === 'int64');
  }
  infos.push({ name: 'nan', type: 'float32', depth: 0, nullable: false });
  columns.push({ type: 'float32', length: rows, offsets: [], values: new Float32Array(rows).fill(Number.NaN) });
  return { infos, columns };
}

function zero(type: ValueType): number | bigint {
  return type === 'int64' || type === 'uint64' ? 0n : 0;
}

function drawn(type: ValueType, [low, high]: Uint32Array): number | bigint {
  switch (type) {
    case 'bool':
      return low! & 1;
    case 'string':
      return low! % TEXTS.length;
    case 'int64':
    case 'uint64':
      return (BigInt(high!) << 32n) | BigInt(low!);
    case 'float32':
    case 'float64':
      return low! / 1024 - 1000;
    default:
      return low!;
  }
}
