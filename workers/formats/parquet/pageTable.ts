/** Where the pages of a column chunk are, to read some of them. */
import { readOffsetIndex } from 'hyparquet';
import type { Decompress } from '../codecs.ts';
import { Corrupt } from '../errors.ts';
import type { ColumnChunk } from './layout.ts';
import { decodeLevels, openPage, type RawPage, rawPage } from './page.ts';
import { PageType } from './pageHeader.ts';
import type { Leaf } from './schema.ts';

export interface PagePlace {
  /** From the start of the column chunk. */
  offset: number;
  bytes: number;
  /** Rows of the row group that begin before this page. */
  rowsBefore: number;
  /** Whether it begins within a row of the page before. */
  continues: boolean;
}

export interface PageTable {
  /** Bytes from the start of the column chunk that hold its dictionary; 0 where it has none. */
  dictionaryBytes: number;
  pages: PagePlace[];
}

/** From the offset index that the writer left. @see https://parquet.apache.org/docs/file-format/pageindex/ */
export function tableOfOffsetIndex(index: Uint8Array, { offset, bytes }: ColumnChunk): PageTable {
  const view = new DataView(index.buffer, index.byteOffset, index.byteLength);
  const pages = readOffsetIndex({ view, offset: 0 }).page_locations.map(
    (place): PagePlace => ({
      offset: Number(place.offset) - offset,
      bytes: place.compressed_page_size,
      rowsBefore: Number(place.first_row_index),
      continues: false,
    }),
  );
  pages.forEach((page, i) => {
    const after = pages[i - 1];
    const first = after ? after.offset + after.bytes : 0;
    if (page.offset < first || page.bytes < 0 || page.offset + page.bytes > bytes)
      throw new Corrupt('wrong page offsets');
    if (after ? page.rowsBefore < after.rowsBefore : page.rowsBefore !== 0) throw new Corrupt('wrong rows of pages');
  });
  return { dictionaryBytes: pages[0]?.offset ?? 0, pages };
}

/** By going through the pages, where there is no offset index. */
export function tableByScan(bytes: Uint8Array, leaf: Leaf, entries: number, decompress: Decompress): PageTable {
  const table: PageTable = { dictionaryBytes: 0, pages: [] };
  let rows = 0;
  let left = entries;
  for (let offset = 0; left > 0; ) {
    const page = rawPage(bytes, offset);
    if (isDataPage(page)) {
      if (page.header.values > left) throw new Corrupt('pages of more values than their column');
      const { begun, continues } = rowsOf(page, leaf, decompress);
      table.pages.push({ offset, bytes: page.end - offset, rowsBefore: rows, continues });
      rows += begun;
      left -= page.header.values;
    } else if (table.pages.length === 0) {
      table.dictionaryBytes = page.end;
    }
    offset = page.end;
  }
  return table;
}

/** The pages that hold rows `[from, to)`, by index `[first, last)`. */
export function pagesOfRows(pages: PagePlace[], from: number, to: number): [number, number] {
  let first = 0;
  while (first + 1 < pages.length && pages[first + 1]!.rowsBefore <= from) first++;
  let last = first + 1;
  while (last < pages.length && (pages[last]!.rowsBefore < to || pages[last]!.continues)) last++;
  return [first, Math.min(last, pages.length)];
}

export function isDataPage({ header }: RawPage): boolean {
  return header.type === PageType.DATA || header.type === PageType.DATA_V2;
}

function rowsOf(page: RawPage, leaf: Leaf, decompress: Decompress): { begun: number; continues: boolean } {
  const { header } = page;
  if (leaf.depth === 0) return { begun: header.values, continues: false };
  if (header.type === PageType.DATA_V2) return { begun: header.rows, continues: false };
  if (header.values === 0) return { begun: 0, continues: false };
  const levels = new Uint8Array(header.values);
  decodeLevels(openPage(page, leaf.maxDefinition, leaf.maxRepetition, decompress).repetition!, header.values, levels);
  let begun = 0;
  for (const level of levels) if (level === 0) begun++;
  return { begun, continues: levels[0] !== 0 };
}
