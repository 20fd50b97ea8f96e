import type { Span } from './ast.ts';
import { expressionError } from './error.ts';

/** A Python number: integers exact (bigint), everything with a point or an exponent a double. */
export function parseNumber(text: string, span: Span): number | bigint {
  const digits = text.replace(/_/g, '').toLowerCase();
  if (digits.endsWith('j')) throw expressionError('complex numbers are not part of the language', span);
  if (/^0[xob]/.test(digits)) return inRange(BigInt(digits), span);
  if (/^\d+$/.test(digits)) {
    if (/^0\d/.test(digits) && /[1-9]/.test(digits)) throw expressionError('a number has no leading zeros', span);
    return inRange(BigInt(digits), span);
  }
  return Number(digits);
}

function inRange(value: bigint, span: Span): bigint {
  if (value >= 1n << 64n)
    throw expressionError('an integer has at most 64 bits', span, 'write it with a decimal point');
  return value;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\n', ''],
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
]);

/** A Python string literal: its quotes, its escapes (but for names of characters); an `r` prefix switches these off. */
export function parseString(text: string, span: Span): string {
  const match = /^([a-zA-Z]*)('''|"""|'|")([\s\S]*)\2$/.exec(text);
  if (!match) throw expressionError('the string is never closed', span);
  const prefix = match[1].toLowerCase();
  if (prefix !== '' && prefix !== 'r' && prefix !== 'u')
    throw expressionError(`strings with the prefix ${prefix} are not part of the language`, span);
  if (prefix === 'r') return match[3];
  return match[3].replace(
    /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g,
    (whole, octal?: string, x?: string, u?: string, U?: string, other?: string) => {
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      const code = x ?? u ?? U;
      if (code === undefined && /[xuUN]/.test(other as string))
        throw expressionError(`\`${whole}\` is no character: a code of hexadecimal digits is expected`, span);
      if (code === undefined) return ESCAPES.get(other as string) ?? whole;
      const point = Number.parseInt(code, 16);
      if (point > 0x10ffff) throw expressionError(`\`${whole}\` is beyond the last character`, span);
      return String.fromCodePoint(point);
    },
  );
}
