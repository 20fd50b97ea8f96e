import type { SchemaElement } from 'hyparquet';
import type { ValueType } from '../../../core/schema/column.ts';

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

/**
 * The type that a leaf's values have in memory, or why there is none.
 * @see https://github.com/apache/parquet-format/blob/master/LogicalTypes.md
 */
export function valueType(element: SchemaElement): ValueType | { reason: string } {
  const { type, converted_type: converted, logical_type: logical } = element;
  const unsupported = { reason: `values of type ${logical?.type ?? converted ?? type} are not supported` };
  switch (type) {
    case 'FLOAT':
      return 'float32';
    case 'DOUBLE':
      return 'float64';
    case 'BOOLEAN':
      return 'bool';
    case 'INT32':
    case 'INT64': {
      if (logical?.type === 'INTEGER') {
        return INTEGERS[`${logical.isSigned ? 'INT' : 'UINT'}_${logical.bitWidth}`] ?? unsupported;
      }
      if (logical) return unsupported;
      return converted ? (INTEGERS[converted] ?? unsupported) : type === 'INT32' ? 'int32' : 'int64';
    }
    case 'BYTE_ARRAY': {
      const kind = logical?.type ?? converted;
      return kind === undefined || ['STRING', 'UTF8', 'ENUM', 'JSON'].includes(kind) ? 'string' : unsupported;
    }
    default:
      return unsupported;
  }
}
