import { type ColumnData, VALUE_ARRAYS, type Values } from '../../../core/schema/column.ts';
import type { Decompress } from '../codecs.ts';
import { Corrupt, UnsupportedEncoding } from '../errors.ts';
import { decodeDictionary } from './dictionary.ts';
import { countBits, definitionBits, offsetsOfBits, repetitionBits, thresholdBits, writeFlags } from './levelBits.ts';
import { NestedOffsets } from './nestedOffsets.ts';
import { type DataPage, decodeLevels, openPage, type RawPage } from './page.ts';
import { Encoding } from './pageHeader.ts';
import type { Leaf } from './schema.ts';
import { ValueDecoder } from './valueDecoder.ts';
import { spread } from './widths.ts';

/** Sizes of what is to come, from the metadata: arrays are made for them, and nothing may exceed them. */
export interface Expected {
  rows: number;
  /** Entries: values, missing ones, and empty lists. */
  entries: number;
  /** Uncompressed. */
  bytes: number;
}

/** Decodes the pages of one column, in order, into one set of typed arrays. */
export class ColumnDecoder {
  readonly #leaf: Leaf;
  readonly #decompress: Decompress;
  readonly #expected: Expected;
  readonly #decoder: ValueDecoder;
  /** Of strings: their codes. */
  #dictionary: Values | undefined;
  #values: Values;
  /** Only once a value was missing. */
  #valid: Uint8Array | undefined;
  /** Of lists; of lists within lists, `#nested` has them. */
  #offsets: Uint32Array | undefined;
  #nested: NestedOffsets | undefined;
  #entries = 0;
  #rows = 0;
  #count = 0;

  constructor(leaf: Leaf, decompress: Decompress, expected: Expected) {
    this.#leaf = leaf;
    this.#decompress = decompress;
    this.#expected = expected;
    this.#decoder = new ValueDecoder(leaf);
    // Runs can hold more than eight values a byte, and then the array grows; but damaged counts must not fill the memory.
    this.#values = new VALUE_ARRAYS[leaf.type](Math.min(expected.entries, 8 * expected.bytes));
    if (leaf.depth === 1) this.#offsets = new Uint32Array(expected.rows + 1);
    if (leaf.depth > 1) this.#nested = new NestedOffsets(leaf.itemDefinitions, expected.rows);
  }

  /** Takes the dictionary page, which comes before the data pages. */
  dictionary({ header, body }: RawPage): void {
    if (header.encoding !== Encoding.PLAIN && header.encoding !== Encoding.PLAIN_DICTIONARY)
      throw new UnsupportedEncoding(header.encoding);
    const bytes = this.#decompress(body, header.uncompressedBytes);
    // Each entry takes a bit at least, a string four bytes.
    if (header.values > 8 * bytes.length)
      throw new Corrupt(`a dictionary of ${header.values} in ${bytes.length} bytes`);
    const entries = new VALUE_ARRAYS[this.#leaf.type](header.values);
    this.#decoder.decode(Encoding.PLAIN, bytes, 0, header.values, entries, 0);
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
    else if (this.#nested) this.#lists(page, this.#nested);
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
    const { offsets, begin, end } = this.#nested?.slice(from, to) ?? this.#slice(from, to);
    return {
      type,
      length: to - from,
      offsets,
      values: this.#values.subarray(begin, end),
      ...(this.#valid && { valid: this.#valid.subarray(begin, end) }),
      ...(this.#decoder.strings && { dictionary: this.#decoder.strings.strings }),
    };
  }

  #slice(from: number, to: number): { offsets: Uint32Array[]; begin: number; end: number } {
    const offsets = this.#offsets;
    if (!offsets) return { offsets: [], begin: from, end: to };
    offsets[this.#rows] = this.#count;
    return { offsets: [rebase(offsets, from, to)], begin: offsets[from]!, end: offsets[to]! };
  }

  #flat(page: DataPage): void {
    const { entries, definition } = page;
    const { maxDefinition } = this.#leaf;
    const [present] = definition ? definitionBits(definition, entries, [maxDefinition]) : [];
    this.#rows += entries;
    this.#take(page, entries, undefined, present);
  }

  #list(page: DataPage): void {
    const { entries } = page;
    const { maxDefinition, itemDefinition } = this.#leaf;
    const repetition = repetitionBits(page.repetition!, entries);
    const thresholds = maxDefinition === itemDefinition ? [itemDefinition] : [itemDefinition, maxDefinition];
    const [items, present] = definitionBits(page.definition!, entries, thresholds);
    const [row, item] = offsetsOfBits(repetition, items!, entries, this.#offsets!, this.#rows, this.#count);
    if (row > this.#expected.rows) throw new Corrupt('pages hold more events than the column');
    this.#rows = row;
    this.#take(page, item - this.#count, items, present);
  }

  #lists(page: DataPage, nested: NestedOffsets): void {
    const { entries } = page;
    const { maxDefinition, itemDefinition } = this.#leaf;
    const repetition = new Uint8Array(entries);
    const definition = new Uint8Array(entries);
    decodeLevels(page.repetition!, entries, repetition);
    decodeLevels(page.definition!, entries, definition);
    nested.take(repetition, definition, entries);
    this.#rows = nested.rows;
    const thresholds = [itemDefinition, maxDefinition];
    const [items, present] = thresholds.map((threshold, i) => thresholdBits(definition, entries, threshold, i));
    this.#take(page, nested.values - this.#count, items, present);
  }

  /** Decodes the next `count` values: all of them are there, or those that `present` says of the entries or `items`. */
  #take(page: DataPage, count: number, items: Int32Array | undefined, present: Int32Array | undefined): void {
    const begin = this.#count;
    const there = present ? countBits(present, page.entries) : count;
    this.#reserve(count);
    this.#decode(page, there, begin);
    if (there < count) this.#valid ??= new Uint8Array(this.#values.length).fill(1, 0, begin);
    if (there === count) {
      this.#valid?.fill(1, begin, begin + count);
    } else {
      writeFlags(items, present!, page.entries, this.#valid!, begin);
      spread(this.#values, begin, this.#valid!, count, there);
    }
    this.#count += count;
  }

  #decode({ encoding, bytes, begin: offset }: DataPage, count: number, begin: number): void {
    if (count === 0) return;
    if (encoding !== Encoding.RLE_DICTIONARY && encoding !== Encoding.PLAIN_DICTIONARY) {
      this.#decoder.decode(encoding, bytes, offset, count, this.#values, begin);
      return;
    }
    if (!this.#dictionary) throw new Corrupt('a page needs a dictionary, and there is none');
    decodeDictionary(this.#dictionary, bytes, offset, count, this.#values, begin);
  }

  #reserve(more: number): void {
    const needed = this.#count + more;
    if (needed <= this.#values.length) return;
    const length = Math.min(this.#expected.entries, Math.max(needed, 2 * this.#values.length));
    const values = new VALUE_ARRAYS[this.#leaf.type](length);
    copyBytes(this.#values, values, this.#count);
    this.#values = values;
    if (!this.#valid) return;
    const valid = new Uint8Array(length);
    valid.set(this.#valid.subarray(0, this.#count));
    this.#valid = valid;
  }
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
