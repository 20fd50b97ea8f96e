import { LumiscopeError } from '../../core/errors.ts';

/** A statement of a text, by its place in it. */
export interface Statement {
  text: string;
  /** `[from, to)` in characters of the whole text. */
  span: [number, number];
  /** Its first word in upper case; `(` where it begins with that. */
  verb: string;
}

/** Offsets in bytes of UTF-8, and kinds, as DuckDB's own tokenizer gives them; comments are left out. */
export interface Tokens {
  offsets: readonly number[];
  types: readonly number[];
}

/** Statements that give rows, and whose columns DuckDB describes. */
const DESCRIBED = new Set(['SELECT', 'WITH', 'FROM', 'VALUES', 'TABLE', '(']);
const READING = new Set([...DESCRIBED, 'PIVOT', 'UNPIVOT', 'DESCRIBE', 'DESC', 'SHOW', 'SUMMARIZE', 'EXPLAIN']);
/** May only change what is temporary: the transaction that they run in is read-only. */
const CHANGING = new Set(['INSERT', 'UPDATE', 'DELETE', 'DROP', 'ALTER', 'TRUNCATE', 'MERGE']);
const TEMPORARY = /^CREATE\s+(OR\s+REPLACE\s+)?TEMP(ORARY)?\b/i;

/**
 * Takes a text apart at its semicolons, by DuckDB's own tokens, and refuses what is no question.
 * @throws LumiscopeError `expression` for a statement that changes tables or settings, or does something with transactions, files and extensions
 */
export function takeApart(text: string, tokens: Tokens): Statement[] {
  const starts = characters(text, tokens.offsets);
  const statements: Statement[] = [];
  let from: number | undefined;
  const end = (to: number) => {
    if (from !== undefined) statements.push(statement(text, from, to));
    from = undefined;
  };
  for (const at of starts) {
    if (text[at] === ';') end(at);
    else from ??= at;
  }
  end(text.length);
  for (const { text: words, verb, span } of statements) {
    if (!READING.has(verb) && !CHANGING.has(verb) && !TEMPORARY.test(words)) throw refused(verb, text, span[0]);
  }
  return statements;
}

export function isDescribed({ verb }: Statement): boolean {
  return DESCRIBED.has(verb);
}

/** Gives rows that the person asked to see: others count what they changed. */
export function isReading({ verb }: Statement): boolean {
  return READING.has(verb);
}

/** The error of a statement that would change something. @param at where it begins in the text */
export function refused(verb: string, text: string, at: number): LumiscopeError {
  return new LumiscopeError('expression', `${verb} is not possible here: tables can be read, not changed`, {
    hint: 'ask with SELECT; CREATE TEMP TABLE keeps rows for the statements behind it',
    place: placeIn(text, at, verb.length),
  });
}

/** Line and column of a character of a text, and its span. */
export function placeIn(text: string, at: number, length = 1): { line: number; col: number; span: [number, number] } {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return { line, col: at - before.lastIndexOf('\n'), span: [at, Math.min(text.length, at + length)] };
}

/** Where tokens begin, in characters: DuckDB counts bytes. */
export function characters(text: string, bytes: readonly number[]): number[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: texts of ASCII need no counting
  if (/^[\x00-\x7f]*$/.test(text)) return [...bytes];
  const at: number[] = [];
  let byte = 0;
  let index = 0;
  for (const target of bytes) {
    while (byte < target) {
      const code = text.codePointAt(index)!;
      byte += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
      index += code < 0x10000 ? 1 : 2;
    }
    at.push(index);
  }
  return at;
}

function statement(text: string, from: number, to: number): Statement {
  const words = text.slice(from, to).trimEnd();
  const verb = words[0] === '(' ? '(' : (/^\w+/.exec(words)?.[0] ?? words[0]!).toUpperCase();
  return { text: words, span: [from, from + words.length], verb };
}
