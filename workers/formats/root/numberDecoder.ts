import { type ColumnData, VALUE_ARRAYS } from '../../../core/schema/column.ts';
import { Corrupt } from '../errors.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { Basket } from './basket.ts';
import type { Interleaved, Interpretation } from './branch.ts';
import { decodeNumbers, storedBytes, valueType } from './numbers.ts';

/** Of a `std::vector`: length and version of the object, and how many numbers there are. */
const VECTOR_HEADER_BYTES = 10;

/** Marks the length of an object. */
const BYTE_COUNT = 0x4000_0000;

/** Numbers that lie one after the other. */
interface Run {
  bytes: Uint8Array;
  at: number;
  count: number;
}

/** Numbers, fixed arrays, jagged arrays and vectors of numbers. */
export class NumberDecoder {
  readonly #form: Interpretation & { kind: 'numbers' };
  readonly #interleaved: Interleaved | undefined;
  readonly #depth: number;
  readonly #width: number;
  readonly #runs: Run[] = [];
  /** Of jagged branches: how many numbers come before each entry. */
  readonly #offsets: Uint32Array | undefined;
  readonly #entries: number;
  #done = 0;
  #count = 0;

  constructor(
    form: Interpretation & { kind: 'numbers' },
    interleaved: Interleaved | undefined,
    depth: number,
    entries: number,
  ) {
    this.#form = form;
    this.#interleaved = interleaved;
    this.#depth = depth;
    this.#entries = entries;
    this.#width = storedBytes(form.stored);
    if (form.perEntry === undefined) this.#offsets = new Uint32Array(entries + 1);
  }

  take(basket: Basket, begin: number, end: number): void {
    const run =
      this.#form.perEntry === undefined
        ? this.#jagged(basket, begin, end)
        : this.#regular(basket, begin, end, this.#form.perEntry);
    this.#runs.push(run);
    this.#done += end - begin;
    this.#count += run.count;
  }

