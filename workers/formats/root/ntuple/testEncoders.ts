/** Pages as writers make them, by the specification ("Column Description"), and apart from the reader's code. */

/**
 * One page of `values` (of Real32Quant: the integers that stand for them).
 * @param name of the column type
 */
export function encode(name: string, bits: number, values: readonly (number | bigint)[]): Uint8Array {
  if (name === 'Switch') throw new Error('no test needs variants');
  let words = values.map((value) => wordOf(name, bits, value));
  if (name.startsWith('SplitIndex')) words = words.map((word, i) => word - (i === 0 ? 0n : words[i - 1]!));
  if (name.startsWith('SplitInt')) words = words.map((word) => zigzag(BigInt.asIntN(bits, word)));
  words = words.map((word) => BigInt.asUintN(bits, word));
  const bytes = new Uint8Array(Math.ceil((words.length * bits) / 8));
  if (name.startsWith('Split')) {
    for (let plane = 0; plane < bits / 8; plane++)
      words.forEach((word, i) => {
        bytes[plane * words.length + i] = Number((word >> BigInt(8 * plane)) & 255n);
      });
    return bytes;
  }
  words.forEach((word, i) => {
    if (bits % 8 === 0)
      for (let byte = 0; byte < bits / 8; byte++)
        bytes[(i * bits) / 8 + byte] = Number((word >> BigInt(8 * byte)) & 255n);
    else
      for (let bit = 0; bit < bits; bit++) {
        const at = i * bits + bit;
        if ((word >> BigInt(bit)) & 1n) bytes[at >> 3]! |= 1 << (at & 7);
      }
  });
  return bytes;
}

/** `x` as 2x, or −(2x + 1) where it is negative. */
function zigzag(value: bigint): bigint {
  return value >= 0n ? 2n * value : -(2n * value + 1n);
}

/** The bits that stand for a value before they are split or packed. */
function wordOf(name: string, bits: number, value: number | bigint): bigint {
  if (typeof value === 'bigint') return value;
  if (name === 'Real32Quant' || !name.includes('Real')) return BigInt(value);
  if (name.endsWith('Real64')) return new BigUint64Array(Float64Array.of(value).buffer)[0]!;
  if (name.endsWith('Real16')) return BigInt(halfBits(value));
  const single = new Uint32Array(Float32Array.of(value).buffer)[0]!;
  return BigInt(single >>> (32 - bits));
}

/** Of a number that 16 bits hold exactly. */
function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(size)) return 0x7e00;
  if (size === Infinity) return sign | 0x7c00;
  if (size < 2 ** -14) return sign | (size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign | ((exponent + 15) << 10) | ((size / 2 ** exponent - 1) * 1024);
}
