import type { ColumnInfo } from '../../../core/schema/column.ts';
import { VALUE_BYTES } from '../../../core/schema/column.ts';
import type { Leaf } from './schema.ts';
import { STORED } from './write/types.ts';

/** Bytes of a value of each physical type; 0 where they differ or are bits. */
const WIDTHS = { BOOLEAN: 0, INT32: 4, INT64: 8, FLOAT: 4, DOUBLE: 8, BYTE_ARRAY: 0 } as const;

/** A column as our own writer stores it: for readers that know where its bytes are without the file's footer. */
export function leafOf({ name, type, depth, nullable }: ColumnInfo, index: number): Leaf {
  const physical = STORED[type];
  const width = WIDTHS[physical];
  return {
    name,
    type,
    stored: { physical, width, converted: width !== VALUE_BYTES[type], scale: 0 },
    depth,
    nullable,
    index,
    maxDefinition: depth + (nullable ? 1 : 0),
    maxRepetition: depth,
    itemDefinitions: Array.from({ length: depth }, (_, level) => level + 1),
    itemDefinition: depth,
  };
}
