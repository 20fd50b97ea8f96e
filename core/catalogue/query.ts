/**
 * The language of searches: terms with spaces between them, all of which have to hold.
 *
 * ```
 * physics_Main DAOD_*8                words, which the name has to contain
 * stream:physics_Main                 a field, as a whole, in upper or lower case; * is any text, ? one character
 * type:AOD,DAOD_EGAM*                 one or the other
 * run:358000-359000  events:>1e6      ranges and limits, both ends included; k, M, G behind numbers
 * inserted:2025-03  state_time:>2025-01-01    days, months, years (UTC); 2025-01..2025-03 from the first to the end of the last
 * has_trigger:yes  events:none        flags; what is missing
 * -state:obsolete                     what may not hold
 * state_details:"no such file"        quotes, for spaces and commas
 * ```
 */
import { LumiscopeError } from '../errors.ts';
import { matchesGlob } from './glob.ts';
import { fieldOf, QUERY_FIELDS, type QueryField } from './queryFields.ts';

/** A value of a field; undefined where it is missing. */
export type FieldValue = string | number | boolean | undefined;

/** A part of a query. */
export interface Term {
  /** Without one, words that the name has to contain. */
  field: QueryField | undefined;
  negated: boolean;
  /** What is asked for, one or the other, as written. */
  alternatives: string[];
  /** `[from, to)` in the text. */
  span: [number, number];
  matches(value: FieldValue): boolean;
}

/** Reads a query. @throws LumiscopeError `expression`, with the place in the text */
export function parseQuery(text: string): Term[] {
  return [...tokens(text)].map((token) => termOf(token));
}

/** Reads what is asked of one field, as a form has it. @throws LumiscopeError `expression` */
export function parseField(name: string, value: string): Term {
  const field = fieldOf(name);
  if (!field) throw unknownField(name, 0);
  return termFrom(field, false, pieces(value, 0), [0, value.length]);
}

interface Piece {
  text: string;
  at: number;
  quoted: boolean;
}

interface Token {
  negated: boolean;
  name: string | undefined;
  pieces: Piece[];
  span: [number, number];
}

function* tokens(text: string): Generator<Token> {
  const word = /(-?)(?:([A-Za-z_]\w*):(?!\/))?((?:"[^"]*"?|[^\s"])*)/y;
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at]!)) {
      at++;
      continue;
    }
    word.lastIndex = at;
    const [all, minus = '', name, rest = ''] = word.exec(text)!;
    const begin = at + all.length - rest.length;
    yield { negated: minus !== '', name, pieces: pieces(rest, begin), span: [at, at + all.length] };
    at += all.length;
  }
}

/** Splits at commas outside quotes. */
function pieces(text: string, at: number): Piece[] {
  const found: Piece[] = [];
  let begin = 0;
  let inQuotes = false;
  const take = (end: number) => {
    const raw = text.slice(begin, end);
    const [, inner] = /^"([^"]*)"$/.exec(raw) ?? [];
    found.push({ text: inner ?? raw.trim(), at: at + begin, quoted: inner !== undefined });
    begin = end + 1;
  };
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') inQuotes = !inQuotes;
    else if (text[i] === ',' && !inQuotes) take(i);
  }
  if (inQuotes) throw wrong('a quote has no end', 'put " behind the text', at + text.lastIndexOf('"'), 1);
  take(text.length);
  return found;
}

function termOf({ negated, name, pieces, span }: Token): Term {
  if (name === undefined) return termFrom(undefined, negated, pieces, span);
  const field = fieldOf(name);
  if (field) return termFrom(field, negated, pieces, span);
  // A name with Rucio's scope in front of it.
  if (pieces.length === 1 && pieces[0]!.text.startsWith(`${name}.`)) return termFrom(undefined, negated, pieces, span);
  throw unknownField(name, span[0] + (negated ? 1 : 0));
}

function termFrom(field: QueryField | undefined, negated: boolean, pieces: Piece[], span: [number, number]): Term {
  const empty = pieces.find(({ text, quoted }) => text === '' && !quoted);
  if (empty)
    throw wrong(
      field ? `${field.name} has no value here` : 'there is no word here',
      field ? `write ${field.name}:value, or ${field.name}:none for what is missing` : 'take the comma or the - out',
      empty.at,
      1,
    );
  const tests = pieces.map((piece) => (field ? conditionOf(field, piece) : containsWord(piece.text)));
  return {
    field,
    negated,
    alternatives: pieces.map(({ text }) => text),
    span,
    matches: (value) => tests.some((test) => test(value)),
  };
}

type Test = (value: FieldValue) => boolean;

function containsWord(word: string): Test {
  const lower = word.toLowerCase();
  if (!/[*?]/.test(lower)) return (value) => value !== undefined && String(value).toLowerCase().includes(lower);
  const pattern = `*${lower}*`;
  return (value) => value !== undefined && matchesGlob(pattern, String(value).toLowerCase());
}

