/**
 * CRC-32 as in GZIP and PNG. One sum is a chain of look-ups that each wait for the one before; so four sums run side by side,
 * over the quarters of the bytes, and are put together as polynomials.
 * @see https://www.rfc-editor.org/rfc/rfc1952#section-8
 */
const POLYNOMIAL = 0xedb88320;
/** `x^0`: the highest bit is the lowest power. */
const ONE = 1 << 31;
/** Shorter ones are not worth the putting together. */
const SHORTEST_LANES = 1024;

/** Four tables of 256: table `k` holds what a byte does to the sum once `k` more bytes have passed. */
const [T0, T1, T2, T3] = makeTables() as [Int32Array, Int32Array, Int32Array, Int32Array];
/** `x` to the power of 2^k. */
const SQUARES = makeSquares();

function makeTables(): Int32Array[] {
  const first = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (POLYNOMIAL & -(sum & 1));
    first[byte] = sum;
  }
  const tables = [first];
  for (let k = 1; k < 4; k++) tables.push(tables[k - 1]!.map((before) => (before >>> 8) ^ first[before & 255]!));
  return tables;
}

function makeSquares(): Int32Array {
  const squares = new Int32Array(32);
  squares[0] = 1 << 30;
  for (let k = 1; k < squares.length; k++) squares[k] = product(squares[k - 1]!, squares[k - 1]!);
  return squares;
}

/** @returns the sum as a signed integer, as page headers hold it */
export function crc32(bytes: Uint8Array): number {
  const { length } = bytes;
  if (length < SHORTEST_LANES) return ~rest(bytes, 0, -1);
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const lane = (length >>> 4) << 2;
  let [a, b, c, d] = [-1, 0, 0, 0];
  for (let at = 0; at < lane; at += 4) {
    a ^= view.getInt32(at, true);
    b ^= view.getInt32(at + lane, true);
    c ^= view.getInt32(at + 2 * lane, true);
    d ^= view.getInt32(at + 3 * lane, true);
    a = T3[a & 255]! ^ T2[(a >>> 8) & 255]! ^ T1[(a >>> 16) & 255]! ^ T0[a >>> 24]!;
    b = T3[b & 255]! ^ T2[(b >>> 8) & 255]! ^ T1[(b >>> 16) & 255]! ^ T0[b >>> 24]!;
    c = T3[c & 255]! ^ T2[(c >>> 8) & 255]! ^ T1[(c >>> 16) & 255]! ^ T0[c >>> 24]!;
    d = T3[d & 255]! ^ T2[(d >>> 8) & 255]! ^ T1[(d >>> 16) & 255]! ^ T0[d >>> 24]!;
  }
  const shift = powerOfBytes(lane);
  const sum = product(shift, product(shift, product(shift, a) ^ b) ^ c) ^ d;
  return ~rest(bytes, 4 * lane, sum);
}

function rest(bytes: Uint8Array, begin: number, before: number): number {
  let sum = before;
  for (let at = begin; at < bytes.length; at++) sum = (sum >>> 8) ^ T0[(sum ^ bytes[at]!) & 255]!;
  return sum;
}

/** What a sum is multiplied with when so many bytes pass: `x^(8·bytes)`. */
function powerOfBytes(bytes: number): number {
  let power = ONE;
  for (let left = bytes, k = 3; left > 0; left >>>= 1, k++) {
    if (left & 1) power = product(SQUARES[k & 31]!, power);
  }
  return power;
}

/** Of two polynomials, modulo that of the sum. */
function product(a: number, b: number): number {
  let sum = 0;
  for (let bit = 31; bit >= 0; bit--) {
    if ((a >>> bit) & 1) sum ^= b;
    b = (b >>> 1) ^ (POLYNOMIAL & -(b & 1));
  }
  return sum;
}
