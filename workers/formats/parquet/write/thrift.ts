import { ByteBuffer } from './byteBuffer.ts';

/** A value with its type in Thrift's compact protocol. `undefined` in a struct is a field that is not set. */
export type Thrift =
  | { i8: number }
  | { i32: number }
  | { i64: number }
  | { bool: boolean }
  | { binary: Uint8Array | string }
  | { list: readonly Thrift[] }
  | { struct: Readonly<Record<number, Thrift | undefined>> }
  /** A struct whose bytes `write` appends: where there are too many for a tree of values each. */
  | { written: (into: CompactWriter) => void };

const TYPE = { true: 1, false: 2, i8: 3, i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;
const encoder = new TextEncoder();

/**
 * A struct in Thrift's compact protocol, by the numbers of its fields.
 * @see https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
export function thriftBytes(fields: Readonly<Record<number, Thrift | undefined>>): Uint8Array<ArrayBuffer> {
  const into = new ByteBuffer(64);
  write(into, { struct: fields });
  return into.view();
}

function write(into: ByteBuffer, value: Thrift): void {
  if ('i8' in value) into.byte(value.i8);
  else if ('i32' in value) into.varint(zigzag(value.i32));
  else if ('bool' in value) into.byte(value.bool ? TYPE.true : TYPE.false);
  else if ('i64' in value) into.varint(zigzag(value.i64));
  else if ('binary' in value) {
    const bytes = typeof value.binary === 'string' ? encoder.encode(value.binary) : value.binary;
    into.varint(bytes.length);
    into.append(bytes);
  } else if ('list' in value) writeList(into, value.list);
  else if ('written' in value) writeBy(into, value.written);
  else writeStruct(into, value.struct);
}

function writeList(into: ByteBuffer, items: readonly Thrift[]): void {
  writeListHead(into, items[0] ? typeOf(items[0]) : TYPE.i32, items.length);
  for (const item of items) write(into, item);
}

function writeListHead(into: ByteBuffer, type: number, length: number): void {
  if (length < 15) into.byte((length << 4) | type);
  else {
    into.byte(0xf0 | type);
    into.varint(length);
  }
}

function writeBy(into: ByteBuffer, write: (into: CompactWriter) => void): void {
  const struct = new CompactWriter(into);
  write(struct);
  struct.end();
}

/** A struct field by field, by ascending numbers, with structs and lists inside: without an object for each. */
export class CompactWriter {
  readonly #into: ByteBuffer;
  #last = 0;
  /** The last field of each struct around the one that is written. */
  readonly #outer: number[] = [];

  constructor(into: ByteBuffer) {
    this.#into = into;
  }

  i32(field: number, value: number): void {
    this.#field(field, TYPE.i32);
    this.#into.varint(zigzag(value));
  }

  i64(field: number, value: number): void {
    this.#field(field, TYPE.i64);
    this.#into.varint(zigzag(value));
  }

  bool(field: number, value: boolean): void {
    this.#field(field, value ? TYPE.true : TYPE.false);
  }

  binary(field: number, bytes: Uint8Array): void {
    this.#field(field, TYPE.binary);
    this.binaryItem(bytes);
  }

  /** Begins a struct, up to its `end`. */
  struct(field: number): void {
    this.#field(field, TYPE.struct);
    this.structItem();
  }

  /** Begins a list of so many items. */
  list(field: number, kind: 'true' | 'binary' | 'i64' | 'struct', length: number): void {
    this.#field(field, TYPE.list);
    writeListHead(this.#into, TYPE[kind], length);
  }

  i64Item(value: number): void {
    this.#into.varint(zigzag(value));
  }

  boolItem(value: boolean): void {
    this.#into.byte(value ? TYPE.true : TYPE.false);
  }

  binaryItem(bytes: Uint8Array): void {
    this.#into.varint(bytes.length);
    this.#into.append(bytes);
  }

  structItem(): void {
    this.#outer.push(this.#last);
    this.#last = 0;
  }

  /** Fields up to `last` that are known as bytes, without an end. */
  fields(bytes: Uint8Array, last: number): void {
    this.#into.append(bytes);
    this.#last = last;
  }

  /** Of the struct that was begun last, or of the whole: then another one may follow. */
  end(): void {
    this.#into.byte(0);
    this.#last = this.#outer.pop() ?? 0;
  }

  #field(field: number, type: number): void {
    this.#into.byte(((field - this.#last) << 4) | type);
    this.#last = field;
  }
}

/** Keys that are whole numbers come in ascending order. */
function writeStruct(into: ByteBuffer, fields: Readonly<Record<number, Thrift | undefined>>): void {
  let last = 0;
  for (const key in fields) {
    const value = fields[key];
    if (value === undefined) continue;
    // A flag's value stands in its type.
    const type = 'bool' in value && !value.bool ? TYPE.false : typeOf(value);
    into.byte(((Number(key) - last) << 4) | type);
    last = Number(key);
    if (!('bool' in value)) write(into, value);
  }
  into.byte(0);
}

function typeOf(value: Thrift): number {
  if ('i8' in value) return TYPE.i8;
  if ('i32' in value) return TYPE.i32;
  if ('i64' in value) return TYPE.i64;
  if ('bool' in value) return TYPE.true;
  if ('binary' in value) return TYPE.binary;
  return 'list' in value ? TYPE.list : TYPE.struct;
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}