function conditionOf(field: QueryField, piece: Piece): Test {
  if (piece.text === 'none' && !piece.quoted) return (value) => value === undefined || value === '';
  switch (field.kind) {
    case 'text': {
      const pattern = piece.text.toLowerCase();
      return (value) => value !== undefined && matchesGlob(pattern, String(value).toLowerCase());
    }
    case 'flag':
      return flagTest(field, piece);
    case 'number':
      return /[*?]/.test(piece.text)
        ? (value) => value !== undefined && matchesGlob(piece.text, String(value))
        : rangeTest(piece, (text, at) => {
            const number = numberOf(field, text, at);
            return [number, number];
          });
    case 'time':
      return rangeTest(piece, (text, at) => daysOf(field, text, at));
  }
}

function flagTest(field: QueryField, { text, at }: Piece): Test {
  const asked = { yes: true, true: true, '1': true, no: false, false: false, '0': false }[text.toLowerCase()];
  if (asked === undefined)
    throw wrong(`${field.name} is yes or no, not ${text}`, `write ${field.name}:yes`, at, text.length);
  return (value) => value === asked;
}

/** `[first, last]` of what a text stands for: of a month, its first and its last millisecond. */
type Bounds = (text: string, at: number) => [number, number];

function rangeTest({ text, at }: Piece, bounds: Bounds): Test {
  const [, sign = '', limit = ''] = /^(>=?|<=?|=)?(.*)$/s.exec(text)!;
  if (sign !== '' && sign !== '=') {
    const [first, last] = bounds(limit, at + sign.length);
    const isAbove = sign.startsWith('>');
    const edge = isAbove === sign.endsWith('=') ? first : last;
    if (isAbove) return inside((x) => (sign === '>' ? x > edge : x >= edge));
    return inside((x) => (sign === '<' ? x < first : x <= last));
  }
  const [from, to] = endsOf(limit);
  const begin = at + sign.length;
  const [first, firstLast] = bounds(from, begin);
  const last = to === undefined ? firstLast : bounds(to, begin + limit.length - to.length)[1];
  if (last < first) throw wrong(`the range ${limit} goes backwards`, 'put the smaller end first', begin, limit.length);
  return inside((x) => x >= first && x <= last);
}

const inside =
  (test: (x: number) => boolean): Test =>
  (value) =>
    typeof value === 'number' && test(value);

/** The ends of `a..b`; of `a-b` too, where these are numbers. */
function endsOf(text: string): [string, string | undefined] {
  const [, from, to] =
    /^(.+?)\.\.(.+)$/s.exec(text) ??
    /^(\d[\d.]*(?:[eE]\d+)?[kMGT]?B?)-(\d[\d.]*(?:[eE]\d+)?[kMGT]?B?)$/.exec(text) ??
    [];
  const isDate = /^\d{4}-\d{2}(-\d{2})?$/.test(text);
  return from === undefined || isDate ? [text, undefined] : [from, to];
}

const FACTORS: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12 };

function numberOf(field: QueryField, text: string, at: number): number {
  const [, digits, factor = ''] = /^(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)([kMGT]?)B?$/.exec(text.replaceAll('_', '')) ?? [];
  if (digits === undefined)
    throw wrong(
      `${field.name} is a number, not ${text || 'nothing'}`,
      `write ${field.name}:12, ${field.name}:10-20, ${field.name}:>1e6, or 35* for what begins so`,
      at,
      text.length,
    );
  return Number(digits) * FACTORS[factor]!;
}

function daysOf(field: QueryField, text: string, at: number): [number, number] {
  const [, year, month, day] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(text) ?? [];
  const first = year === undefined ? Number.NaN : Date.UTC(Number(year), Number(month ?? 1) - 1, Number(day ?? 1));
  // Months of 13 and days of 32 run over into the next one.
  const isRight =
    new Date(first).getUTCDate() === Number(day ?? 1) && new Date(first).getUTCMonth() === Number(month ?? 1) - 1;
  if (Number.isNaN(first) || !isRight)
    throw wrong(
      `${field.name} is a day, not ${text || 'nothing'}`,
      `write ${field.name}:2025-03-14, ${field.name}:2025-03, ${field.name}:>2025-01-01 or 2025-01..2025-03`,
      at,
      text.length,
    );
  const next = day ? first + 86_400_000 : Date.UTC(Number(year) + (month ? 0 : 1), month ? Number(month) : 0, 1);
  return [first, next - 1];
}

function unknownField(name: string, at: number): LumiscopeError {
  const near = QUERY_FIELDS.flatMap((field) => [field.name, ...(field.aliases ?? [])]).filter((one) =>
    isNear(one, name.toLowerCase()),
  );
  const hint =
    near.length > 0
      ? `did you mean ${near.join(' or ')}?`
      : `fields are ${QUERY_FIELDS.map((field) => field.name).join(', ')}`;
  return wrong(`there is no field ${name}`, hint, at, name.length);
}

/** One begins with the other, or they differ in one letter. */
function isNear(a: string, b: string): boolean {
  if (b.length >= 3 && (a.startsWith(b) || b.startsWith(a))) return true;
  if (Math.abs(a.length - b.length) > 1) return false;
  let same = 0;
  while (same < Math.min(a.length, b.length) && a[same] === b[same]) same++;
  const [restA, restB] = [a.slice(same), b.slice(same)];
  return restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1);
}

function wrong(message: string, hint: string, at: number, length: number): LumiscopeError {
  return new LumiscopeError('expression', message, {
    hint,
    place: { line: 1, col: at + 1, span: [at, at + Math.max(1, length)] },
  });
}
