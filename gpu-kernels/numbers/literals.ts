/** Constants of the host as WGSL writes them. */

/** The nearest single. */
export function f32(x: number): string {
  const text = String(Math.fround(x));
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}

/** The nearest single, and the rest. */
export const pair = (x: number): string => `vec2f(${f32(x)}, ${f32(x - Math.fround(x))})`;

/**
 * Singles that add up to a constant that is more than a double (`value + rest`): all but the last have `bits` bits, so that their products with a whole
 * number of 24 − `bits` bits are exact.
 */
export function parts(value: number, rest: number, bits: number, count: number): number[] {
  const found: number[] = [];
  let left = value;
  for (let k = 1; k < count; k++) {
    const unit = 2 ** (Math.floor(Math.log2(left)) - bits + 1);
    found.push(Math.floor(left / unit) * unit);
    left -= found.at(-1)!;
  }
  return [...found, Math.fround(left + rest)];
}
