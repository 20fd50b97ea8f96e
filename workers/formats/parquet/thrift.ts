/**
 * The Thrift compact protocol, as far as page headers need it: a cursor over bytes that reads the fields one asks for
 * and skips the others, without an object for each struct.
 * @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
import { Corrupt } from '../errors.ts';

const MAX_NESTING = 16;

export class ThriftCursor {
  readonly bytes: Uint8Array;
  offset: number;
  /** Type of the current field, by the protocol's codes: 1 and 2 are the booleans true and false. */
  fieldType = 0;
  #field = 0;

  constructor(bytes: Uint8Array, offset: number) {
    this.bytes = bytes;
    this.offset = offset;
  }

  /** Calls `read` with the id of each field of a struct; it reads the value, or answers false to have it skipped. */
  struct(read: (field: number) => boolean): void {
    const outer = this.#field;
    this.#field = 0;
    for (let head = this.#byte(); head !== 0; head = this.#byte()) {
      const delta = head >> 4;
      this.#field = delta === 0 ? this.int() : this.#field + delta;
      this.fieldType = head & 15;
      if (!read(this.#field)) this.#skip(this.fieldType, 0);
    }
    this.#field = outer;
  }

  /** A 32-bit integer: zigzag varint. */
  int(): number {
    const value = this.#varint();
    return (value >>> 1) ^ -(value & 1);
  }

  /** A boolean field: its value is in its type. */
  bool(): boolean {
    return this.fieldType === 1;
  }

  #byte(): number {
    if (this.offset >= this.bytes.length) throw new Corrupt('a page header runs past the end');
    return this.bytes[this.offset++]!;
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#byte();
      if (shift < 32) value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    throw new Corrupt('a number in a page header is too long');
  }

  #skip(type: number, nesting: number): void {
    if (nesting > MAX_NESTING) throw new Corrupt('a page header is nested too deeply');
    if (type === 1 || type === 2) return;
    if (type === 3) this.offset += 1;
    else if (type >= 4 && type <= 6) this.#varint();
    else if (type === 7) this.offset += 8;
    else if (type === 8) this.#skipBytes();
    else if (type === 9 || type === 10) this.#skipList(nesting);
    else if (type === 12) this.#skipStruct(nesting);
    else throw new Corrupt(`a page header has a field of type ${type}`);
  }

  #skipBytes(): void {
    const length = this.#varint();
    this.offset += length;
  }

  #skipList(nesting: number): void {
    const head = this.#byte();
    const count = head >> 4 === 15 ? this.#varint() : head >> 4;
    const type = head & 15;
    // Booleans in lists are bytes.
    const element = type === 1 || type === 2 ? 3 : type;
    for (let i = 0; i < count && this.offset <= this.bytes.length; i++) this.#skip(element, nesting + 1);
  }

  #skipStruct(nesting: number): void {
    for (let head = this.#byte(); head !== 0; head = this.#byte()) {
      if (head >> 4 === 0) this.#varint();
      this.#skip(head & 15, nesting + 1);
    }
  }
}
