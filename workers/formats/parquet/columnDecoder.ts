import type { ColumnData, Values } from '../../../core/schema/column.ts';
import type { Decompress } from './codecs.ts';
import { Corrupt } from './errors.ts';
import { decodeHybrid } from './hybrid.ts';
import { decodeBits, offsetsOfBits } from './levelBits.ts';
import { commonLevel, type DataPage, decodeLevels, type Levels, openPage, type RawPage } from './page.ts';
import { ENCODING_NAMES, Encoding } from './pageHeader.ts';
import { allocate, decodePlain } from './plain.ts';
import type { Leaf } from './schema.ts';
import { StringTable } from './strings.ts';
import { gather, spread } from './widths.ts';

/** Sizes of what is to come, from the metadata: arrays are made for them, and nothing may exceed them. */
export interface Expected {
  rows: number;
  /** Entries: values, missing ones, and empty lists. */
  entries: number;
  /** Uncompressed. */
  bytes: number;
}

/** An encoding that is not supported; the message names it. */
export class UnsupportedEncoding extends Error {}

/** Decodes the pages of one column, in order, into one set of typed arrays. */
export class ColumnDecoder {
  readonly #leaf: Leaf;
  readonly #decompress: Decompress;
  readonly #expected: Expected;
  readonly #strings: StringTable | undefined;
  /** Of strings: their codes. */
  #dictionary: Values | undefined;
  #values: Values;
  /** Only once a value was missing. */
  #valid: Uint8Array | undefined;
  #offsets: Uint32Array | undefined;
  #entries = 0;
  #rows = 0;
  #count = 0;

  constructor(leaf: Leaf, decompress: Decompress, expected: Expected) {
    this.#leaf = leaf;
    this.#decompress = decompress;
    this.#expected = expected;
    if (leaf.type === 'string') this.#strings = new StringTable();
    // Runs can hold more than eight values a byte, and then the array grows; but damaged counts must not fill the memory.
    this.#values = allocate(leaf.type, Math.min(expected.entries, 8 * expected.bytes));
    if (leaf.depth === 1) this.#offsets = new Uint32Array(expected.rows + 1);
  }

