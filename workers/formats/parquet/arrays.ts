import type { ValueArrays, Values, ValueType } from '../../../core/schema/column.ts';

const ARRAYS: { [T in ValueType]: new (length: number) => ValueArrays[T] } = {
  bool: Uint8Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int64: BigInt64Array,
  uint64: BigUint64Array,
  float32: Float32Array,
  float64: Float64Array,
  string: Uint32Array,
};

export function allocate(type: ValueType, length: number): Values {
  return new ARRAYS[type](length);
}
