/**
 * DELTA_BINARY_PACKED: integers as differences, packed in miniblocks of a width each.
 * @see https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTAENC
 */
import { Corrupt } from '../errors.ts';

const TWO32 = 2 ** 32;
/** Values of more bits may lie across five bytes. */
const WIDEST_LOAD = 25;

/** A 64-bit number as two words; arithmetic wraps, as the format asks. */
interface Wide {
  low: number;
  high: number;
}

/**
 * Decodes `count` integers of `bytes[offset, …)` into words from `out[begin]` on, one for each or (`wide`) two.
 * @returns the offset of what follows them
 * @throws Corrupt
 */
export function decodeDelta(
  bytes: Uint8Array,
  offset: number,
  count: number,
  out: Int32Array,
  begin: number,
  wide: boolean,
): number {
  const reader = new DeltaReader(bytes, offset);
  const blockValues = reader.varint().low;
  const miniblocks = reader.varint().low;
  const total = reader.varint().low;
  const value = reader.zigzag();
  const perMiniblock = blockValues / miniblocks;
  if (!(perMiniblock > 0) || perMiniblock % 8 !== 0) throw new Corrupt(`${blockValues} deltas in ${miniblocks} blocks`);
  if (total !== count) throw new Corrupt(`${total} deltas instead of ${count}`);
  if (count === 0) return reader.offset;
  put(out, begin, wide, value);
  for (let done = 1; done < count; ) {
    const least = reader.zigzag();
    const widths = reader.take(miniblocks);
    for (let block = 0; block < miniblocks && done < count; block++) {
      const length = Math.min(perMiniblock, count - done);
      const width = widths[block]!;
      const stored = (perMiniblock * width) / 8;
      reader.miniblock(stored, width, length, least, value, out, begin + done, wide);
      done += length;
    }
  }
  return reader.offset;
}

class DeltaReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  offset: number;

  constructor(bytes: Uint8Array, offset: number) {
    this.offset = offset;
    this.#end = bytes.length;
    // With room at the end, so that any value can be read by two loads.
    this.#bytes = new Uint8Array(bytes.length + 8);
    this.#bytes.set(bytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  varint(): Wide {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.take(1)[0]!;
      const bits = byte & 127;
      if (shift < 32) low |= bits << shift;
      if (shift > 25) high |= shift < 32 ? bits >>> (32 - shift) : bits << (shift - 32);
      if (byte < 128) return { low: low >>> 0, high: high >>> 0 };
    }
    throw new Corrupt('a number among deltas is too long');
  }

  zigzag(): Wide {
    const { low, high } = this.varint();
    const sign = -(low & 1);
    return { low: (((low >>> 1) | (high << 31)) ^ sign) >>> 0, high: (high >>> 1) ^ sign };
  }

  take(length: number): Uint8Array {
    if (length > this.#end - this.offset) throw new Corrupt('deltas are cut short');
    this.offset += length;
    return this.#bytes.subarray(this.offset - length, this.offset);
  }

  /** Adds deltas up from `value` on, which is left at the last sum. */
  miniblock(
    stored: number,
    width: number,
    count: number,
    least: Wide,
    value: Wide,
    out: Int32Array,
    begin: number,
    wide: boolean,
  ): void {
    if (width > 64) throw new Corrupt(`deltas of ${width} bits`);
    // The last one may be cut where its values end.
    const needed = Math.ceil((count * width) / 8);
    if (needed > this.#end - this.offset) throw new Corrupt('deltas are cut short');
    if (wide && width <= WIDEST_LOAD) {
      this.#narrowDeltas(width, count, least, value, out, 2 * begin);
      this.offset = Math.min(this.#end, this.offset + stored);
      return;
    }
    if (!wide && width <= WIDEST_LOAD) {
      value.low = this.#shortDeltas(width, count, least.low | 0, value.low | 0, out, begin);
      this.offset = Math.min(this.#end, this.offset + stored);
      return;
    }
    let bit = 8 * this.offset;
    let { low, high } = value;
    for (let i = 0; i < count; i++, bit += width) {
      const sum = low + this.#packed(bit, Math.min(32, width)) + least.low;
      if (wide) {
        const upper = width > 32 ? this.#packed(bit + 32, width - 32) : 0;
        high = (high + upper + least.high + Math.floor(sum / TWO32)) | 0;
        out[2 * (begin + i) + 1] = high;
        out[2 * (begin + i)] = sum | 0;
      } else {
        out[begin + i] = sum | 0;
      }
      low = sum >>> 0;
    }
    value.low = low;
    value.high = high;
    this.offset = Math.min(this.#end, this.offset + stored);
  }

  /** Numbers of one word whose differences take one load each. @returns the last sum */
  #shortDeltas(width: number, count: number, least: number, before: number, out: Int32Array, begin: number): number {
    const view = this.#view;
    const from = this.offset;
    const mask = (1 << width) - 1;
    let sum = before;
    for (let i = 0, bit = 0; i < count; i++, bit += width) {
      sum = (sum + ((view.getInt32(from + (bit >>> 3), true) >>> (bit & 7)) & mask) + least) | 0;
      out[begin + i] = sum;
    }
    return sum >>> 0;
  }

  /** Numbers of two words whose differences take one load each: without a number that is no integer of 32 bits. */
  #narrowDeltas(width: number, count: number, least: Wide, value: Wide, out: Int32Array, begin: number): void {
    const view = this.#view;
    const from = this.offset;
    const mask = (1 << width) - 1;
    const leastLow = least.low | 0;
    const leastHigh = least.high | 0;
    let low = value.low | 0;
    let high = value.high | 0;
    for (let i = 0, bit = 0, at = begin; i < count; i++, bit += width, at += 2) {
      const packed = (view.getInt32(from + (bit >>> 3), true) >>> (bit & 7)) & mask;
      const delta = (packed + leastLow) | 0;
      const sum = (low + delta) | 0;
      // Unsigned: a sum that is less than what was added to has passed 2^32.
      const carries = (delta >>> 0 < packed >>> 0 ? 1 : 0) + (sum >>> 0 < low >>> 0 ? 1 : 0);
      high = (high + leastHigh + carries) | 0;
      low = sum;
      out[at] = low;
      out[at + 1] = high;
    }
    value.low = low >>> 0;
    value.high = high;
  }

  #packed(bit: number, width: number): number {
    const at = Math.floor(bit / 8);
    const shift = bit & 7;
    const low = this.#view.getInt32(at, true) >>> shift;
    if (width <= WIDEST_LOAD) return low & ((1 << width) - 1);
    const both = shift === 0 ? low : low | (this.#bytes[at + 4]! << (32 - shift));
    return (width === 32 ? both : both & ((1 << width) - 1)) >>> 0;
  }
}

function put(out: Int32Array, at: number, wide: boolean, { low, high }: Wide): void {
  if (!wide) {
    out[at] = low;
    return;
  }
  out[2 * at] = low;
  out[2 * at + 1] = high;
}
