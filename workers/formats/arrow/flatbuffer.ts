/**
 * Tables of FlatBuffers, as far as Arrow's metadata has them: fields by their number in the schema, defaults where one is absent.
 * @see https://flatbuffers.dev/internals/
 */
import { Corrupt } from '../errors.ts';

/** A table within some bytes. Places past the end throw a `RangeError`. */
export class Table {
  readonly #view: DataView;
  readonly #at: number;
  readonly #fields: number;
  readonly #fieldsBytes: number;

  private constructor(view: DataView, at: number) {
    this.#view = view;
    this.#at = at;
    this.#fields = at - view.getInt32(at, true);
    this.#fieldsBytes = view.getUint16(this.#fields, true);
  }

  /** The table that a buffer is about. */
  static root(bytes: Uint8Array): Table {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return new Table(view, view.getUint32(0, true));
  }

  int8(field: number, absent: number): number {
    const at = this.#place(field);
    return at ? this.#view.getInt8(at) : absent;
  }

  int16(field: number, absent: number): number {
    const at = this.#place(field);
    return at ? this.#view.getInt16(at, true) : absent;
  }

  int32(field: number, absent: number): number {
    const at = this.#place(field);
    return at ? this.#view.getInt32(at, true) : absent;
  }

  /** As a number, which sizes and places fit. @throws Corrupt where it is negative or too large */
  size(field: number): number {
    const at = this.#place(field);
    return at ? sizeAt(this.#view, at) : 0;
  }

  bool(field: number, absent: boolean): boolean {
    return this.int8(field, absent ? 1 : 0) !== 0;
  }

  table(field: number): Table | undefined {
    const at = this.#place(field);
    return at ? new Table(this.#view, this.#pointed(at)) : undefined;
  }

  string(field: number): string | undefined {
    const at = this.#place(field);
    if (!at) return undefined;
    const text = this.#pointed(at);
    const { buffer, byteOffset } = this.#view;
    return new TextDecoder().decode(new Uint8Array(buffer, byteOffset + text + 4, this.#view.getUint32(text, true)));
  }

  tables(field: number): Table[] {
    return this.#vector(field, 4, (view, at) => new Table(view, at + view.getUint32(at, true)));
  }

  /** A vector of structs or numbers of so many bytes each. */
  structs<T>(field: number, bytes: number, read: (view: DataView, at: number) => T): T[] {
    return this.#vector(field, bytes, read);
  }

  #vector<T>(field: number, bytes: number, read: (view: DataView, at: number) => T): T[] {
    const place = this.#place(field);
    if (!place) return [];
    const at = this.#pointed(place);
    const length = this.#view.getUint32(at, true);
    if (length * bytes > this.#view.byteLength - at) throw new Corrupt('a list in its metadata is cut short');
    return Array.from({ length }, (_, i) => read(this.#view, at + 4 + i * bytes));
  }

  #pointed(at: number): number {
    return at + this.#view.getUint32(at, true);
  }

  /** 0 where the field is absent. */
  #place(field: number): number {
    const entry = 4 + 2 * field;
    const offset = entry < this.#fieldsBytes ? this.#view.getUint16(this.#fields + entry, true) : 0;
    return offset && this.#at + offset;
  }
}

/** A 64-bit integer that is a size or a place. @throws Corrupt where it is negative or too large */
export function sizeAt(view: DataView, at: number): number {
  const size = Number(view.getBigInt64(at, true));
  if (!(size >= 0 && size <= Number.MAX_SAFE_INTEGER)) throw new Corrupt(`a size of ${size}`);
  return size;
}
