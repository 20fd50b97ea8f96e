const DIGIT_0 = 48;
const HYPHEN = 45;
const HYPHENS = [8, 13, 18, 23];
const GUID_LENGTH = 36;
const WORD_SIZE = 2 ** 32;
/** Values of hexadecimal digits; −1 for other bytes. */
const HEX = new Int8Array(256).fill(-1);
for (const [value, digits] of [...'0123456789', 'aA', 'bB', 'cC', 'dD', 'eE', 'fF'].entries())
  for (const digit of digits) HEX[digit.charCodeAt(0)] = value;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?$/;

/** Reads numbers of text that is bytes, `from` up to `to`. Those of 64 bits are left in `low` and `high`. */
export class LegacyNumbers {
  low = 0;
  high = 0;

  /** @returns −1 where it is no whole number of at most 15 digits */
  whole(text: Uint8Array, from: number, to: number): number {
    if (to <= from || to - from > 15) return -1;
    let value = 0;
    for (let i = from; i < to; i++) {
      const digit = text[i]! - DIGIT_0;
      if (digit < 0 || digit > 9) return -1;
      value = value * 10 + digit;
    }
    return value;
  }

  /** @returns whether it is a whole number below 2⁶⁴ */
  long(text: Uint8Array, from: number, to: number): boolean {
    if (to <= from) return false;
    let low = 0;
    let high = 0;
    for (let i = from; i < to; i++) {
      const digit = text[i]! - DIGIT_0;
      if (digit < 0 || digit > 9) return false;
      low = low * 10 + digit;
      high *= 10;
      if (low >= WORD_SIZE) {
        const carry = Math.floor(low / WORD_SIZE);
        low -= carry * WORD_SIZE;
        high += carry;
      }
      if (high >= WORD_SIZE) return false;
    }
    this.low = low;
    this.high = high;
    return true;
  }

  /** @returns whether it is a hexadecimal number of 1 to 16 digits */
  hex(text: Uint8Array, from: number, to: number): boolean {
    if (to <= from || to - from > 16) return false;
    let low = 0;
    let high = 0;
    const lowFrom = to - 8;
    for (let i = from; i < to; i++) {
      const digit = HEX[text[i]!]!;
      if (digit < 0) return false;
      if (i < lowFrom) high = high * 16 + digit;
      else low = low * 16 + digit;
    }
    this.low = low;
    this.high = high;
    return true;
  }

  /** Puts the four words of a GUID with hyphens at `at`. @returns whether it is one */
  guid(text: Uint8Array, from: number, to: number, words: Uint32Array, at: number): boolean {
    if (to - from !== GUID_LENGTH) return false;
    for (const place of HYPHENS) if (text[from + place] !== HYPHEN) return false;
    let word = 0;
    let digits = 0;
    let put = at;
    for (let i = from; i < to; i++) {
      const digit = HEX[text[i]!]!;
      if (digit < 0) {
        if (text[i] === HYPHEN && HYPHENS.includes(i - from)) continue;
        return false;
      }
      word = word * 16 + digit;
      if (++digits === 8) {
        words[put++] = word;
        word = 0;
        digits = 0;
      }
    }
    return true;
  }

  /** The double that is nearest. @returns NaN where it is no finite decimal number */
  decimal(text: Uint8Array, from: number, to: number): number {
    const isNegative = text[from] === HYPHEN;
    let value = 0;
    let behind = -1;
    let i = isNegative ? from + 1 : from;
    const first = i;
    for (; i < to; i++) {
      const digit = text[i]! - DIGIT_0;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        if (behind >= 0) behind++;
      } else if (text[i] === 46 && behind < 0) behind = 0;
      else break;
    }
    // Up to 15 digits, and powers of ten up to 10²², are exact as doubles, so that one division rounds once.
    if (i === to && i - first > 1 && i - first <= 16 && behind <= 15 && value < 1e15) {
      const rounded = behind > 0 ? value / 10 ** behind : value;
      return isNegative ? -rounded : rounded;
    }
    const letters = latin1(text, from, Math.min(to, from + 64));
    const parsed = to - from <= 64 && DECIMAL.test(letters) ? Number(letters) : Number.NaN;
    return Number.isFinite(parsed) ? parsed : Number.NaN;
  }
}

export const MOST_TEXTS = 64;

/** Texts that come again and again, told by their bytes. */
export class KnownTexts {
  readonly #texts: Uint8Array[] = [];
  #last = 0;

  /** @returns which, as they were added; −1 where it is not known */
  find(text: Uint8Array, from: number, to: number): number {
    if (this.#is(this.#last, text, from, to)) return this.#last;
    for (let k = 0; k < this.#texts.length; k++)
      if (this.#is(k, text, from, to)) {
        this.#last = k;
        return k;
      }
    return -1;
  }

  /** @returns its number; `MOST_TEXTS` where there are so many that it is not kept */
  add(text: Uint8Array, from: number, to: number): number {
    if (this.#texts.length === MOST_TEXTS) return MOST_TEXTS;
    return this.#texts.push(text.slice(from, to)) - 1;
  }

  text(known: number): string {
    const text = this.#texts[known]!;
    return latin1(text, 0, text.length);
  }

  #is(k: number, text: Uint8Array, from: number, to: number): boolean {
    const known = this.#texts[k];
    if (!known || known.length !== to - from) return false;
    for (let i = known.length - 1; i >= 0; i--) if (known[i] !== text[from + i]) return false;
    return true;
  }
}

/** Bytes as characters, each one as one. */
export function latin1(text: Uint8Array, from: number, to: number): string {
  let letters = '';
  for (let i = from; i < to; i++) letters += String.fromCharCode(text[i]!);
  return letters;
}
