import type { SchemaElement } from 'hyparquet';
import { VALUE_BYTES, type ValueType } from '../../../core/schema/column.ts';

/** How values are stored, as far as it matters for decoding. */
export interface Stored {
  physical: NonNullable<SchemaElement['type']>;
  /** Bytes of a value; 0 where they differ (byte arrays), or are no whole bytes (booleans). */
  width: number;
  /** Whether fixed-width values have another type in memory. */
  converted: boolean;
  /** Decimals: how many of their digits are decimal places; else 0. */
  scale: number;
}

export interface LeafType {
  type: ValueType;
  /** Of dates, times and timestamps. */
  unit?: string;
  stored: Stored;
}

const INTEGERS: Readonly<Record<string, ValueType>> = {
  INT_8: 'int8',
  UINT_8: 'uint8',
  INT_16: 'int16',
  UINT_16: 'uint16',
  INT_32: 'int32',
  UINT_32: 'uint32',
  INT_64: 'int64',
  UINT_64: 'uint64',
};

/** Dates, times and timestamps are the numbers that are stored: days, or (milli-, micro-, nano-) seconds. */
const TIMES = new Set([
  'DATE',
  'TIME',
  'TIMESTAMP',
  'TIME_MILLIS',
  'TIME_MICROS',
  'TIMESTAMP_MILLIS',
  'TIMESTAMP_MICROS',
]);
const UNITS: Readonly<Record<string, string>> = { MILLIS: 'ms', MICROS: 'µs', NANOS: 'ns' };
const TEXTS = new Set(['STRING', 'UTF8', 'ENUM', 'JSON']);

/** Digits and bytes of the widest decimals of other readers; more can only be damage. */
const MAX_SCALE = 76;
const MAX_DECIMAL_BYTES = 32;

/**
 * The type that a leaf's values have in memory, or why there is none. Decimals become doubles, which hold some 16 of
 * their digits; half-precision floats become single-precision ones, exactly; timestamps of 96 bits, which are deprecated,
 * nanoseconds since 1970.
 * @see https://github.com/apache/parquet-format/blob/master/LogicalTypes.md
 */
export function leafType(element: SchemaElement): LeafType | { reason: string } {
  const type = valueType(element);
  if (!type) return { reason: reasonFor(element) };
  const { type: physical, type_length: length, logical_type: logical } = element;
  const widths: Partial<Record<string, number>> = {
    INT32: 4,
    FLOAT: 4,
    INT64: 8,
    DOUBLE: 8,
    INT96: 12,
    FIXED_LEN_BYTE_ARRAY: length,
  };
  const width = widths[physical!] ?? 0;
  const isDecimal = kindOf(element) === 'DECIMAL';
  const scale = isDecimal ? (element.scale ?? (logical?.type === 'DECIMAL' ? logical.scale : 0)) : 0;
  if (!isWithin(scale, 0, MAX_SCALE)) return { reason: `decimals of scale ${scale} are not supported` };
  const converted = isDecimal || width !== VALUE_BYTES[type];
  const unit = unitOf(element);
  return { type, stored: { physical: physical!, width, converted, scale }, ...(unit && { unit }) };
}

function unitOf(element: SchemaElement): string | undefined {
  const { logical_type: logical } = element;
  if (element.type === 'INT96') return 'ns';
  if (logical?.type === 'TIMESTAMP' || logical?.type === 'TIME') return UNITS[logical.unit];
  const kind = kindOf(element) ?? '';
  if (kind === 'DATE') return 'd';
  return UNITS[/^TIME(?:STAMP)?_(.*)$/.exec(kind)?.[1] ?? ''];
}

function kindOf({ converted_type, logical_type }: SchemaElement): string | undefined {
  return logical_type?.type ?? converted_type;
}

function valueType(element: SchemaElement): ValueType | undefined {
  const kind = kindOf(element);
  switch (element.type) {
    case 'FLOAT':
      return 'float32';
    case 'DOUBLE':
      return 'float64';
    case 'BOOLEAN':
      return 'bool';
    case 'INT96':
      return 'int64';
    case 'INT32':
    case 'INT64':
      return integerType(element, kind);
    case 'BYTE_ARRAY':
      if (kind === 'DECIMAL') return 'float64';
      return kind === undefined || TEXTS.has(kind) ? 'string' : undefined;
    case 'FIXED_LEN_BYTE_ARRAY':
      if (kind === 'FLOAT16' && element.type_length === 2) return 'float32';
      return kind === 'DECIMAL' && isWithin(element.type_length, 1, MAX_DECIMAL_BYTES) ? 'float64' : undefined;
    default:
      return undefined;
  }
}

function integerType({ type, logical_type: logical }: SchemaElement, kind: string | undefined): ValueType | undefined {
  if (kind === 'DECIMAL') return 'float64';
  if (kind === undefined || TIMES.has(kind)) return type === 'INT32' ? 'int32' : 'int64';
  const named = logical?.type === 'INTEGER' ? `${logical.isSigned ? 'INT' : 'UINT'}_${logical.bitWidth}` : kind;
  const integer = INTEGERS[named];
  // Up to 32 bits are stored in 32, the others in 64.
  return integer && (type === 'INT64') === (VALUE_BYTES[integer] === 8) ? integer : undefined;
}

function reasonFor(element: SchemaElement): string {
  return `values of type ${kindOf(element) ?? element.type} are not supported`;
}

function isWithin(value: number | undefined, least: number, most: number): boolean {
  return value !== undefined && value >= least && value <= most;
}
