import type { ValueType } from '../../../core/schema/column.ts';
import type { Table } from './flatbuffer.ts';
import { Kind } from './kinds.ts';

/** How values lie in their buffers. */
export type Stored =
  /** One after the other, `width` bytes each. */
  | { layout: 'fixed'; width: number; index?: ValueType }
  | { layout: 'bits' }
  | { layout: 'half' }
  /** Integers of `width` bytes, little-endian, that many decimal places. */
  | { layout: 'decimal'; width: number; scale: number }
  /** Bytes of any length, between offsets of 4 or 8 bytes. */
  | { layout: 'bytes'; wide: boolean }
  | { layout: 'views' };

export interface LeafType {
  type: ValueType;
  stored: Stored;
  unit?: string;
}

const TIME_UNITS = ['s', 'ms', 'µs', 'ns'];
const FLOATS: LeafType[] = [
  { type: 'float32', stored: { layout: 'half' } },
  { type: 'float32', stored: { layout: 'fixed', width: 4 } },
  { type: 'float64', stored: { layout: 'fixed', width: 8 } },
];

/**
 * The type that a leaf's values have in memory, or why there is none. Dates, times and timestamps are the integers that
 * are stored; decimals become doubles, half-precision floats single-precision ones.
 */
export function leafType(kind: number, type: Table): LeafType | { reason: string } {
  switch (kind) {
    case Kind.INT: {
      const bits = type.int32(0, 0);
      return integer(bits, type.bool(1, false));
    }
    case Kind.FLOAT:
      return FLOATS[type.int16(0, 0)] ?? { reason: 'floats of this precision are not supported' };
    case Kind.BOOL:
      return { type: 'bool', stored: { layout: 'bits' } };
    case Kind.UTF8:
    case Kind.BINARY:
      return { type: 'string', stored: { layout: 'bytes', wide: false } };
    case Kind.LARGE_UTF8:
    case Kind.LARGE_BINARY:
      return { type: 'string', stored: { layout: 'bytes', wide: true } };
    case Kind.UTF8_VIEW:
    case Kind.BINARY_VIEW:
      return { type: 'string', stored: { layout: 'views' } };
    case Kind.DECIMAL: {
      const [scale, bits] = [type.int32(1, 0), type.int32(2, 128)];
      if (scale < 0 || scale > 76 || bits % 8 !== 0 || bits > 256)
        return { reason: `decimals of scale ${scale} are not supported` };
      return { type: 'float64', stored: { layout: 'decimal', width: bits / 8, scale } };
    }
    case Kind.DATE:
      // Unless told otherwise, milliseconds.
      return type.int16(0, 1) === 0 ? time(32, 'd') : time(64, 'ms');
    case Kind.TIME:
      return time(type.int32(1, 32), TIME_UNITS[type.int16(0, 1)]);
    case Kind.TIMESTAMP:
      return time(64, TIME_UNITS[type.int16(0, 0)]);
    case Kind.DURATION:
      return time(64, TIME_UNITS[type.int16(0, 1)]);
    case Kind.NULL:
      return { reason: 'it has no type, and no value in any event' };
    case Kind.FIXED_BINARY:
      return { reason: 'values of a fixed number of bytes are not supported' };
    case Kind.INTERVAL:
      return { reason: 'calendar intervals are not supported' };
    default:
      return { reason: `values of type ${kind} are not supported` };
  }
}

function integer(bits: number, signed: boolean): LeafType | { reason: string } {
  if (![8, 16, 32, 64].includes(bits)) return { reason: `integers of ${bits} bits are not supported` };
  return { type: `${signed ? '' : 'u'}int${bits}` as ValueType, stored: { layout: 'fixed', width: bits / 8 } };
}

function time(bits: number, unit: string | undefined): LeafType | { reason: string } {
  const type = integer(bits, true);
  return 'reason' in type || !unit ? type : { ...type, unit };
}
