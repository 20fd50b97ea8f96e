import { readHeader } from './header.ts';
import { RowReader } from './rows.ts';

const NAME = /\.(csv|tsv)(\.gz)?$/i;
const COLUMN = /^[\p{L}_][\p{L}\p{N}_.:()[\] -]*$/u;

/** Whether a file's name or address says that it is a table of text. */
export function isCsvName(url: string): boolean {
  return NAME.test(url.replace(/[?#].*$/, ''));
}

/** Whether a file of another name begins as one: names of several columns, and as many cells below. */
export function looksLikeCsv(bytes: Uint8Array, last: boolean): boolean {
  try {
    const { columns, separator, end } = readHeader(bytes, last);
    if (columns.length < 2 || !columns.every(({ name }) => COLUMN.test(name))) return false;
    const row = new RowReader(separator, columns.length);
    return row.next(bytes, end, last) > 0 && row.cells === columns.length;
  } catch {
    return false;
  }
}
