import { ByteBuffer } from './byteBuffer.ts';
import type { EncodedColumn } from './encodeColumn.ts';
import { CompactWriter, type Thrift, thriftBytes } from './thrift.ts';
import { CODEC, type Codec, ENCODING, integerOf, PHYSICAL, STORED, type WrittenColumn } from './types.ts';

const REPETITION = { required: 0, optional: 1, repeated: 2 } as const;
/** Of the older annotation, which some readers know alone. */
const CONVERTED = { UTF8: 0, LIST: 3 } as const;
const NONE = new Uint8Array(0);
const BOUNDARY = { unordered: 0, ascending: 1, descending: 2 } as const;

/** What is kept of a column of a row group once its bytes are written. */
export interface PlacedColumn extends Omit<EncodedColumn, 'bytes'> {
  /** From the start of the file. */
  offset: number;
  bytes: number;
}

/** A row group that is written. */
export interface PlacedGroup {
  rows: number;
  columns: PlacedColumn[];
}

/** Where the indexes of a column lie. */
interface IndexPlaces {
  columnIndex?: { offset: number; bytes: number };
  offsetIndex: { offset: number; bytes: number };
}

/** All that is written after the last row group: page indexes, footer, its length and the magic bytes. */
export function fileEnd(
  columns: readonly WrittenColumn[],
  groups: readonly PlacedGroup[],
  at: number,
  about: { codec: Codec; createdBy: string; metadata: Readonly<Record<string, string>> },
): Uint8Array<ArrayBuffer>[] {
  const indexes = new ByteBuffer();
  const writer = new CompactWriter(indexes);
  const put = (write: (into: CompactWriter) => void) => {
    const begin = indexes.length;
    write(writer);
    return { offset: at + begin, bytes: indexes.length - begin };
  };
  const columnIndexes = groups.map((group) =>
    group.columns.map((column) => (isKnown(column) ? put((into) => columnIndex(into, column)) : undefined)),
  );
  const offsetIndexes = groups.map((group) => group.columns.map((column) => put((into) => offsetIndex(into, column))));
  const known = knownFields(columns, about.codec);
  const footer = thriftBytes({
    1: { i32: 2 },
    2: { list: schemaElements(columns) },
    3: { i64: groups.reduce((sum, { rows }) => sum + rows, 0) },
    4: {
      list: groups.map((group, g) =>
        rowGroup(
          known,
          group,
          group.columns.map((_, c) => {
            const index = columnIndexes[g]![c];
            return { offsetIndex: offsetIndexes[g]![c]!, ...(index && { columnIndex: index }) };
          }),
        ),
      ),
    },
    5: {
      list: Object.entries(about.metadata).map(
        ([key, value]): Thrift => ({ struct: { 1: { binary: key }, 2: { binary: value } } }),
      ),
    },
    6: { binary: about.createdBy },
    7: { list: columns.map((): Thrift => ({ struct: { 1: { struct: {} } } })) },
  });
  const end = new Uint8Array(8);
  new DataView(end.buffer).setUint32(0, footer.length, true);
  end.set([0x50, 0x41, 0x52, 0x31], 4);
  return [indexes.view(), footer, end];
}

/** One node for the file, and a leaf, or lists around a leaf, for each column. */
function schemaElements(columns: readonly WrittenColumn[]): Thrift[] {
  const root: Thrift = { struct: { 4: { binary: 'schema' }, 5: { i32: columns.length } } };
  return [root, ...columns.flatMap(columnElements)];
}

function columnElements({ name, type, depth, nullable }: WrittenColumn): Thrift[] {
  const integer = integerOf(type);
  const lists = Array.from({ length: depth }, (_, level): Thrift[] => [
    {
      struct: {
        3: { i32: REPETITION.required },
        4: { binary: level === 0 ? name : 'element' },
        5: { i32: 1 },
        6: { i32: CONVERTED.LIST },
        10: { struct: { 3: { struct: {} } } },
      },
    },
    { struct: { 3: { i32: REPETITION.repeated }, 4: { binary: 'list' }, 5: { i32: 1 } } },
  ]);
  const leaf: Thrift = {
    struct: {
      1: { i32: PHYSICAL[STORED[type]] },
      3: { i32: nullable ? REPETITION.optional : REPETITION.required },
      4: { binary: depth > 0 ? 'element' : name },
      6: type === 'string' ? { i32: CONVERTED.UTF8 } : integer && { i32: convertedInteger(integer) },
      10: type === 'string' ? { struct: { 1: { struct: {} } } } : integer && { struct: { 10: integerType(integer) } },
    },
  };
  return [...lists.flat(), leaf];
}

