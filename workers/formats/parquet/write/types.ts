import type { ColumnInfo, ValueType } from '../../../../core/schema/column.ts';

/** Numbers of Parquet's enumerations. @see https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift */
export const PHYSICAL = { BOOLEAN: 0, INT32: 1, INT64: 2, FLOAT: 4, DOUBLE: 5, BYTE_ARRAY: 6 } as const;
export const ENCODING = { PLAIN: 0, RLE: 3, DELTA_BINARY_PACKED: 5, RLE_DICTIONARY: 8 } as const;
export const PAGE = { DATA: 0, DICTIONARY: 2 } as const;
export const CODEC = { UNCOMPRESSED: 0, SNAPPY: 1, GZIP: 2 } as const;

/** How pages are compressed. */
export type Codec = keyof typeof CODEC;

/** A column to be written: what it is in memory is what it is in the file. */
export type WrittenColumn = Pick<ColumnInfo, 'name' | 'type' | 'depth' | 'nullable'> & {
  /** Of integers: as differences, whatever a dictionary would take. Default: by dictionary or plain, whichever is smaller. */
  encoding?: 'DELTA_BINARY_PACKED';
};

/** How columns are cut into pages, and what pages hold beside their values. */
export interface PageOptions {
  /** Rows of a page, at most. Default: as many as have about 20,000 entries. */
  pageRows?: number;
  /** Whether each page has a CRC-32 of its bytes. */
  checksums?: boolean;
}

/** How each type is stored. */
export const STORED: Readonly<Record<ValueType, keyof typeof PHYSICAL>> = {
  bool: 'BOOLEAN',
  int8: 'INT32',
  uint8: 'INT32',
  int16: 'INT32',
  uint16: 'INT32',
  int32: 'INT32',
  uint32: 'INT32',
  int64: 'INT64',
  uint64: 'INT64',
  float32: 'FLOAT',
  float64: 'DOUBLE',
  string: 'BYTE_ARRAY',
};

const INTEGERS = new Map(
  (Object.keys(STORED) as ValueType[]).flatMap((type) => {
    const match = /^(u?)int(\d+)$/.exec(type);
    return match ? [[type, { bits: Number(match[2]), signed: match[1] === '' }]] : [];
  }),
);

/** Width and sign of integers. */
export function integerOf(type: ValueType): { bits: number; signed: boolean } | undefined {
  return INTEGERS.get(type);
}
