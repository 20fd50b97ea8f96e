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
const DESCRIBED = new Set(['SELECT', 'WITH', 'FROM', 'VALUES', 'TABLE', 'PIVOT', 'UNPIVOT', '(']);
const READING = new Set([...DESCRIBED, 'DESCRIBE', 'DESC', 'SHOW', 'SUMMARIZE', 'EXPLAIN']);
/** May only change what is temporary: the transaction that they run in is read-only. */
const CHANGING = new Set(['INSERT', 'UPDATE', 'DELETE', 'DROP', 'ALTER', 'TRUNCATE', 'MERGE']);
const TEMPORARY = /^CREATE\s+(OR\s+REPLACE\s+)?TEMP(ORARY)?\b/i;
/** Functions that change DuckDB itself, for all questions to come. */
const LOGGING = /\b(?:(?:en|dis)able_logging|truncate_duckdb_logs)\b/i;

/**
 * Takes a text apart at its semicolons, by DuckDB's own tokens, and refuses what is no question.
 * @throws LumiscopeError `expression` for a statement that changes tables or settings, or does something with transactions, files and extensions
 */
export function takeApart(text: string, tokens: Tokens): Statement[] {
  const starts = characters(text, tokens.offsets);
  const statements: Statement[] = [];
  let own: number[] = [];
  const end = (to: number) => {
    if (own.length > 0) statements.push(checked(text, own, to));
    own = [];
  };
  for (const start of starts) {
    // To DuckDB's tokenizer a no-break space is a letter; its parser takes it for a space.
    const at = start + /^\s*/.exec(text.slice(start, start + 64))![0].length;
    if (text[start] === ';') end(start);
    else if (at === start || /[\w"'(]/.test(text[at] ?? '')) own.push(at);
  }
  end(text.length);
  return statements;
}

/** @param starts where the tokens of a statement begin @throws LumiscopeError `expression` */
function checked(text: string, starts: readonly number[], to: number): Statement {
  const found = statement(text, starts[0]!, to);
  const { text: words, verb, span } = found;
  if (!READING.has(verb) && !CHANGING.has(verb) && !TEMPORARY.test(words)) throw refused(verb, text, span[0]);
  if (verb === 'EXPLAIN') {
    // EXPLAIN ANALYZE runs it, be it COMMIT.
    const at = explained(text, starts);
    const inner = at === undefined ? undefined : wordAt(text, at);
    if (!inner || !READING.has(inner)) throw refused(inner ?? verb, text, at ?? span[0]);
  }
  const logging = LOGGING.exec(words);
  if (logging) throw refused(logging[0], text, span[0] + logging.index);
  return found;
}

/** Where the statement behind EXPLAIN, and its options, begins. */
function explained(text: string, starts: readonly number[]): number | undefined {
  let next = 1;
  const word = (k: number) => (starts[k] === undefined ? undefined : wordAt(text, starts[k]));
  while (word(next) === 'ANALYZE' || word(next) === 'VERBOSE') next++;
  if (word(next) !== '(' || word(next + 1) === '(' || READING.has(word(next + 1) ?? '')) return starts[next];
  while (next < starts.length && text[starts[next]!] !== ')') next++;
  return starts[next + 1];
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
  return { text: words, span: [from, from + words.length], verb: wordAt(words, 0) };
}

/** A word in upper case, or one other character. */
function wordAt(text: string, at: number): string {
  const word = /\w+/y;
  word.lastIndex = at;
  return (word.exec(text)?.[0] ?? text[at]!).toUpperCase();
}