  /** Takes the dictionary page, which comes before the data pages. */
  dictionary({ header, body }: RawPage): void {
    if (header.encoding !== Encoding.PLAIN && header.encoding !== Encoding.PLAIN_DICTIONARY)
      unsupported(header.encoding);
    const bytes = this.#decompress(body, header.uncompressedBytes);
    // Each entry takes a bit at least, a string four bytes.
    if (header.values > 8 * bytes.length)
      throw new Corrupt(`a dictionary of ${header.values} in ${bytes.length} bytes`);
    const entries = allocate(this.#leaf.type, header.values);
    this.#plain(bytes, 0, header.values, entries, 0);
    this.#dictionary = entries;
  }

  /** Takes the next data page. */
  page(raw: RawPage): void {
    const { maxDefinition, maxRepetition, depth } = this.#leaf;
    const entries = raw.header.values;
    if (this.#entries + entries > this.#expected.entries) throw new Corrupt('pages hold more values than the column');
    this.#entries += entries;
    const page = openPage(raw, maxDefinition, maxRepetition, this.#decompress);
    if (depth === 0) this.#flat(page);
    else this.#list(page);
  }

  /** Rows that began so far. */
  get rows(): number {
    return this.#rows;
  }

  /** The rows `[from, to)` of those that were decoded, as a column. */
  finish(from: number, to: number): ColumnData {
    const { type } = this.#leaf;
    if (this.#rows < to) throw new Corrupt(`pages hold ${this.#rows} events, not ${to}`);
    const [begin, end] = this.#offsets ? this.#itemRange(this.#offsets, from, to) : [from, to];
    return {
      type,
      length: to - from,
      offsets: this.#offsets ? [rebase(this.#offsets, from, to)] : [],
      values: this.#values.subarray(begin, end),
      ...(this.#valid && { valid: this.#valid.subarray(begin, end) }),
      ...(this.#strings && { dictionary: this.#strings.strings }),
    };
  }

  #itemRange(offsets: Uint32Array, from: number, to: number): [number, number] {
    offsets[this.#rows] = this.#count;
    return [offsets[from]!, offsets[to]!];
  }

  #flat(page: DataPage): void {
    const { entries, definition } = page;
    const { maxDefinition } = this.#leaf;
    this.#reserve(entries);
    const begin = this.#count;
    if (!definition || commonLevel(definition, entries) === maxDefinition) {
      this.#decode(page, entries, begin);
      this.#valid?.fill(1, begin, begin + entries);
    } else {
      const definitions = scratchLevels(entries, 1);
      decodeLevels(definition, entries, definitions);
      this.#decodeSparse(page, definitions, entries, countOf(definitions, entries, maxDefinition));
    }
    this.#rows += entries;
    this.#count += entries;
  }

  #list(page: DataPage): void {
    const { entries } = page;
    const { maxDefinition, itemDefinition } = this.#leaf;
    const repetition = page.repetition!;
    const definition = page.definition!;
    if (maxDefinition === 1 && !repetition.bitPacked && !definition.bitPacked) {
      const items = this.#placeLists(levelBits(repetition, entries, 0), levelBits(definition, entries, 1), entries);
      this.#reserve(items);
      this.#decode(page, items, this.#count);
      this.#count += items;
      return;
    }
    const repetitions = scratchLevels(entries, 0);
    const definitions = scratchLevels(entries, 1);
    decodeLevels(repetition, entries, repetitions);
    decodeLevels(definition, entries, definitions);
    const items = this.#countItems(repetitions, definitions, entries);
    const present = countOf(definitions, entries, maxDefinition);
    this.#reserve(items);
    if (present === items) {
      this.#decode(page, items, this.#count);
      this.#valid?.fill(1, this.#count, this.#count + items);
    } else {
      let kept = 0;
      for (let i = 0; i < entries; i++) {
        definitions[kept] = definitions[i]!;
        kept += definitions[i]! >= itemDefinition ? 1 : 0;
      }
      this.#decodeSparse(page, definitions, items, present);
    }
    this.#count += items;
  }

  /** Sets the offsets of the rows that begin in a page. @returns how many items it has */
  #placeLists(repetition: Int32Array, definition: Int32Array, entries: number): number {
    const [row, item] = offsetsOfBits(repetition, definition, entries, this.#offsets!, this.#rows, this.#count);
    return this.#advance(row, item);
  }

  /** The same from levels of any width. */
  #countItems(repetition: Uint8Array, definition: Uint8Array, entries: number): number {
    const offsets = this.#offsets!;
    const { itemDefinition } = this.#leaf;
    let row = this.#rows;
    let item = this.#count;
    for (let i = 0; i < entries; i++) {
      // An item that continues a list writes to the place of the next list, which is written again.
      offsets[row] = item;
      row += 1 - repetition[i]!;
      item += definition[i]! >= itemDefinition ? 1 : 0;
    }
    return this.#advance(row, item);
  }

  #advance(row: number, item: number): number {
    if (row > this.#expected.rows) throw new Corrupt('pages hold more events than the column');
    this.#rows = row;
    return item - this.#count;
  }

  /** Values of which some may be missing, those with a level below the highest. */
  #decodeSparse(page: DataPage, levels: Uint8Array, count: number, present: number): void {
    const { maxDefinition } = this.#leaf;
    this.#decode(page, present, this.#count);
    if (present === count && !this.#valid) return;
    this.#valid ??= new Uint8Array(this.#values.length).fill(1, 0, this.#count);
    const valid = this.#valid;
    const begin = this.#count;
    for (let i = 0; i < count; i++) valid[begin + i] = levels[i] === maxDefinition ? 1 : 0;
    if (present < count) spread(this.#values, begin, valid, count, present);
  }

  #decode({ encoding, bytes, begin: offset }: DataPage, count: number, begin: number): void {
    if (count === 0) return;
    if (encoding === Encoding.PLAIN) {
      this.#plain(bytes, offset, count, this.#values, begin);
    } else if (encoding === Encoding.RLE_DICTIONARY || encoding === Encoding.PLAIN_DICTIONARY) {
      if (!this.#dictionary) throw new Corrupt('a page needs a dictionary, and there is none');
      const indices = scratchIndices(count);
      decodeHybrid(bytes, offset + 1, bytes.length, bytes[offset] ?? 0, count, indices);
      gather(this.#dictionary, indices, count, this.#values, begin);
    } else if (encoding === Encoding.RLE && this.#leaf.type === 'bool') {
      const out = (this.#values as Uint8Array).subarray(begin, begin + count);
      decodeHybrid(bytes, offset + 4, bytes.length, 1, count, out);
    } else {
      unsupported(encoding);
    }
  }

  #plain(bytes: Uint8Array, offset: number, count: number, out: Values, begin: number): void {
    if (this.#strings) this.#strings.codes(bytes, offset, bytes.length, count, out as Uint32Array, begin);
    else decodePlain(this.#leaf.type, bytes, offset, bytes.length, count, out, begin);
  }

  #reserve(more: number): void {
    const needed = this.#count + more;
    if (needed <= this.#values.length) return;
    const length = Math.min(this.#expected.entries, Math.max(needed, 2 * this.#values.length));
    const values = allocate(this.#leaf.type, length);
    copyBytes(this.#values, values, this.#count);
    this.#values = values;
    if (!this.#valid) return;
    const valid = new Uint8Array(length);
    valid.set(this.#valid.subarray(0, this.#count));
    this.#valid = valid;
  }
}

let indices = new Int32Array(1024);
const levels = [new Uint8Array(1024), new Uint8Array(1024)];

/** Memory for levels of one page at a time, of each kind. */
function scratchLevels(count: number, which: 0 | 1): Uint8Array {
  if (levels[which]!.length < count) levels[which] = new Uint8Array(2 * count);
  return levels[which]!;
}

function levelBits({ bytes, begin, end }: Levels, count: number, which: 0 | 1): Int32Array {
  return decodeBits(bytes, begin, end, count, which);
}

function countOf(levels: Uint8Array, count: number, level: number): number {
  let found = 0;
  for (let i = 0; i < count; i++) found += levels[i] === level ? 1 : 0;
  return found;
}

/** Memory for indices of one page at a time. */
function scratchIndices(count: number): Int32Array {
  if (indices.length < count) indices = new Int32Array(2 * count);
  return indices;
}

function rebase(offsets: Uint32Array, from: number, to: number): Uint32Array {
  const first = offsets[from]!;
  const own = offsets.subarray(from, to + 1);
  return first === 0 ? own : own.map((offset) => offset - first);
}

function copyBytes(from: Values, to: Values, count: number): void {
  const bytes = count * from.BYTES_PER_ELEMENT;
  new Uint8Array(to.buffer, to.byteOffset, bytes).set(new Uint8Array(from.buffer, from.byteOffset, bytes));
}

function unsupported(encoding: number): never {
  throw new UnsupportedEncoding(ENCODING_NAMES[encoding] ?? `number ${encoding}`);
}