/** UINT_8 to UINT_64 are 11 to 14, INT_8 to INT_64 15 to 18. */
function convertedInteger({ bits, signed }: { bits: number; signed: boolean }): number {
  return (signed ? 15 : 11) + Math.log2(bits / 8);
}

function integerType({ bits, signed }: { bits: number; signed: boolean }): Thrift {
  return { struct: { 1: { i8: bits }, 2: { bool: signed } } };
}

function pathOf({ name, depth }: WrittenColumn): string[] {
  return [name, ...Array.from({ length: depth }, () => ['list', 'element']).flat()];
}

function rowGroup(
  known: (k: number, placed: PlacedColumn) => Uint8Array,
  { rows, columns: placed }: PlacedGroup,
  indexes: readonly IndexPlaces[],
): Thrift {
  const sum = (of: (column: PlacedColumn) => number) => placed.reduce((total, column) => total + of(column), 0);
  return {
    struct: {
      1: { list: placed.map((column, k) => columnChunk(known(k, column), column, indexes[k]!)) },
      2: { i64: sum(({ uncompressedBytes }) => uncompressedBytes) },
      3: { i64: rows },
      5: { i64: placed[0]?.offset ?? 0 },
      6: { i64: sum(({ bytes }) => bytes) },
    },
  };
}

function columnChunk(known: Uint8Array, placed: PlacedColumn, index: IndexPlaces): Thrift {
  const { columnIndex: noted, offsetIndex: places } = index;
  return {
    written: (chunk) => {
      chunk.i64(2, 0);
      chunk.struct(3);
      columnMetadata(chunk, known, placed);
      chunk.end();
      chunk.i64(4, places.offset);
      chunk.i32(5, places.bytes);
      if (!noted) return;
      chunk.i64(6, noted.offset);
      chunk.i32(7, noted.bytes);
    },
  };
}

function columnMetadata(into: CompactWriter, known: Uint8Array, placed: PlacedColumn): void {
  const { extremes } = placed;
  into.fields(known, 4);
  into.i64(5, placed.entries);
  into.i64(6, placed.uncompressedBytes);
  into.i64(7, placed.bytes);
  into.i64(9, placed.offset + (placed.pages[0]?.offset ?? 0));
  if (placed.hasDictionary) into.i64(11, placed.offset);
  into.struct(12);
  into.i64(3, placed.nulls);
  if (extremes) {
    into.binary(5, extremes.max);
    into.binary(6, extremes.min);
    into.bool(7, true);
    into.bool(8, true);
  }
  into.end();
}

/** What all chunks of a column say that are encoded alike: the first fields of their metadata, as bytes. */
function knownFields(columns: readonly WrittenColumn[], codec: Codec): (k: number, placed: PlacedColumn) => Uint8Array {
  const known = columns.map(() => new Map<number, Uint8Array>());
  return (k, { encoding, hasDictionary }) => {
    const key = 2 * encoding + Number(hasDictionary);
    let bytes = known[k]!.get(key);
    if (!bytes) {
      const info = columns[k]!;
      const encodings: number[] = [encoding, ENCODING.RLE, ...(hasDictionary ? [ENCODING.PLAIN] : [])];
      bytes = thriftBytes({
        1: { i32: PHYSICAL[STORED[info.type]] },
        2: { list: encodings.map((own): Thrift => ({ i32: own })) },
        3: { list: pathOf(info).map((name): Thrift => ({ binary: name })) },
        4: { i32: CODEC[codec] },
      }).slice(0, -1);
      known[k]!.set(key, bytes);
    }
    return bytes;
  };
}

/** Whether an index can say what each page holds: those that have values have extremes. */
function isKnown({ pages }: PlacedColumn): boolean {
  return pages.every(({ extremes, nulls, entries }) => extremes || nulls === entries);
}

/** What each page holds. */
function columnIndex(into: CompactWriter, { pages, order }: PlacedColumn): void {
  into.list(1, 'true', pages.length);
  for (const { extremes } of pages) into.boolItem(!extremes);
  into.list(2, 'binary', pages.length);
  for (const { extremes } of pages) into.binaryItem(extremes?.min ?? NONE);
  into.list(3, 'binary', pages.length);
  for (const { extremes } of pages) into.binaryItem(extremes?.max ?? NONE);
  into.i32(4, BOUNDARY[order]);
  into.list(5, 'i64', pages.length);
  for (const { nulls } of pages) into.i64Item(nulls);
  into.end();
}

/** Where each page lies. */
function offsetIndex(into: CompactWriter, { pages, offset }: PlacedColumn): void {
  into.list(1, 'struct', pages.length);
  for (const page of pages) {
    into.structItem();
    into.i64(1, offset + page.offset);
    into.i32(2, page.bytes);
    into.i64(3, page.firstRow);
    into.end();
  }
  into.end();
}
