/**
 * Decimal numbers from their bytes, correctly rounded, without making strings: up to 15 digits and small powers of ten are
 * exact in a double (Clinger 1990); the others are computed with twice a double's digits (Dekker 1971), and where even that
 * leaves the last bit open, which is rare, `Number` decides.
 */

/** Powers of ten that are exact in a double. */
const EXACT_POWERS = Float64Array.from({ length: 23 }, (_, k) => Number(`1e${k}`));
const EXACT_DIGITS = 15;
/** Digits beyond these can change nothing but which side of a tie the number is on: left to `Number`. */
const MOST_DIGITS = 30;
/** Within these powers of ten nothing here overflows or is denormal. */
const WIDEST_POWER = 250;
/** Relative error of the products and quotients below, a few times 2^-104, with room. */
const ERROR = 2 ** -99;
const SPLITTER = 2 ** 27 + 1;

/** Higher powers of ten as sums of two doubles. */
const POWERS = makePowers();

function makePowers(): { high: Float64Array; low: Float64Array } {
  const high = new Float64Array(WIDEST_POWER + 1);
  const low = new Float64Array(WIDEST_POWER + 1);
  let exact = 1n;
  for (let k = 0; k <= WIDEST_POWER; k++, exact *= 10n) {
    high[k] = Number(exact);
    low[k] = Number(exact - BigInt(high[k]!));
  }
  return { high, low };
}

/** What `readNumber` found out beside the value; overwritten by the next call. */
export const found = {
  /** Whether the bytes are a number at all, `nan` and `inf` included. */
  isNumber: false,
  /** Whether they are digits and a sign only. */
  isInteger: false,
};

/** The number that `bytes[begin, end)` say; NaN where they say none, and then `found.isNumber` is false. */
export function readNumber(bytes: Uint8Array, begin: number, end: number): number {
  let at = begin;
  const first = bytes[at];
  const negative = first === 45;
  if (negative || first === 43) at++;
  let high = 0;
  let low = 0;
  /** Digits from the first that is not 0. */
  let digits = 0;
  let power = 0;
  let any = false;
  let point = false;
  for (; at < end; at++) {
    const digit = bytes[at]! - 48;
    if (digit >= 0 && digit <= 9) {
      any = true;
      if (point) power--;
      if (digits === 0 && digit === 0) continue;
      if (digits < EXACT_DIGITS) high = high * 10 + digit;
      else if (digits < MOST_DIGITS) low = low * 10 + digit;
      digits++;
    } else if (digit === -2 && !point) {
      point = true;
    } else {
      break;
    }
  }
  found.isInteger = any && !point && at === end;
  if (any && at < end && (bytes[at]! | 32) === 101) {
    const exponent = readExponent(bytes, at + 1, end);
    if (exponent === undefined) any = false;
    else power += exponent;
    at = end;
  }
  found.isNumber = any && at === end;
  if (!found.isNumber) return special(bytes, begin, end);
  const value = digits <= EXACT_DIGITS ? scaled(high, power) : longScaled(high, low, digits, power);
  if (Number.isNaN(value)) return Number(textOf(bytes, begin, end));
  return negative ? -value : value;
}

function readExponent(bytes: Uint8Array, begin: number, end: number): number | undefined {
  const negative = bytes[begin] === 45;
  let at = negative || bytes[begin] === 43 ? begin + 1 : begin;
  if (at === end) return undefined;
  let exponent = 0;
  for (; at < end; at++) {
    const digit = bytes[at]! - 48;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    exponent = Math.min(1e6, exponent * 10 + digit);
  }
  return negative ? -exponent : exponent;
}

/** @returns NaN where this is not sure */
function scaled(digits: number, power: number): number {
  if (power === 0 || digits === 0) return digits;
  if (power > 0) return power <= 22 ? digits * EXACT_POWERS[power]! : precise(digits, 0, power);
  return power >= -22 ? digits / EXACT_POWERS[-power]! : precise(digits, 0, power);
}

function longScaled(high: number, low: number, digits: number, power: number): number {
  if (digits > MOST_DIGITS) return Number.NaN;
  const more = digits - EXACT_DIGITS;
  // Both parts and the power are exact, and so is the sum as a pair.
  const shift = EXACT_POWERS[more]!;
  const product = high * shift;
  const rest = productError(high, shift, product) + low;
  return precise(product, rest, power);
}

/** `(a + b)·10^power`, correctly rounded; NaN where that is not sure. `b` is small beside `a`. */
function precise(a: number, b: number, power: number): number {
  if (power > WIDEST_POWER || power < -WIDEST_POWER) return Number.NaN;
  const high = POWERS.high[Math.abs(power)]!;
  const low = POWERS.low[Math.abs(power)]!;
  let value: number;
  let rest: number;
  if (power >= 0) {
    value = a * high;
    rest = productError(a, high, value) + (a * low + b * high);
  } else {
    value = a / high;
    const back = value * high;
    rest = (a - back - productError(value, high, back) + b - value * low) / high;
  }
  const sum = value + rest;
  rest += value - sum;
  const error = sum * ERROR;
  const rounded = sum + (rest + error);
  return rounded === sum + (rest - error) && rounded < 1e290 && rounded > 1e-290 ? rounded : Number.NaN;
}

/** `a·b - product`, exactly (Dekker). */
function productError(a: number, b: number, product: number): number {
  const splitA = SPLITTER * a;
  const highA = splitA - (splitA - a);
  const lowA = a - highA;
  const splitB = SPLITTER * b;
  const highB = splitB - (splitB - b);
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}

const SPECIALS: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, infinity: Infinity };

function special(bytes: Uint8Array, begin: number, end: number): number {
  const signed = bytes[begin] === 45 || bytes[begin] === 43;
  const letter = (bytes[signed ? begin + 1 : begin] ?? 0) | 32;
  if ((letter !== 105 && letter !== 110) || end - begin > 9) return Number.NaN;
  const value = SPECIALS[textOf(bytes, signed ? begin + 1 : begin, end).toLowerCase()];
  found.isNumber = value !== undefined;
  if (value === undefined) return Number.NaN;
  return bytes[begin] === 45 ? -value : value;
}

function textOf(bytes: Uint8Array, begin: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(begin, end));
}
