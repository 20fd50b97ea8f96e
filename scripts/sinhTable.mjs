/**
 * The table behind libm's sinh, from integer arithmetic alone so that it comes out the same everywhere: for a = i/16 up
 * to 10, sinh a as a double and the rest of it, and cosh a.
 */

const STEPS = 16;
const END = 10;
/** Fixed-point numbers have this many bits behind the point. */
const BITS = 240n;
const ONE = 1n << BITS;

/** sinh (odd) or cosh (even) of i/STEPS by their series. */
function series(i, first) {
  const a = (BigInt(i) << BITS) / BigInt(STEPS);
  let term = first === 0n ? ONE : a;
  let sum = 0n;
  for (let n = first; term > 0n; n += 2n) {
    sum += term;
    term = (((term * a) >> BITS) * a) >> BITS;
    term /= (n + 1n) * (n + 2n);
  }
  return sum;
}

/** The double nearest to a non-negative fixed-point number, as its bits. */
function toDouble(value) {
  if (value < 0n) return toDouble(-value) | (1n << 63n);
  if (value === 0n) return 0n;
  const length = BigInt(value.toString(2).length);
  const shift = length - 53n;
  const half = 1n << (shift - 1n);
  let mantissa = shift > 0n ? (value + half) >> shift : value << -shift;
  let exponent = length - 1n - BITS;
  if (mantissa === 1n << 53n) {
    mantissa >>= 1n;
    exponent += 1n;
  }
  return ((exponent + 1023n) << 52n) | (mantissa - (1n << 52n));
}

/** Back from bits to fixed point, exactly. */
function fromDouble(bits) {
  if (bits === 0n) return 0n;
  const exponent = ((bits >> 52n) & 0x7ffn) - 1023n;
  return ((bits & ((1n << 52n) - 1n)) | (1n << 52n)) << (exponent - 52n + BITS);
}

/** AssemblyScript source of the table. */
export function sinhTable() {
  const rows = [];
  for (let i = 0; i <= STEPS * END; i++) {
    const s = series(i, 1n);
    const high = toDouble(s);
    const words = [high, toDouble(s - fromDouble(high)), toDouble(series(i, 0n))];
    rows.push(`  ${words.map((word) => `0x${word.toString(16).padStart(16, '0')}`).join(', ')},`);
  }
  return `/** Written by scripts/build-libm.mjs. */
export const SINH_TABLE_STEPS: f64 = ${STEPS};
export const SINH_TABLE_END: f64 = ${END};
/** sinh a, the rest of sinh a, cosh a; a = 0, 1/${STEPS}, … */
// @ts-ignore: decorator
@lazy @inline
export const SINH_TABLE = memory.data<u64>([
${rows.join('\n')}
]);
`;
}
