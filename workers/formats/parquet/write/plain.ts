import type { ColumnData, Values } from '../../../../core/schema/column.ts';
import type { ByteBuffer } from './byteBuffer.ts';

const encoder = new TextEncoder();

/** Values of a column that are there, packed close: what pages hold. `starts[i]` values stand before value `i`. */
export interface Present {
  values: Values;
  /** Only where some are missing. */
  starts?: Uint32Array;
}

/** The values that are there. */
export function presentValues({ values, valid }: ColumnData): Present {
  if (!valid?.includes(0)) return { values };
  const starts = new Uint32Array(values.length + 1);
  const packed = values.slice() as Uint8Array;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    starts[i] = count;
    if (valid[i]) packed[count++] = values[i] as number;
  }
  starts[values.length] = count;
  return { values: packed.subarray(0, count), starts };
}

/** Parquet's PLAIN encoding of `[from, to)`: little-endian numbers, booleans as bits, small integers with 32 bits, texts with their length. */
export function writePlain(
  into: ByteBuffer,
  { type, dictionary }: Pick<ColumnData, 'type' | 'dictionary'>,
  values: Values,
  from: number,
  to: number,
): void {
  switch (type) {
    case 'bool':
      return writeBits(into, values as Uint8Array, from, to);
    case 'string':
      return writeTexts(
        into,
        Array.from(values.subarray(from, to) as Uint32Array, (code) => dictionary![code]!),
      );
    case 'int8':
    case 'uint8':
    case 'int16':
    case 'uint16':
      return writeBytes(into, new Int32Array(values.subarray(from, to) as Int16Array));
    default:
      return writeBytes(into, values.subarray(from, to));
  }
}

function writeBytes(into: ByteBuffer, { buffer, byteOffset, byteLength }: Values): void {
  into.append(new Uint8Array(buffer, byteOffset, byteLength));
}

function writeBits(into: ByteBuffer, values: Uint8Array, from: number, to: number): void {
  const count = (to - from + 7) >> 3;
  into.reserve(count);
  const { bytes, length } = into;
  bytes.fill(0, length, length + count);
  for (let i = from; i < to; i++) if (values[i]) bytes[length + ((i - from) >> 3)]! |= 1 << ((i - from) & 7);
  into.length += count;
}

function writeTexts(into: ByteBuffer, texts: readonly string[]): void {
  for (const text of texts) {
    const bytes = encoder.encode(text);
    into.uint32(bytes.length);
    into.append(bytes);
  }
}
