import type { ColumnData, Values } from '../../../../core/schema/column.ts';
import { crc32 } from '../crc32.ts';
import { ByteBuffer } from './byteBuffer.ts';
import { type Compressor, compressor } from './compress.ts';
import { writeDelta } from './delta.ts';
import { type CodeRoom, type Dictionary, dictionaryOf } from './dictionary.ts';
import { bitWidth, writeHybrid } from './hybrid.ts';
import { writeLevels } from './levels.ts';
import { presentValues, writePlain } from './plain.ts';
import { comparisonOf, type Extremes } from './statistics.ts';
import { CompactWriter } from './thrift.ts';
import { type Codec, ENCODING, integerOf, PAGE, type PageOptions, type WrittenColumn } from './types.ts';

/** A page: where it lies in the column's bytes, which rows it holds, and what it says of them. */
export interface WrittenPage {
  offset: number;
  bytes: number;
  firstRow: number;
  /** Entries that hold no value: missing ones, and empty lists. */
  nulls: number;
  entries: number;
  /** Undefined where nothing is known: no values, or NaN only. */
  extremes?: Extremes;
}

/** One column of one row group, ready to be put into a file. */
export interface EncodedColumn {
  bytes: Uint8Array<ArrayBuffer>;
  /** Of all pages with their headers, were they not compressed. */
  uncompressedBytes: number;
  /** Data pages, in order. */
  pages: WrittenPage[];
  /** Whether a dictionary's page comes first. */
  hasDictionary: boolean;
  /** Of the values in data pages. */
  encoding: number;
  entries: number;
  nulls: number;
  extremes?: Extremes;
  /** How `extremes` of pages follow one another. */
  order: 'unordered' | 'ascending' | 'descending';
}

/** Entries of a page, about: what has to be decoded to pick one of its rows. */
const PAGE_ENTRIES = 20_000;
/** Texts of a dictionary take so much at most; else each one is written where it stands. */
const DICTIONARY_BYTES = 1 << 20;

/** Encodes a column of one row group. Nothing here takes time per event but loops over typed arrays. */
export async function encodeColumn(
  info: WrittenColumn,
  column: ColumnData,
  codec: Codec,
  options: PageOptions = {},
): Promise<EncodedColumn> {
  const scratch = idle.pop() ?? {
    out: new ByteBuffer(),
    body: new ByteBuffer(),
    room: {},
    compressors: new Map(),
  };
  let compress = scratch.compressors.get(codec);
  if (!compress) {
    compress = await compressor(codec);
    scratch.compressors.set(codec, compress);
  }
  const encoded = await new ColumnEncoder(info, column, compress, options, scratch).encode();
  if (column.values.byteLength <= MOST_KEPT) idle.push(scratch);
  return encoded;
}

/** Room for one column: short columns come by the million, and memory of their own would take longer than their bytes. */
interface Scratch {
  out: ByteBuffer;
  body: ByteBuffer;
  room: CodeRoom;
  compressors: Map<Codec, Compressor>;
}

/** Those that no column uses at the moment. */
const idle: Scratch[] = [];
const MOST_KEPT = 1 << 22;

class ColumnEncoder {
  readonly #info: WrittenColumn;
  readonly #column: ColumnData;
  readonly #compress: Compressor;
  readonly #options: PageOptions;
  readonly #out: ByteBuffer;
  readonly #body: ByteBuffer;
  /** Of pages, into `#out`. */
  readonly #head: CompactWriter;
  readonly #room: CodeRoom;
  #uncompressed = 0;

  constructor(
    info: WrittenColumn,
    column: ColumnData,
    compress: Compressor,
    options: PageOptions,
    { out, body, room }: Scratch,
  ) {
    this.#info = info;
    this.#column = column;
    this.#compress = compress;
    this.#options = options;
    this.#out = out;
    this.#body = body;
    this.#head = new CompactWriter(out);
    this.#room = room;
    out.length = 0;
  }

