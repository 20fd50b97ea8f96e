import { LumiscopeError } from '../errors.ts';
import type { Span } from './ast.ts';

const error = (message: string, span: Span, hint?: string) =>
  new LumiscopeError('expression', message, { hint, place: { span } });

/** A Python number: integers exact (bigint), everything with a point or an exponent a double. */
export function parseNumber(text: string, span: Span): number | bigint {
  const digits = text.replace(/_/g, '').toLowerCase();
  if (digits.endsWith('j')) throw error('complex numbers are not part of the language', span);
  if (/^0[xob]/.test(digits)) return inRange(BigInt(digits), span);
  if (/^\d+$/.test(digits)) {
    if (/^0\d/.test(digits) && /[1-9]/.test(digits)) throw error('a number has no leading zeros', span);
    return inRange(BigInt(digits), span);
  }
  return Number(digits);
}

function inRange(value: bigint, span: Span): bigint {
  if (value >= 1n << 64n) throw error('an integer has at most 64 bits', span, 'write it with a decimal point');
  return value;
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"', '0': '\0' };

/** A Python string literal: single or double quotes, the usual escapes; an `r` prefix switches these off. */
export function parseString(text: string, span: Span): string {
  const match = /^([a-zA-Z]*)('''|"""|'|")([\s\S]*)\2$/.exec(text);
  if (!match) throw error('the string is never closed', span);
  const prefix = match[1].toLowerCase();
  if (prefix.includes('b') || prefix.includes('f'))
    throw error(`strings with the prefix ${prefix} are not part of the language`, span);
  if (prefix === 'r') return match[3];
  return match[3].replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)/g, (whole, code: string) => {
    if (/^[ux]./.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return ESCAPES[code] ?? whole;
  });
}
