/** Values of data and dictionary pages, by how they are stored and encoded. */
import type { Values } from '../../../core/schema/column.ts';
import { decimalOfBytes, decimals, nanoseconds, narrow, widenHalves } from '../conversions.ts';
import { Corrupt, UnsupportedEncoding } from '../errors.ts';
import { StringTable } from '../strings.ts';
import { deltaByteArrays, deltaLengthByteArrays, plainByteArrays, type TakeBytes } from './byteArrays.ts';
import { decodeDelta } from './delta.ts';
import { decodeHybrid, unpackBits } from './hybrid.ts';
import { Encoding } from './pageHeader.ts';
import type { Leaf } from './schema.ts';

const BYTE_ARRAYS: Readonly<Record<number, typeof plainByteArrays>> = {
  [Encoding.PLAIN]: plainByteArrays,
  [Encoding.DELTA_LENGTH_BYTE_ARRAY]: deltaLengthByteArrays,
  [Encoding.DELTA_BYTE_ARRAY]: deltaByteArrays,
};

/** Decodes the values of one column; strings become codes of its table. */
export class ValueDecoder {
  readonly strings: StringTable | undefined;
  readonly #leaf: Leaf;

  constructor(leaf: Leaf) {
    this.#leaf = leaf;
    if (leaf.type === 'string') this.strings = new StringTable();
  }

  /** Decodes `count` values of `bytes[offset, …)` to `out[begin…]`. @throws Corrupt, UnsupportedEncoding */
  decode(encoding: number, bytes: Uint8Array, offset: number, count: number, out: Values, begin: number): void {
    const { physical } = this.#leaf.stored;
    if (physical === 'BOOLEAN') booleans(encoding, bytes, offset, count, out as Uint8Array, begin);
    else if (physical === 'BYTE_ARRAY') this.#byteArrays(encoding, bytes, offset, count, out, begin);
    else this.#fixed(encoding, bytes, offset, count, out, begin);
  }

  #byteArrays(encoding: number, bytes: Uint8Array, offset: number, count: number, out: Values, begin: number): void {
    const each = BYTE_ARRAYS[encoding];
    if (!each) throw new UnsupportedEncoding(encoding);
    const { strings } = this;
    const { scale } = this.#leaf.stored;
    const take: TakeBytes = strings
      ? (i, from, first, end) => {
          out[begin + i] = strings.code(from, first, end);
        }
      : (i, from, first, end) => {
          out[begin + i] = decimalOfBytes(from, first, end, scale);
        };
    each(bytes, offset, count, take);
  }

  /** Values of one length each: as they are stored, they go where they belong if their type is the stored one. */
  #fixed(encoding: number, bytes: Uint8Array, offset: number, count: number, out: Values, begin: number): void {
    const { converted, width } = this.#leaf.stored;
    if (!converted) {
      const { buffer, byteOffset } = out.subarray(begin, begin + count);
      decodeFixed(this.#leaf, encoding, bytes, offset, count, new Uint8Array(buffer, byteOffset, count * width));
      return;
    }
    const raw = new Uint8Array(count * width);
    decodeFixed(this.#leaf, encoding, bytes, offset, count, raw);
    this.#convert(raw, count, out, begin);
  }

  #convert(raw: Uint8Array<ArrayBuffer>, count: number, out: Values, begin: number): void {
    const { physical, width, scale } = this.#leaf.stored;
    if (physical === 'INT96') {
      nanoseconds(raw, out as BigInt64Array, begin);
    } else if (this.#leaf.type === 'float32') {
      widenHalves(raw, out as Float32Array, begin);
    } else if (this.#leaf.type !== 'float64') {
      narrow(raw, out, begin);
    } else if (physical === 'FIXED_LEN_BYTE_ARRAY') {
      for (let i = 0; i < count; i++) out[begin + i] = decimalOfBytes(raw, i * width, (i + 1) * width, scale);
    } else {
      decimals(raw, width, scale, out as Float64Array, begin);
    }
  }
}

function booleans(encoding: number, bytes: Uint8Array, offset: number, count: number, out: Uint8Array, begin: number) {
  if (encoding === Encoding.PLAIN) {
    if (offset + ((count + 7) >> 3) > bytes.length) throw fewer(count);
    unpackBits(bytes, offset, count, out, begin);
  } else if (encoding === Encoding.RLE) {
    decodeHybrid(bytes, offset + 4, bytes.length, 1, count, out.subarray(begin, begin + count));
  } else {
    throw new UnsupportedEncoding(encoding);
  }
}

/** As bytes: pages are little-endian as all hosts of WebAssembly, and seldom aligned. */
function decodeFixed(
  { stored: { physical, width } }: Leaf,
  encoding: number,
  bytes: Uint8Array,
  offset: number,
  count: number,
  out: Uint8Array,
): void {
  const needed = count * width;
  if (encoding === Encoding.PLAIN) {
    if (needed > bytes.length - offset) throw fewer(count);
    out.set(bytes.subarray(offset, offset + needed));
  } else if (encoding === Encoding.BYTE_STREAM_SPLIT) {
    if (needed > bytes.length - offset) throw fewer(count);
    joinStreams(bytes, offset, count, width, out);
  } else if (encoding === Encoding.DELTA_BINARY_PACKED && (physical === 'INT32' || physical === 'INT64')) {
    decodeDelta(bytes, offset, count, new Int32Array(out.buffer, out.byteOffset, out.length / 4), 0, width === 8);
  } else if (encoding === Encoding.DELTA_BYTE_ARRAY && physical === 'FIXED_LEN_BYTE_ARRAY') {
    deltaByteArrays(bytes, offset, count, (i, from, begin, end) => {
      if (end - begin !== width) throw new Corrupt(`a value of ${end - begin} bytes instead of ${width}`);
      out.set(from.subarray(begin, end), i * width);
    });
  } else {
    throw new UnsupportedEncoding(encoding);
  }
}

/**
 * BYTE_STREAM_SPLIT: the first bytes of all values, then the second ones, and so on.
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#BYTESTREAMSPLIT
 */
function joinStreams(bytes: Uint8Array, offset: number, count: number, width: number, out: Uint8Array): void {
  if (width === 4 || width === 8) {
    // Whole words are put together, and stored once.
    const words = new Int32Array(out.buffer, out.byteOffset, out.length / 4);
    for (let word = 0; word < width / 4; word++)
      joinWords(bytes, offset + 4 * word * count, count, words, word, width / 4);
    return;
  }
  for (let k = 0; k < width; k++) {
    const stream = offset + k * count;
    for (let i = 0, at = k; i < count; i++, at += width) out[at] = bytes[stream + i]!;
  }
}

function joinWords(
  bytes: Uint8Array,
  offset: number,
  count: number,
  out: Int32Array,
  first: number,
  step: number,
): void {
  const streams = [0, 1, 2, 3].map((k) => bytes.subarray(offset + k * count, offset + (k + 1) * count));
  const [a, b, c, d] = streams as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  for (let i = 0, at = first; i < count; i++, at += step) {
    out[at] = a[i]! | (b[i]! << 8) | (c[i]! << 16) | (d[i]! << 24);
  }
}

function fewer(count: number): Corrupt {
  return new Corrupt(`a page holds fewer than its ${count} values`);
}