  async encode(): Promise<EncodedColumn> {
    const { length } = this.#column;
    const { values, starts } = presentValues(this.#column);
    const delta = this.#info.encoding === 'DELTA_BINARY_PACKED' && integerOf(this.#column.type) !== undefined;
    const dictionary = delta ? undefined : this.#dictionary(values);
    const encoding = delta ? ENCODING.DELTA_BINARY_PACKED : dictionary ? ENCODING.RLE_DICTIONARY : ENCODING.PLAIN;
    if (dictionary) await this.#dictionaryPage(dictionary);
    const comparison = comparisonOf(this.#column);
    const pages: WrittenPage[] = [];
    for (let from = 0; from < length; ) {
      const to = this.#pageEnd(from);
      this.#body.length = 0;
      const levels = writeLevels(this.#body, this.#column, this.#info.nullable, from, to);
      const { entries } = levels;
      const [begin, end] = starts ? [starts[levels.begin]!, starts[levels.end]!] : [levels.begin, levels.end];
      const offset = this.#out.length;
      await this.#dataPage(
        entries,
        values.subarray(begin, end),
        encoding,
        dictionary && { ...dictionary, codes: dictionary.codes.subarray(begin, end) },
      );
      // All entries of a dictionary are there: of one page they tell the same, and are fewer.
      const isWhole = dictionary !== undefined && from === 0 && to === length;
      const extremes = isWhole
        ? comparison.of(dictionary.entries, 0, dictionary.entries.length)
        : comparison.of(values, begin, end);
      pages.push({
        offset,
        bytes: this.#out.length - offset,
        firstRow: from,
        nulls: entries - (end - begin),
        entries,
        ...(extremes && { extremes }),
      });
      from = to;
    }
    const sum = (of: (page: WrittenPage) => number) => pages.reduce((total, page) => total + of(page), 0);
    const { compare } = comparison;
    return {
      bytes: this.#out.bytes.slice(0, this.#out.length),
      uncompressedBytes: this.#uncompressed,
      pages,
      hasDictionary: dictionary !== undefined,
      encoding,
      entries: sum(({ entries }) => entries),
      nulls: sum(({ nulls }) => nulls),
      ...wholeExtremes(pages, compare),
      order: orderOf(pages, compare),
    };
  }

  /** Texts always have one, numbers where it makes them smaller. */
  #dictionary(values: Values): Dictionary | undefined {
    const { type, dictionary = [] } = this.#column;
    if (type !== 'string') return dictionaryOf(this.#column, values, this.#room);
    const codes = new Uint32Array(values.length);
    const places = new Uint32Array(dictionary.length);
    const used: number[] = [];
    let bytes = 0;
    (values as Uint32Array).forEach((text, i) => {
      if (places[text] === 0) {
        places[text] = used.push(text);
        bytes += 4 + dictionary[text]!.length;
      }
      codes[i] = places[text]! - 1;
    });
    return bytes > DICTIONARY_BYTES ? undefined : { entries: Uint32Array.from(used), codes };
  }

  async #dictionaryPage({ entries }: Dictionary): Promise<void> {
    this.#body.length = 0;
    writePlain(this.#body, this.#column, entries, 0, entries.length);
    await this.#page(PAGE.DICTIONARY, 7, (header) => {
      header.i32(1, entries.length);
      header.i32(2, ENCODING.PLAIN);
    });
  }

  /** A page whose levels are in the body already. */
  async #dataPage(
    entries: number,
    values: Values,
    encoding: number,
    dictionary: Dictionary | undefined,
  ): Promise<void> {
    if (dictionary) {
      const width = bitWidth(Math.max(0, dictionary.entries.length - 1));
      this.#body.byte(width);
      writeHybrid(this.#body, dictionary.codes, 0, values.length, width);
    } else if (encoding === ENCODING.DELTA_BINARY_PACKED) writeDelta(this.#body, values);
    else writePlain(this.#body, this.#column, values, 0, values.length);
    await this.#page(PAGE.DATA, 5, (header) => {
      header.i32(1, entries);
      header.i32(2, encoding);
      header.i32(3, ENCODING.RLE);
      header.i32(4, ENCODING.RLE);
    });
  }

  /** Compresses the body, and writes it behind its header. */
  async #page(type: number, field: number, header: (into: CompactWriter) => void): Promise<void> {
    const body = this.#body.view();
    const made = this.#compress(body);
    const compressed = made instanceof Promise ? await made : made;
    const begin = this.#out.length;
    this.#head.i32(1, type);
    this.#head.i32(2, body.length);
    this.#head.i32(3, compressed.length);
    if (this.#options.checksums) this.#head.i32(4, crc32(compressed));
    this.#head.struct(field);
    header(this.#head);
    this.#head.end();
    this.#head.end();
    this.#uncompressed += this.#out.length - begin + body.length;
    this.#out.append(compressed);
  }

  /** The row after the last one of the page that begins with `from`. */
  #pageEnd(from: number): number {
    const { length, offsets } = this.#column;
    const entriesUpTo = (row: number) => {
      // Each row and each inner list may be an empty one, which is an entry too.
      let entries = row;
      let at = row;
      for (const level of offsets) {
        at = level[at]!;
        entries += at;
      }
      return entries;
    };
    const first = entriesUpTo(from);
    let low = from + 1;
    let high = Math.min(length, from + (this.#options.pageRows ?? length));
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (entriesUpTo(middle) - first <= PAGE_ENTRIES) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

type Compare = (a: Uint8Array, b: Uint8Array) => number;

/** Of all pages: unknown where one that has values says nothing. */
function wholeExtremes(pages: readonly WrittenPage[], compare: Compare): { extremes?: Extremes } {
  let whole: Extremes | undefined;
  for (const { extremes, nulls, entries } of pages) {
    if (nulls === entries) continue;
    if (!extremes) return {};
    whole ??= extremes;
    whole = {
      min: compare(extremes.min, whole.min) < 0 ? extremes.min : whole.min,
      max: compare(extremes.max, whole.max) > 0 ? extremes.max : whole.max,
    };
  }
  return whole ? { extremes: whole } : {};
}

function orderOf(pages: readonly WrittenPage[], compare: Compare): EncodedColumn['order'] {
  const known = pages.flatMap(({ extremes }) => (extremes ? [extremes] : []));
  const every = (sign: number) =>
    known.every(({ min, max }, k) => {
      const before = known[k - 1];
      return !before || (sign * compare(before.min, min) <= 0 && sign * compare(before.max, max) <= 0);
    });
  return every(1) ? 'ascending' : every(-1) ? 'descending' : 'unordered';
}
