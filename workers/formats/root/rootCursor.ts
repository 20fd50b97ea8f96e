import { Corrupt } from '../errors.ts';

const utf8 = new TextDecoder();

/** Reads ROOT's numbers and texts, big-endian, one after the other. Each method @throws Corrupt past the end. */
export class RootCursor {
  /** Next byte to read. */
  at: number;
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  skip(bytes: number): void {
    this.#take(bytes);
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4));
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  /** A place in a file: eight bytes in large files. */
  place(large: boolean): number {
    if (!large) return this.uint32();
    const place = Number(this.#view.getBigInt64(this.#take(8)));
    if (!Number.isSafeInteger(place) || place < 0) throw new Corrupt(`${place} is no place in a file`);
    return place;
  }

  /** A `TString`: its length in a byte, or in four after 255. */
  text(): string {
    const short = this.uint8();
    const length = short === 255 ? this.uint32() : short;
    const from = this.#take(length);
    return utf8.decode(this.bytes.subarray(from, from + length));
  }

  #take(bytes: number): number {
    const from = this.at;
    if (bytes < 0 || from + bytes > this.bytes.length) throw new Corrupt('a record is cut short');
    this.at = from + bytes;
    return from;
  }
}
