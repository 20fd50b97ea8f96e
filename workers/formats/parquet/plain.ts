/** PLAIN encoding. @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#PLAIN */
import { VALUE_BYTES, type ValueArrays, type Values, type ValueType } from '../../../core/schema/column.ts';
import { Corrupt } from './errors.ts';
import { unpackBits } from './hybrid.ts';

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

/**
 * Copies `count` numbers or booleans of a page's `[offset, end)` to `out[begin…]`. Strings have their own way.
 * @throws Corrupt
 */
export function decodePlain(
  type: ValueType,
  bytes: Uint8Array,
  offset: number,
  end: number,
  count: number,
  out: Values,
  begin: number,
): void {
  const stored = type === 'bool' ? (count + 7) >> 3 : count * Math.max(4, VALUE_BYTES[type]);
  if (offset + stored > end) throw new Corrupt(`a page holds fewer than its ${count} values`);
  const input = bytes.subarray(offset, offset + stored);
  if (type === 'bool') {
    unpackBits(input, 0, count, out as Uint8Array, begin);
  } else if (VALUE_BYTES[type] >= 4) {
    // Bytes to bytes: pages are little-endian as all hosts of WebAssembly, and seldom aligned.
    new Uint8Array(out.buffer, out.byteOffset + begin * out.BYTES_PER_ELEMENT, stored).set(input);
  } else {
    // Parquet stores small integers in 32 bits.
    const wide = new Int32Array(count);
    new Uint8Array(wide.buffer).set(input);
    (out as Int8Array).set(wide, begin);
  }
}
