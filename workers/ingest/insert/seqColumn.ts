import { crc16Table } from '../../../core/catalogue/eventKey.ts';

const DASH = 45;
/** Hex digits as ASCII. */
const DIGITS = Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0));

/** `seq` of the records of one file: `seqOf` of each reference, with what all of them share computed once. */
export class SeqColumn {
  readonly #prefix: number;

  /** @param guid with hyphens, in upper case */
  constructor(guid: string) {
    let sum = 0;
    for (const letter of `${guid}:`) sum = step(sum, letter.charCodeAt(0));
    this.#prefix = sum;
  }

  of(oid1: BigUint64Array, oid2: BigUint64Array): Int16Array<ArrayBuffer> {
    const first = wordsOf(oid1);
    const second = wordsOf(oid2);
    const seq = new Int16Array(oid1.length);
    let low = -1;
    let high = -1;
    let before = 0;
    for (let row = 0; row < seq.length; row++) {
      if (first[2 * row] !== low || first[2 * row + 1] !== high) {
        low = first[2 * row]!;
        high = first[2 * row + 1]!;
        before = step(oidStep(this.#prefix, low, high), DASH);
      }
      seq[row] = oidStep(before, second[2 * row]!, second[2 * row + 1]!);
    }
    return seq;
  }
}

function wordsOf({ buffer, byteOffset, length }: BigUint64Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, 2 * length);
}

/** As `printOid`: eight digits, or sixteen where it needs them. */
function oidStep(before: number, low: number, high: number): number {
  return wordStep(high === 0 ? before : wordStep(before, high), low);
}

function wordStep(before: number, word: number): number {
  let sum = before;
  for (let shift = 28; shift >= 0; shift -= 4) sum = step(sum, DIGITS[(word >>> shift) & 15]!);
  return sum;
}

function step(sum: number, byte: number): number {
  return (sum >>> 8) ^ crc16Table[(sum ^ byte) & 0xff]!;
}
