/** Data pages, taken apart into levels and values. @see https://parquet.apache.org/docs/file-format/data-pages/ */
import type { Decompress } from '../codecs.ts';
import { Corrupt } from '../errors.ts';
import { decodeBitPackedLevels, decodeHybrid } from './hybrid.ts';
import { Encoding, type PageHeader, PageType, readPageHeader } from './pageHeader.ts';

/** Levels of one page, still encoded. */
export interface Levels {
  bytes: Uint8Array;
  begin: number;
  end: number;
  /** Bits of one level. */
  width: number;
  bitPacked: boolean;
}

export interface DataPage {
  /** Entries: values, missing ones, and empty lists. */
  entries: number;
  encoding: number;
  /** Undefined where the column has no such levels. */
  repetition: Levels | undefined;
  definition: Levels | undefined;
  /** Encoded values: `bytes[begin…]`. */
  bytes: Uint8Array;
  begin: number;
}

/** A page as it lies in the bytes of its column chunk. */
export interface RawPage {
  header: PageHeader;
  /** Of its header, within the bytes. */
  offset: number;
  /** One past its body. */
  end: number;
  body: Uint8Array;
}

/** The page at an offset. @throws Corrupt where it runs past the end */
export function rawPage(bytes: Uint8Array, offset: number): RawPage {
  const header = readPageHeader(bytes, offset);
  const begin = offset + header.headerBytes;
  const end = begin + header.compressedBytes;
  if (end > bytes.length) throw new Corrupt('a page runs past the end of its column');
  return { header, offset, end, body: bytes.subarray(begin, end) };
}

/** Decompresses a data page and finds its parts. */
export function openPage(
  { header, body }: RawPage,
  maxDefinition: number,
  maxRepetition: number,
  decompress: Decompress,
): DataPage {
  const definitionWidth = bitWidth(maxDefinition);
  const repetitionWidth = bitWidth(maxRepetition);
  const { values: entries, encoding } = header;
  if (header.type === PageType.DATA_V2) {
    const begin = header.repetitionBytes;
    const end = begin + header.definitionBytes;
    if (begin < 0 || end < begin || end > body.length) throw new Corrupt('levels run past the end of their page');
    const values = body.subarray(end);
    const level = (from: number, to: number, width: number): Levels | undefined =>
      width === 0 ? undefined : { bytes: body, begin: from, end: to, width, bitPacked: false };
    return {
      entries,
      encoding,
      repetition: level(0, begin, repetitionWidth),
      definition: level(begin, end, definitionWidth),
      bytes: header.compressed ? decompress(values, Math.max(0, header.uncompressedBytes - end)) : values,
      begin: 0,
    };
  }
  const bytes = decompress(body, header.uncompressedBytes);
  const repetition = levelsAt(bytes, 0, repetitionWidth, header.repetitionEncoding, entries);
  const definition = levelsAt(bytes, repetition?.end ?? 0, definitionWidth, header.definitionEncoding, entries);
  return { entries, encoding, repetition, definition, bytes, begin: definition?.end ?? repetition?.end ?? 0 };
}

/** Decodes all levels of a page. */
export function decodeLevels(levels: Levels, count: number, out: Uint8Array): void {
  const { bytes, begin, end, width } = levels;
  if (levels.bitPacked) decodeBitPackedLevels(bytes, begin, end, width, count, out);
  else decodeHybrid(bytes, begin, end, width, count, out);
}

function levelsAt(
  bytes: Uint8Array,
  offset: number,
  width: number,
  encoding: number,
  count: number,
): Levels | undefined {
  if (width === 0) return undefined;
  if (encoding === Encoding.BIT_PACKED) {
    const end = offset + ((count * width + 7) >> 3);
    if (end > bytes.length) throw new Corrupt('packed levels are cut short');
    return { bytes, begin: offset, end, width, bitPacked: true };
  }
  if (encoding !== Encoding.RLE) throw new Corrupt(`levels have encoding ${encoding}`);
  if (offset + 4 > bytes.length) throw new Corrupt('levels are cut short');
  const begin = offset + 4;
  const end = begin + new DataView(bytes.buffer, bytes.byteOffset).getUint32(offset, true);
  if (end > bytes.length) throw new Corrupt('levels run past the end of their page');
  return { bytes, begin, end, width, bitPacked: false };
}

function bitWidth(max: number): number {
  return 32 - Math.clz32(max);
}
