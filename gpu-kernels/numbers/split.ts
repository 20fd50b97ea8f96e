/**
 * Doubles as the GPU holds them: `hi`, the nearest single, and `lo`, the rest. What a double has below them is dropped, so the words tell that.
 */
const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

const bitsOf = (x: number): number => {
  float[0] = x;
  return word[0]!;
};

/** The nearest single that is no smaller; x ≥ 0. */
function singleAbove(x: number): number {
  float[0] = x;
  if (float[0]! < x) word[0]!++;
  return float[0]!;
}

/** Smallest size that numbers are held to some relative precision from: 2⁻¹⁰⁰. */
const TINY = 2 ** -100;

/**
 * Words (hi, lo) of a float64 value in a column, as `load_f64` reads them: lo is rounded to odd. What is no single (NaN, an infinity, an overflow) has a
 * hi that `load_f64` tells; a subnormal hi is one that is not zero.
 */
export function splitDouble(value: number, out: Uint32Array, at: number): void {
  const hi = Math.fround(value);
  if (!Number.isFinite(hi)) {
    out[at] = 0x7fc00000;
    out[at + 1] = 0;
    return;
  }
  out[at] = hi === 0 && value !== 0 ? 1 : bitsOf(hi);
  out[at + 1] = oddBits(value - hi);
}

/** A single whose last bit is set where it is not `x`: the nearest one towards 0 but for that bit. */
function oddBits(x: number): number {
  const bits = bitsOf(x);
  const single = float[0]!;
  if (single === x) return bits;
  return (Math.abs(single) > Math.abs(x) ? bits - 1 : bits) | 1;
}

/**
 * A double as words (hi, lo, err) of `num_const`. One that is no finite number, or 2¹⁰⁰ or more, is in doubt wherever it is used; a tiny one is 0 with an
 * error.
 */
export function splitConstant(value: number): Uint32Array<ArrayBuffer> {
  const size = Math.abs(value);
  if (!(size < 2 ** 100)) return Uint32Array.of(0x7fc00000, 0, 0);
  if (size < TINY) return Uint32Array.of(0, 0, value === 0 ? 0 : bitsOf(TINY));
  const hi = Math.fround(value);
  const rest = value - hi;
  const lo = Math.abs(rest) < TINY ? 0 : Math.fround(rest);
  return Uint32Array.of(
    bitsOf(hi),
    bitsOf(lo),
    bitsOf(singleAbove(Math.max(Math.abs(rest - lo), rest === lo ? 0 : TINY))),
  );
}
