/**
 * Trigger masks as the EventIndex writes them. `!` is a set bit; a number in base 64 (`A`–`Z`, `a`–`z`, `0`–`9`, `+`, `/` for 0 to 63, most
 * significant first) stands before it for the zero bits that come before it, and for nothing where there are none: `D!!E!` is 000110001… with bits 3, 4 and 9. A
 * number at the end counts the zeros up to the width. Bit 0, the lowest one of the first word, comes first.
 *
 * Why it reads so: in the tail `…GY!G!B!C!E!BP!F!Dl` of a level-1 mask seven bits lie 7, 2, 3, 5, 80 and 6 apart if each number counts the zeros in between. Then 229 zeros
 * (`Dl`) follow up to bit 511, so that the seven are 179, 186, 188, 191, 196, 276 and 282; and the 408 zeros of `GY` lie exactly between bit 179
 * and the last bit of the same seven in the list before: 179 + 512 − 282 − 1. No other way of counting gives that. That two set bits that follow one another have no number between them is
 * what the writer of the EventIndex does.
 * @see https://gitlab.cern.ch/atlas/athena/-/blob/main/Database/EventIndex/EventIndexProducer/python/compressB64.py and `POOL2EI_Lib.py` beside it
 */
import { LumiscopeError } from '../errors.ts';

/** Ascending numbers of set bits. */
export type Bits = readonly number[];

/** Level 1: before prescale, after prescale, after veto; one after the other in one text. */
export const L1_LISTS = ['tbp', 'tap', 'tav'] as const;
/** High-level trigger: passed for physics, passed through, resurrected; separated by semicolons. */
export const HLT_LISTS = ['ph', 'pt', 'rs'] as const;

export type L1Lists = Record<(typeof L1_LISTS)[number], Bits>;
export type HltLists = Record<(typeof HLT_LISTS)[number], Bits>;

/** Bits of a level-1 list. */
export const L1_BITS = 512;
export const L1_BITS_RUN1 = 256;
/** Bits of a list of the high-level trigger. */
export const HLT_BITS = 4096;
/** What reconstruction fills lists of the high-level trigger up to, with zeros. */
const HLT_PADDED = 8192;

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map([...LETTERS].map((letter, value) => [letter, value]));

/**
 * Reads a level-1 mask: three lists. The zeros at the end may be left out, and blanks and line breaks may stand anywhere.
 * @param bits of each list; left out, it is Run 1's where the text stands for three times as many, zeros at its end included
 * @throws LumiscopeError `document` with the position of a bad letter or of the bit that is too many
 */
export function parseL1Mask(text: string, bits?: typeof L1_BITS | typeof L1_BITS_RUN1): L1Lists {
  const most = 3 * (bits ?? L1_BITS);
  const { set, length } = readBits(text, 0, text.length, most, `a level-1 mask of three lists of ${most / 3}`);
  const width = bits ?? (length === 3 * L1_BITS_RUN1 ? L1_BITS_RUN1 : L1_BITS);
  const list = (index: number) =>
    set.filter((bit) => Math.floor(bit / width) === index).map((bit) => bit - index * width);
  return { tbp: list(0), tap: list(1), tav: list(2) };
}

/** The text of a level-1 mask. @throws LumiscopeError `document` where bits do not ascend or are too high */
export function printL1Mask(lists: L1Lists, bits: typeof L1_BITS | typeof L1_BITS_RUN1 = L1_BITS): string {
  for (const name of L1_LISTS) checkBits(lists[name], bits, name);
  return printBits(
    L1_LISTS.flatMap((name, index) => lists[name].map((bit) => bit + index * bits)),
    3 * bits,
  );
}

/**
 * Reads a mask of the high-level trigger (of Run 1: of the event filter or level 2): three lists of 4,096 bits, separated by semicolons. Lists and zeros at the end may be left
 * out, blanks and line breaks may stand anywhere. Zeros that fill a list up to 8,192 bits are nothing.
 * @throws LumiscopeError `document` with the position of a bad letter, of the bit or of the list that is too many
 */
export function parseHltMask(text: string): HltLists {
  const parts = text.split(';');
  if (parts.length > 3) {
    const at = text.length - parts.slice(3).join(';').length - 1;
    throw wrong(text, at, `has ${parts.length} lists`, 'a mask of the high-level trigger is PH;PT;RS');
  }
  let begin = 0;
  const lists = parts.map((part, index) => {
    const end = begin + part.length;
    const of = `${HLT_LISTS[index]!.toUpperCase()}, a list of ${HLT_BITS}`;
    const { set } = readBits(text, begin, end, HLT_BITS, of, HLT_PADDED);
    begin = end + 1;
    return set;
  });
  return { ph: lists[0]!, pt: lists[1] ?? [], rs: lists[2] ?? [] };
}

/** The text of a mask of the high-level trigger. @throws LumiscopeError `document` where bits do not ascend or are too high */
export function printHltMask(lists: HltLists): string {
  return HLT_LISTS.map((name) => {
    checkBits(lists[name], HLT_BITS, name);
    return printBits(lists[name], HLT_BITS);
  }).join(';');
}

/** The text of one list. @param set ascending, below `width` */
function printBits(set: Bits, width: number): string {
  let text = '';
  let next = 0;
  for (const bit of set) {
    text += `${printZeros(bit - next)}!`;
    next = bit + 1;
  }
  return text + printZeros(width - next);
}

function printZeros(count: number): string {
  let text = '';
  for (let rest = count; rest > 0; rest = Math.floor(rest / 64)) text = LETTERS[rest % 64]! + text;
  return text;
}

/**
 * Reads `text` from `begin` to `end`.
 * @param most a set bit at or past it is an error
 * @param padded zeros may fill the list up to this
 * @returns the set bits, and how many bits the text stands for
 */
function readBits(text: string, begin: number, end: number, most: number, of: string, padded = most) {
  const set: number[] = [];
  let length = 0;
  let zeros = 0;
  let number = begin;
  for (let i = begin; i < end; i++) {
    const letter = text[i]!;
    if (/\s/.test(letter)) continue;
    if (letter === '!') {
      length += zeros;
      if (length >= most) throw wrong(text, i, 'has too many bits', `bit ${length} is none of ${of}`);
      set.push(length++);
      zeros = 0;
      continue;
    }
    const value = VALUES.get(letter);
    if (value === undefined) throw wrong(text, i, `has a bad letter: ${letter}`, 'letters are A–Z a–z 0–9 + / and !');
    if (zeros === 0) number = i;
    zeros = zeros * 64 + value;
    if (length + zeros > padded) throw wrong(text, number, 'has too many bits', `${of} ends before`);
  }
  length += zeros;
  if (length > most && length !== padded)
    throw wrong(text, number, 'has too many bits', `it stands for ${length}, not ${of}`);
  return { set, length };
}

function checkBits(set: Bits, width: number, name: string): void {
  let last = -1;
  for (const bit of set) {
    if (!Number.isInteger(bit) || bit <= last || bit >= width)
      throw new LumiscopeError('document', `bits of ${name} have to ascend from 0 to ${width - 1}: ${bit} does not`);
    last = bit;
  }
}

function wrong(text: string, at: number, what: string, hint: string): LumiscopeError {
  const around = text.slice(Math.max(0, at - 8), at + 9);
  return new LumiscopeError('document', `the trigger mask ${what}, at character ${at + 1} (…${around}…)`, {
    hint,
    place: { span: [at, at + 1] },
  });
}
