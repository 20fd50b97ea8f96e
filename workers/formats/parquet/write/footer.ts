import type { EncodedColumn } from './encodeColumn.ts';
import type { Extremes } from './statistics.ts';
import { type Thrift, thriftBytes } from './thrift.ts';
import { CODEC, type Codec, ENCODING, integerOf, PHYSICAL, STORED, type WrittenColumn } from './types.ts';

const REPETITION = { required: 0, optional: 1, repeated: 2 } as const;
/** Of the older annotation, which some readers know alone. */
const CONVERTED = { UTF8: 0, LIST: 3 } as const;
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
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let offset = at;
  const put = (bytes: Uint8Array<ArrayBuffer>) => {
    parts.push(bytes);
    const place = { offset, bytes: bytes.length };
    offset += bytes.length;
    return place;
  };
  const columnIndexes = groups.map((group) =>
    group.columns.map((column) => {
      const index = columnIndex(column);
      return index && put(index);
    }),
  );
  const offsetIndexes = groups.map((group) => group.columns.map((column) => put(offsetIndex(column))));
  const footer = thriftBytes({
    1: { i32: 2 },
    2: { list: schemaElements(columns) },
    3: { i64: groups.reduce((sum, { rows }) => sum + rows, 0) },
    4: {
      list: groups.map((group, g) =>
        rowGroup(
          columns,
          group,
          about.codec,
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
  put(footer);
  const end = new Uint8Array(8);
  new DataView(end.buffer).setUint32(0, footer.length, true);
  end.set([0x50, 0x41, 0x52, 0x31], 4);
  put(end);
  return parts;
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
  columns: readonly WrittenColumn[],
  { rows, columns: placed }: PlacedGroup,
  codec: Codec,
  indexes: readonly IndexPlaces[],
): Thrift {
  const sum = (of: (column: PlacedColumn) => number) => placed.reduce((total, column) => total + of(column), 0);
  return {
    struct: {
      1: { list: placed.map((column, k) => columnChunk(columns[k]!, column, codec, indexes[k]!)) },
      2: { i64: sum(({ uncompressedBytes }) => uncompressedBytes) },
      3: { i64: rows },
      5: { i64: placed[0]?.offset ?? 0 },
      6: { i64: sum(({ bytes }) => bytes) },
    },
  };
}

function columnChunk(info: WrittenColumn, placed: PlacedColumn, codec: Codec, index: IndexPlaces): Thrift {
  const encodings: number[] = [placed.encoding, ENCODING.RLE];
  if (placed.hasDictionary) encodings.push(ENCODING.PLAIN);
  const { extremes, nulls } = placed;
  const { columnIndex: noted, offsetIndex: places } = index;
  return {
    struct: {
      2: { i64: 0 },
      3: {
        struct: {
          1: { i32: PHYSICAL[STORED[info.type]] },
          2: { list: encodings.map((encoding): Thrift => ({ i32: encoding })) },
          3: { list: pathOf(info).map((name): Thrift => ({ binary: name })) },
          4: { i32: CODEC[codec] },
          5: { i64: placed.entries },
          6: { i64: placed.uncompressedBytes },
          7: { i64: placed.bytes },
          9: { i64: placed.offset + (placed.pages[0]?.offset ?? 0) },
          11: placed.hasDictionary ? { i64: placed.offset } : undefined,
          12: { struct: { 3: { i64: nulls }, ...(extremes && bounds(extremes)) } },
        },
      },
      4: { i64: places.offset },
      5: { i32: places.bytes },
      6: noted && { i64: noted.offset },
      7: noted && { i32: noted.bytes },
    },
  };
}

function bounds({ min, max }: Extremes): Record<number, Thrift> {
  return { 5: { binary: max }, 6: { binary: min }, 7: { bool: true }, 8: { bool: true } };
}

/** What each page holds; none where that of a page with values is not known. */
function columnIndex({ pages, order }: PlacedColumn): Uint8Array<ArrayBuffer> | undefined {
  const none = new Uint8Array(0);
  if (pages.some(({ extremes, nulls, entries }) => !extremes && nulls < entries)) return undefined;
  return thriftBytes({
    1: { list: pages.map(({ extremes }): Thrift => ({ bool: !extremes })) },
    2: { list: pages.map(({ extremes }): Thrift => ({ binary: extremes?.min ?? none })) },
    3: { list: pages.map(({ extremes }): Thrift => ({ binary: extremes?.max ?? none })) },
    4: { i32: BOUNDARY[order] },
    5: { list: pages.map(({ nulls }): Thrift => ({ i64: nulls })) },
  });
}

function offsetIndex({ pages, offset }: PlacedColumn): Uint8Array<ArrayBuffer> {
  return thriftBytes({
    1: {
      list: pages.map(
        (page): Thrift => ({
          struct: { 1: { i64: offset + page.offset }, 2: { i32: page.bytes }, 3: { i64: page.firstRow } },
        }),
      ),
    },
  });
}
