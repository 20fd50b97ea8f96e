/** Columns written by hand, for tests. */
import type { ColumnData, ValueArrays, ValueType } from '../../../core/schema/column.ts';

type Plain = number | bigint | boolean | undefined;

/** A typed array of `values`; `undefined` becomes 0. */
export function typed<T extends Exclude<ValueType, 'string'>>(type: T, values: readonly Plain[]): ValueArrays[T] {
  const numbers = values.map((v) => Number(v ?? 0));
  const bigints = () => values.map((v) => BigInt(v ?? 0));
  const make: Record<Exclude<ValueType, 'string'>, () => ValueArrays[ValueType]> = {
    bool: () => Uint8Array.from(numbers),
    int8: () => Int8Array.from(numbers),
    uint8: () => Uint8Array.from(numbers),
    int16: () => Int16Array.from(numbers),
    uint16: () => Uint16Array.from(numbers),
    int32: () => Int32Array.from(numbers),
    uint32: () => Uint32Array.from(numbers),
    int64: () => BigInt64Array.from(bigints()),
    uint64: () => BigUint64Array.from(bigints()),
    float32: () => Float32Array.from(numbers),
    float64: () => Float64Array.from(numbers),
  };
  return make[type]() as ValueArrays[T];
}

const validity = (values: readonly unknown[]): Uint8Array | undefined =>
  values.includes(undefined) ? Uint8Array.from(values, (v) => (v === undefined ? 0 : 1)) : undefined;

/** One value an event; `undefined` is missing. */
export function flat(type: Exclude<ValueType, 'string'>, values: readonly Plain[]): ColumnData {
  return { type, length: values.length, offsets: [], values: typed(type, values), valid: validity(values) };
}

/** A list an event; `undefined` is missing. */
export function jagged(type: Exclude<ValueType, 'string'>, lists: readonly (readonly Plain[])[]): ColumnData {
  const values = lists.flat();
  const offsets = new Uint32Array(lists.length + 1);
  lists.forEach((list, k) => {
    offsets[k + 1] = offsets[k]! + list.length;
  });
  return { type, length: lists.length, offsets: [offsets], values: typed(type, values), valid: validity(values) };
}

/** One string an event. */
export function strings(values: readonly (string | undefined)[]): ColumnData {
  const dictionary = [...new Set(values.filter((v) => v !== undefined))];
  const codes = Uint32Array.from(values, (v) => (v === undefined ? 0 : dictionary.indexOf(v)));
  return { type: 'string', length: values.length, offsets: [], values: codes, valid: validity(values), dictionary };
}
