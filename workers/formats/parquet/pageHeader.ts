import { Corrupt } from '../errors.ts';
import { ThriftCursor } from './thrift.ts';

/** Encodings by their code in the format. @see https://parquet.apache.org/docs/file-format/data-pages/encodings/ */
export const Encoding = {
  PLAIN: 0,
  PLAIN_DICTIONARY: 2,
  RLE: 3,
  BIT_PACKED: 4,
  DELTA_BINARY_PACKED: 5,
  DELTA_LENGTH_BYTE_ARRAY: 6,
  DELTA_BYTE_ARRAY: 7,
  RLE_DICTIONARY: 8,
  BYTE_STREAM_SPLIT: 9,
} as const;

export const ENCODING_NAMES: Readonly<Record<number, string>> = {
  0: 'PLAIN',
  1: 'GROUP_VAR_INT',
  2: 'PLAIN_DICTIONARY',
  3: 'RLE',
  4: 'BIT_PACKED',
  5: 'DELTA_BINARY_PACKED',
  6: 'DELTA_LENGTH_BYTE_ARRAY',
  7: 'DELTA_BYTE_ARRAY',
  8: 'RLE_DICTIONARY',
  9: 'BYTE_STREAM_SPLIT',
};

export const PageType = { DATA: 0, INDEX: 1, DICTIONARY: 2, DATA_V2: 3 } as const;

/** `PageHeader` of parquet.thrift, its variants flattened. Sizes are in bytes. */
export interface PageHeader {
  type: number;
  /** Bytes of the header itself. */
  headerBytes: number;
  uncompressedBytes: number;
  compressedBytes: number;
  /** CRC-32 of the page's body as it is stored, where the writer noted it; signed. */
  checksum: number | undefined;
  /** Entries, the missing ones and empty lists included. */
  values: number;
  encoding: number;
  /** Data pages of version 1 only. */
  definitionEncoding: number;
  repetitionEncoding: number;
  /** Data pages of version 2 only: rows that begin in it, lengths of the levels, whether the values are compressed. */
  rows: number;
  definitionBytes: number;
  repetitionBytes: number;
  compressed: boolean;
}

/** @throws Corrupt */
export function readPageHeader(bytes: Uint8Array, offset: number): PageHeader {
  const header: PageHeader = {
    type: -1,
    headerBytes: 0,
    uncompressedBytes: -1,
    compressedBytes: -1,
    checksum: undefined,
    values: -1,
    encoding: -1,
    definitionEncoding: Encoding.RLE,
    repetitionEncoding: Encoding.RLE,
    rows: -1,
    definitionBytes: 0,
    repetitionBytes: 0,
    compressed: true,
  };
  const cursor = new ThriftCursor(bytes, offset);
  cursor.struct((field) => {
    if (field === 1) header.type = cursor.int();
    else if (field === 2) header.uncompressedBytes = cursor.int();
    else if (field === 3) header.compressedBytes = cursor.int();
    else if (field === 4) header.checksum = cursor.int();
    else if (field === 5) cursor.struct((inner) => readDataHeader(cursor, header, inner));
    else if (field === 7) cursor.struct((inner) => readDictionaryHeader(cursor, header, inner));
    else if (field === 8) cursor.struct((inner) => readDataHeaderV2(cursor, header, inner));
    else return false;
    return true;
  });
  header.headerBytes = cursor.offset - offset;
  if (header.compressedBytes < 0 || header.uncompressedBytes < 0) throw new Corrupt('a page header has no sizes');
  if (header.type !== PageType.INDEX && header.values < 0) throw new Corrupt('a page header has no count');
  return header;
}

function readDataHeader(cursor: ThriftCursor, header: PageHeader, field: number): boolean {
  if (field === 1) header.values = cursor.int();
  else if (field === 2) header.encoding = cursor.int();
  else if (field === 3) header.definitionEncoding = cursor.int();
  else if (field === 4) header.repetitionEncoding = cursor.int();
  else return false;
  return true;
}

function readDictionaryHeader(cursor: ThriftCursor, header: PageHeader, field: number): boolean {
  if (field === 1) header.values = cursor.int();
  else if (field === 2) header.encoding = cursor.int();
  else return false;
  return true;
}

function readDataHeaderV2(cursor: ThriftCursor, header: PageHeader, field: number): boolean {
  if (field === 1) header.values = cursor.int();
  else if (field === 3) header.rows = cursor.int();
  else if (field === 4) header.encoding = cursor.int();
  else if (field === 5) header.definitionBytes = cursor.int();
  else if (field === 6) header.repetitionBytes = cursor.int();
  else if (field === 7) header.compressed = cursor.bool();
  else return false;
  return true;
}
