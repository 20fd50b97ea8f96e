import type { ColumnData } from '../../../core/schema/column.ts';
import type { Decompress } from '../codecs.ts';
import { Corrupt } from '../errors.ts';
import { ColumnDecoder } from './columnDecoder.ts';
import { crc32 } from './crc32.ts';
import type { ColumnChunk } from './layout.ts';
import { type RawPage, rawPage } from './page.ts';
import { PageType } from './pageHeader.ts';
import { isDataPage } from './pageTable.ts';
import type { Leaf } from './schema.ts';

/** Encoded pages of one column, from one row group. */
export interface EncodedColumn {
  leaf: Leaf;
  chunk: ColumnChunk;
  decompress: Decompress;
  /** Whole pages: the dictionary (if any), then data pages; in one piece or several. */
  parts: Uint8Array[];
  /** Rows of the row group. */
  rows: number;
  /** Rows that begin before the first of the data pages. */
  rowsBefore: number;
}

/**
 * Decodes the rows `[from, to)` of a row group.
 * @throws Corrupt, UnsupportedEncoding, and what decompressors throw
 */
export function decodeColumn(column: EncodedColumn, from: number, to: number): ColumnData {
  const { leaf, chunk, rows, rowsBefore } = column;
  const expected = { rows: rows - rowsBefore, entries: chunk.entries, bytes: chunk.uncompressedBytes };
  const decoder = new ColumnDecoder(leaf, column.decompress, expected);
  let left = chunk.entries;
  for (const part of column.parts) {
    for (let offset = 0; offset < part.length && left > 0; ) {
      const page = rawPage(part, offset);
      if (page.header.uncompressedBytes > chunk.uncompressedBytes)
        throw new Corrupt('a page is larger than its column');
      checkBody(page, rowsBefore + decoder.rows);
      if (isDataPage(page)) {
        decoder.page(page);
        left -= page.header.values;
      } else if (page.header.type === PageType.DICTIONARY) {
        decoder.dictionary(page);
      }
      offset = page.end;
    }
  }
  return decoder.finish(from - rowsBefore, to - rowsBefore);
}

/** Holds a page's bytes against their checksum, where the writer left one. */
function checkBody({ header, body }: RawPage, rowsBefore: number): void {
  if (header.checksum === undefined || crc32(body) === header.checksum) return;
  const page = header.type === PageType.DICTIONARY ? 'the dictionary page' : `the page from event ${rowsBefore} on`;
  throw new Corrupt(`${page} of a row group has another checksum than was written`);
}