  finish(kernels: Kernels): ColumnData {
    const { stored, innerLength } = this.#form;
    const type = valueType(stored);
    const values = new VALUE_ARRAYS[type](this.#count);
    let at = 0;
    for (const run of this.#runs) {
      decodeNumbers(kernels, stored, run.bytes, run.at, run.count, values, at);
      at += run.count;
    }
    return { type, length: this.#entries, offsets: this.#levels(innerLength), values };
  }

  #levels(innerLength: number): Uint32Array[] {
    if (this.#depth === 0) return [];
    const { perEntry } = this.#form;
    const items = this.#offsets ?? steps(this.#entries, perEntry!);
    if (this.#depth === 1) return [items];
    for (let i = 0; i < items.length; i++) items[i]! /= innerLength;
    return [items, steps(this.#count / innerLength, innerLength)];
  }

  /** As many numbers in each entry. */
  #regular({ entries, values, starts }: Basket, begin: number, end: number, perEntry: number): Run {
    const bytes = perEntry * this.#width;
    const skip = this.#interleaved?.at ?? this.#form.header;
    const stride = this.#interleaved?.entryBytes ?? skip + bytes;
    const count = (end - begin) * perEntry;
    if (this.#interleaved?.counted)
      for (let i = begin; i < end; i++) checkObject(values, starts?.[i] ?? i * stride, stride);
    if (values.length === entries * stride) {
      if (stride === bytes) return { bytes: values, at: begin * stride, count };
      const gathered = new Uint8Array((end - begin) * bytes);
      for (let i = begin, to = 0; i < end; i++) to = copyBytes(values, i * stride + skip, bytes, gathered, to);
      return { bytes: gathered, at: 0, count };
    }
    if (!starts) throw new Corrupt(`${values.length} bytes are not ${entries} entries of ${stride}`);
    // Before room is made for what a damaged leaf may claim.
    if ((end - begin) * bytes > values.length) throw new Corrupt('an entry is cut short');
    const gathered = new Uint8Array((end - begin) * bytes);
    for (let i = begin, to = 0; i < end; i++) {
      if (starts[i + 1]! - starts[i]! < skip + bytes) throw new Corrupt('an entry is cut short');
      to = copyBytes(values, starts[i]! + skip, bytes, gathered, to);
    }
    return { bytes: gathered, at: 0, count };
  }

  /** As many numbers as the bytes of each entry hold. */
  #jagged({ values, starts }: Basket, begin: number, end: number): Run {
    const { header, innerLength } = this.#form;
    const offsets = this.#offsets!;
    const done = this.#done;
    const item = this.#width * innerLength;
    if (!(item >= 1)) throw new Corrupt(`its leaf tells of items of ${innerLength} numbers`);
    if (!starts) {
      if (values.length > 0) throw new Corrupt('it has no table of where its entries start');
      offsets.fill(this.#count, done + 1, done + end - begin + 1);
      return { bytes: values, at: 0, count: 0 };
    }
    if (this.#interleaved) return this.#objects(values, starts, begin, end, this.#interleaved);
    const from = starts[begin]!;
    if (header === 0) {
      this.#countItems(starts, begin, end, item);
      return { bytes: values, at: from, count: (starts[end]! - from) / this.#width };
    }
    const gathered = new Uint8Array(Math.max(starts[end]! - from - header * (end - begin), 0));
    let to = 0;
    for (let i = begin; i < end; i++) {
      const start = starts[i]! + header;
      const bytes = starts[i + 1]! - start;
      if (
        bytes < 0 ||
        bytes % item !== 0 ||
        (header === VECTOR_HEADER_BYTES && !isCount(values, start, bytes / this.#width))
      )
        throw new Corrupt(`an entry of ${bytes + header} bytes is no list`);
      to = copyBytes(values, start, bytes, gathered, to);
      offsets[done + i - begin + 1] = this.#count + to / this.#width;
    }
    return { bytes: gathered, at: 0, count: to / this.#width };
  }

  /** One number of each object in the lists of entries. */
  #objects(values: Uint8Array, starts: Uint32Array, begin: number, end: number, { entryBytes, at }: Interleaved): Run {
    const { header } = this.#form;
    const gathered = new Uint8Array(Math.ceil((starts[end]! - starts[begin]!) / entryBytes) * this.#width);
    let to = 0;
    for (let i = begin; i < end; i++) {
      const [from, past] = [starts[i]! + header, starts[i + 1]!];
      if (past < from || (past - from) % entryBytes !== 0 || !isCount(values, from, (past - from) / entryBytes))
        throw new Corrupt('its objects were written in a way that is not read');
      for (let item = from; item < past; item += entryBytes) {
        checkObject(values, item, entryBytes);
        to = copyBytes(values, item + at, this.#width, gathered, to);
      }
      this.#offsets![this.#done + i - begin + 1] = this.#count + to / this.#width;
    }
    return { bytes: gathered, at: 0, count: to / this.#width };
  }

  /** Offsets of entries that have nothing but their numbers. */
  #countItems(starts: Uint32Array, begin: number, end: number, item: number): void {
    const offsets = this.#offsets!;
    const { innerLength } = this.#form;
    const from = starts[begin]!;
    const before = this.#count;
    let to = this.#done + 1;
    let rest = 0;
    if ((item & (item - 1)) === 0) {
      const [shift, numbers] = [31 - Math.clz32(item), 31 - Math.clz32(innerLength)];
      for (let i = begin + 1; i <= end; i++, to++) {
        const bytes = starts[i]! - from;
        rest |= bytes & (item - 1);
        offsets[to] = before + ((bytes >>> shift) << numbers);
      }
    } else {
      for (let i = begin + 1; i <= end; i++, to++) {
        const bytes = starts[i]! - from;
        rest |= bytes % item;
        offsets[to] = before + (bytes / item) * innerLength;
      }
    }
    if (rest !== 0) throw new Corrupt(`an entry is no list of items of ${item} bytes`);
  }
}

/** Offsets of `count` lists of the same length. */
export function steps(count: number, length: number): Uint32Array {
  const offsets = new Uint32Array(count + 1);
  for (let i = 0, at = 0; i <= count; i++, at += length) offsets[i] = at;
  return offsets;
}

/** @returns where the copy ends */
function copyBytes(from: Uint8Array, begin: number, count: number, to: Uint8Array, at: number): number {
  if (count > 64) to.set(from.subarray(begin, begin + count), at);
  else for (let i = 0; i < count; i++) to[at + i] = from[begin + i]!;
  return at + count;
}

function isCount(bytes: Uint8Array, end: number, count: number): boolean {
  const told = (bytes[end - 4]! << 24) | (bytes[end - 3]! << 16) | (bytes[end - 2]! << 8) | bytes[end - 1]!;
  return told === count;
}

/** Where an object begins, the length of the rest stands. @throws Corrupt */
function checkObject(bytes: Uint8Array, at: number, length: number): void {
  const told = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  if (told !== (BYTE_COUNT | (length - 4))) throw new Corrupt('its objects were written in a way that is not read');
}
