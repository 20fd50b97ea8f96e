/**
 * Rows of separated values, taken apart into cells: places in the bytes, no strings. Quoted cells as in RFC 4180.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const COMMENT = 35;

/** What a row is; empty lines and comments are no rows of data. */
export type RowKind = 'data' | 'blank' | 'comment';

/** Goes through rows one by one; its fields tell of the row that `next` read last. */
export class RowReader {
  readonly #separator: number;
  kind: RowKind = 'blank';
  /** Cells of the row; of those past the capacity, no places are kept. */
  cells = 0;
  /** Line breaks in the row, its own included. */
  lines = 0;
  readonly begins: Int32Array;
  /** Of quoted cells `~end`; the places are those within the quotes. */
  readonly ends: Int32Array;

  constructor(separator: number, capacity: number) {
    this.#separator = separator;
    this.begins = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
  }

  /**
   * Reads the row at `at`.
   * @param last whether the file ends with these bytes, so that a row needs no line break
   * @returns where the next row begins; -1 where the row does not end within the bytes
   */
  next(bytes: Uint8Array, at: number, last: boolean): number {
    this.cells = 0;
    this.lines = 1;
    if (bytes[at] === COMMENT) {
      this.kind = 'comment';
      const end = bytes.indexOf(NEWLINE, at);
      return end >= 0 ? end + 1 : last ? bytes.length : -1;
    }
    const first = at;
    for (;;) {
      const after = this.#cell(bytes, at, last);
      if (after < 0) return -1;
      this.cells++;
      const end = bytes[after];
      if (end === this.#separator) {
        at = after + 1;
        continue;
      }
      const next = end === RETURN ? after + 2 : after + 1;
      this.kind = this.cells === 1 && isBlank(bytes, first, after) ? 'blank' : 'data';
      return Math.min(next, bytes.length);
    }
  }

  /** @returns where the cell's separator or line break is; -1 where that is past the bytes */
  #cell(bytes: Uint8Array, begin: number, last: boolean): number {
    const separator = this.#separator;
    let at = begin;
    while (bytes[at] === SPACE) at++;
    if (bytes[at] === QUOTE) return this.#quoted(bytes, at + 1, last);
    const from = at;
    const { length } = bytes;
    while (at < length) {
      const byte = bytes[at]!;
      if (byte === separator || byte === NEWLINE) break;
      at++;
    }
    if (at === length && !last) return -1;
    const after = bytes[at] !== separator && at > from && bytes[at - 1] === RETURN ? at - 1 : at;
    let to = after;
    while (to > from && bytes[to - 1] === SPACE) to--;
    this.#keep(from, to);
    return after;
  }

  /** Two quotes within quotes are one; what follows the closing one is a separator or the end of the line. */
  #quoted(bytes: Uint8Array, begin: number, last: boolean): number {
    const { length } = bytes;
    let at = begin;
    for (; ; at++) {
      if (at >= length) return last ? this.#fail('a quote is not closed') : -1;
      const byte = bytes[at];
      if (byte === NEWLINE) this.lines++;
      if (byte !== QUOTE) continue;
      if (at + 1 >= length && !last) return -1;
      if (bytes[at + 1] !== QUOTE) break;
      at++;
    }
    this.#keep(begin, ~at);
    at++;
    while (bytes[at] === SPACE) at++;
    if (at >= length) return last ? at : -1;
    if (bytes[at] === RETURN) {
      if (at + 1 >= length) return last ? at : -1;
      if (bytes[at + 1] === NEWLINE) return at;
    }
    if (bytes[at] === this.#separator || bytes[at] === NEWLINE) return at;
    return this.#fail('there is text after a closing quote');
  }

  #keep(begin: number, end: number): void {
    if (this.cells >= this.begins.length) return;
    this.begins[this.cells] = begin;
    this.ends[this.cells] = end;
  }

  #fail(message: string): never {
    throw new WrongRow(message, this.cells);
  }
}

/** A row that can't be taken apart, found below the place that knows its line. */
export class WrongRow extends Error {
  /** From 0. */
  readonly cell: number;

  constructor(message: string, cell: number) {
    super(message);
    this.cell = cell;
  }
}

/** The text of a cell as `RowReader` gives it. */
export function cellText(bytes: Uint8Array, begin: number, end: number): string {
  const text = new TextDecoder().decode(bytes.subarray(begin, end < 0 ? ~end : end));
  return end < 0 ? text.replaceAll('""', '"') : text;
}

function isBlank(bytes: Uint8Array, begin: number, end: number): boolean {
  for (let at = begin; at < end; at++) if (bytes[at] !== SPACE) return false;
  return true;
}
