import type { ValueType } from '../../../../core/schema/column.ts';

/** How elements of a page are stored (specification, "Column Description"). */
export interface ColumnType {
  name: string;
  /** Fewest and most bits of an element. */
  bits: readonly [number, number];
  /** What elements are: numbers, ends of lists, or alternatives of a variant. */
  native: Exclude<ValueType, 'string'> | 'index' | 'switch';
  /** Bytes of all elements stand apart: the first ones of all, then the second ones, … */
  split?: true;
}

const type = (name: string, bits: number, native: ColumnType['native'], split?: true): ColumnType => ({
  ...{ name, bits: [bits, bits], native },
  ...(split && { split }),
});

/** By their number. Signed integers that are split are in zigzag code, indexes are differences. */
export const COLUMN_TYPES: readonly ColumnType[] = [
  type('Bit', 1, 'bool'),
  type('Byte', 8, 'uint8'),
  type('Char', 8, 'int8'),
  type('Int8', 8, 'int8'),
  type('UInt8', 8, 'uint8'),
  type('Int16', 16, 'int16'),
  type('UInt16', 16, 'uint16'),
  type('Int32', 32, 'int32'),
  type('UInt32', 32, 'uint32'),
  type('Int64', 64, 'int64'),
  type('UInt64', 64, 'uint64'),
  type('Real16', 16, 'float32'),
  type('Real32', 32, 'float32'),
  type('Real64', 64, 'float64'),
  type('Index32', 32, 'index'),
  type('Index64', 64, 'index'),
  type('Switch', 96, 'switch'),
  type('SplitInt16', 16, 'int16', true),
  type('SplitUInt16', 16, 'uint16', true),
  type('SplitInt32', 32, 'int32', true),
  type('SplitUInt32', 32, 'uint32', true),
  type('SplitInt64', 64, 'int64', true),
  type('SplitUInt64', 64, 'uint64', true),
  type('SplitReal16', 16, 'float32', true),
  type('SplitReal32', 32, 'float32', true),
  type('SplitReal64', 64, 'float64', true),
  type('SplitIndex32', 32, 'index', true),
  type('SplitIndex64', 64, 'index', true),
  { name: 'Real32Trunc', bits: [10, 31], native: 'float32' },
  { name: 'Real32Quant', bits: [1, 32], native: 'float32' },
];

/** What a field of a C++ type holds, as it is written in the file: all typedefs are resolved there. */
export const CPP_TYPES: Readonly<Record<string, Exclude<ValueType, 'string'>>> = {
  bool: 'bool',
  char: 'int8',
  'std::byte': 'uint8',
  'std::int8_t': 'int8',
  'std::uint8_t': 'uint8',
  'std::int16_t': 'int16',
  'std::uint16_t': 'uint16',
  'std::int32_t': 'int32',
  'std::uint32_t': 'uint32',
  'std::int64_t': 'int64',
  'std::uint64_t': 'uint64',
  float: 'float32',
  double: 'float64',
};
