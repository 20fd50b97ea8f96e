/** The first row of a file of separated values: names of columns, and their types where it says them. */
import type { ValueType } from '../../../core/schema/column.ts';
import { Corrupt } from '../errors.ts';
import { found, readNumber } from './decimalNumber.ts';
import { cellText, RowReader } from './rows.ts';

export interface Header {
  /** The byte between cells. */
  separator: number;
  columns: { name: string; type: ValueType | undefined }[];
  /** Where the first row after it begins, and the number of its line, from 1. */
  end: number;
  line: number;
}

const TYPES: Readonly<Record<string, ValueType>> = {
  bool: 'bool',
  boolean: 'bool',
  int8: 'int8',
  uint8: 'uint8',
  int16: 'int16',
  uint16: 'uint16',
  int32: 'int32',
  uint32: 'uint32',
  int: 'int64',
  int64: 'int64',
  uint: 'uint64',
  uint64: 'uint64',
  float32: 'float32',
  float: 'float64',
  double: 'float64',
  float64: 'float64',
  str: 'string',
  string: 'string',
};

/** Comma, semicolon, tab. */
const SEPARATORS = [44, 59, 9];
const MOST_COLUMNS = 20_000;

/**
 * Finds the header: the first line that is no comment, or the last comment before numbers begin (as numpy's `savetxt` writes it).
 * A cell is `name` or `name:type`; a quoted one is a name as it stands. A first cell without a name, as pandas leaves over
 * its index, is called `index`.
 * @param last whether the file ends with these bytes
 * @throws Corrupt
 */
export function readHeader(bytes: Uint8Array, last: boolean): Header {
  let at = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let line = 1;
  let comment: { from: number; end: number } | undefined;
  for (;;) {
    if (at >= bytes.length) throw new Corrupt('there is no line with names of columns');
    const row = new RowReader(separatorOf(bytes, at), MOST_COLUMNS);
    const next = row.next(bytes, at, last);
    if (next < 0) throw new Corrupt(`its first line is longer than ${bytes.length} bytes`);
    if (row.cells > MOST_COLUMNS) throw new Corrupt(`its first line has more than ${MOST_COLUMNS} cells`);
    if (row.kind === 'data') {
      if (bytes.subarray(0, next).includes(0)) throw new Corrupt('it is no text in UTF-8');
      const header = headerOf(bytes, row, separatorOf(bytes, at));
      if (!allNumbers(bytes, row)) return { ...header, end: next, line: line + row.lines };
      const named = comment && namesOf(bytes, comment, header.separator);
      if (named?.columns.length !== row.cells) {
        throw new Corrupt(`line ${line} has numbers only, where the names of columns should be`);
      }
      return { ...named, end: at, line };
    }
    if (row.kind === 'comment') comment = { from: at + 1, end: next };
    at = next;
    line += row.lines;
  }
}

function namesOf(bytes: Uint8Array, { from, end }: { from: number; end: number }, separator: number) {
  const text = bytes.subarray(from, end);
  const row = new RowReader(separator, MOST_COLUMNS);
  row.next(text, 0, true);
  return headerOf(text, row, separator);
}

function headerOf(bytes: Uint8Array, row: RowReader, separator: number): Pick<Header, 'separator' | 'columns'> {
  const columns = Array.from({ length: row.cells }, (_, cell) => {
    const [begin, end] = [row.begins[cell]!, row.ends[cell]!];
    const text = cellText(bytes, begin, end);
    // All of such a file would be its header.
    if (end >= 0 && text.includes('\r')) throw new Corrupt('its lines end with carriage returns, not line feeds');
    if (end < 0) return { name: text, type: undefined };
    const colon = text.lastIndexOf(':');
    // A name may hold two colons in a row, but no type.
    if (colon < 1 || text[colon - 1] === ':') return { name: text || (cell === 0 ? 'index' : ''), type: undefined };
    const word = text.slice(colon + 1).trim();
    const type = TYPES[word.toLowerCase()];
    if (!type) {
      const known = Object.values(TYPES).filter((one, i, all) => all.indexOf(one) === i);
      throw new Corrupt(`the header says type "${word}" for ${text.slice(0, colon)}: types are ${known.join(', ')}`);
    }
    return { name: text.slice(0, colon).trim(), type };
  });
  const names = new Set<string>();
  for (const [cell, { name }] of columns.entries()) {
    if (name === '') throw new Corrupt(`the header has no name for column ${cell + 1}`);
    if (names.has(name)) throw new Corrupt(`two columns are called ${name}`);
    names.add(name);
  }
  return { separator, columns };
}

function allNumbers(bytes: Uint8Array, row: RowReader): boolean {
  for (let cell = 0; cell < row.cells; cell++) {
    const end = row.ends[cell]!;
    readNumber(bytes, row.begins[cell]!, end < 0 ? ~end : end);
    if (!found.isNumber) return false;
  }
  return true;
}

/** The separator that comes most often in the line, outside quotes. */
function separatorOf(bytes: Uint8Array, begin: number): number {
  const counts = SEPARATORS.map(() => 0);
  let quoted = false;
  for (let at = begin; at < bytes.length && (quoted || bytes[at] !== 10); at++) {
    if (bytes[at] === 34) quoted = !quoted;
    const which = quoted ? -1 : SEPARATORS.indexOf(bytes[at]!);
    if (which >= 0) counts[which]!++;
  }
  return SEPARATORS[counts.indexOf(Math.max(...counts))]!;
}
