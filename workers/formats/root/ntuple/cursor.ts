import { Corrupt } from '../../errors.ts';

const decoder = new TextDecoder();

/**
 * Goes through the bytes of an envelope (little-endian). A frame gives a cursor of its own and is stepped over as a whole, so that what newer
 * writers add at its end is skipped. Nothing is read past the end: that throws `Corrupt`.
 */
export class EnvelopeCursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length, view?: DataView) {
    this.#bytes = bytes;
    this.#view = view ?? new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#at = at;
    this.#end = end;
  }

  u16(): number {
    return this.#view.getUint16(this.#step(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#step(4), true);
  }

  i32(): number {
    return this.#view.getInt32(this.#step(4), true);
  }

  f64(): number {
    return this.#view.getFloat64(this.#step(8), true);
  }

  bits64(): bigint {
    return this.#view.getBigUint64(this.#step(8), true);
  }

  /** Exact up to 2^53, which nothing in a file that can be had exceeds. */
  u64(): number {
    const at = this.#step(8);
    return this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 2 ** 32;
  }

  i64(): number {
    const at = this.#step(8);
    return this.#view.getUint32(at, true) + this.#view.getInt32(at + 4, true) * 2 ** 32;
  }

  text(): string {
    const length = this.u32();
    const from = this.#step(length);
    return decoder.decode(this.#bytes.subarray(from, from + length));
  }

  /** The inside of a record frame. */
  record(): EnvelopeCursor {
    const size = this.i64();
    if (size < 8) throw new Corrupt('an envelope has a list, or nothing, where a record is due');
    return this.#inside(size - 8);
  }

  /** The inside of a list frame. @param leastBytes of an item: no more items are taken for true than have room */
  list(leastBytes: number): { count: number; items: EnvelopeCursor } {
    const size = -this.i64();
    if (size < 12) throw new Corrupt('an envelope has a record, or nothing, where a list is due');
    const count = this.u32();
    if (count * leastBytes > size - 12) throw new Corrupt(`a list of ${size} bytes claims ${count} items`);
    return { count, items: this.#inside(size - 12) };
  }

  /** The next `length` bytes, as a cursor of their own. */
  part(length: number): EnvelopeCursor {
    return this.#inside(length);
  }

  #inside(length: number): EnvelopeCursor {
    const from = this.#step(length);
    return new EnvelopeCursor(this.#bytes, from, from + length, this.#view);
  }

  #step(length: number): number {
    const from = this.#at;
    if (length < 0 || length > this.#end - from) throw new Corrupt('an envelope ends within an item');
    this.#at = from + length;
    return from;
  }
}
