/** Big-endian numbers of a basket, in bulk, as typed arrays hold them. */
import { VALUE_BYTES, type Values, type ValueType } from '../../../core/schema/column.ts';
import type { Kernels } from '../kernels/kernels.ts';
import type { StoredNumber } from './branch.ts';

/** Bytes of a number in a basket. */
export function storedBytes(stored: StoredNumber): number {
  if (stored.kind !== 'float16' && stored.kind !== 'double32') return VALUE_BYTES[stored.kind];
  return stored.factor === 0 && stored.bits > 0 ? 3 : 4;
}

/** The type of the values that a stored number gives. */
export function valueType({ kind }: StoredNumber): Exclude<ValueType, 'string'> {
  if (kind === 'float16') return 'float32';
  return kind === 'double32' ? 'float64' : kind;
}

/** Decodes `count` numbers that lie at `bytes[at…]` to `out[begin…]`. The caller sees to it that both have room. */
export function decodeNumbers(
  kernels: Kernels,
  stored: StoredNumber,
  bytes: Uint8Array,
  at: number,
  count: number,
  out: Values,
  begin: number,
): void {
  const { kind } = stored;
  if (kind === 'float16' || kind === 'double32') {
    decodeShortFloats(stored, bytes, at, count, out as Float32Array | Float64Array, begin);
    return;
  }
  const width = out.BYTES_PER_ELEMENT;
  const stretch = bytes.subarray(at, at + count * width);
  const target = new Uint8Array(out.buffer, out.byteOffset + begin * width, count * width);
  if (width > 1) kernels.swap(stretch, width, target);
  else target.set(stretch);
  if (kind === 'bool') makeBooleans(target);
}

function makeBooleans(bytes: Uint8Array): void {
  let seen = 0;
  for (let i = 0; i < bytes.length; i++) seen |= bytes[i]!;
  if (seen > 1) for (let i = 0; i < bytes.length; i++) bytes[i] = bytes[i] === 0 ? 0 : 1;
}

/**
 * `Float16_t` and `Double32_t`. A shortened float is its exponent in a byte, and a sign and the upper bits of the mantissa, rounded, in two.
 * @see https://github.com/root-project/root/blob/master/io/io/src/TBufferFile.cxx (ReadWithFactor, ReadWithNbits)
 */
function decodeShortFloats(
  { bits, factor, minimum }: StoredNumber & { kind: 'float16' | 'double32' },
  bytes: Uint8Array,
  at: number,
  count: number,
  out: Float32Array | Float64Array,
  begin: number,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (factor !== 0) {
    for (let i = 0; i < count; i++, at += 4) out[begin + i] = view.getUint32(at) / factor + minimum;
  } else if (bits === 0) {
    for (let i = 0; i < count; i++, at += 4) out[begin + i] = view.getFloat32(at);
  } else {
    const word = new Uint32Array(1);
    const float = new Float32Array(word.buffer);
    const mantissa = (1 << (bits + 1)) - 1;
    for (let i = 0; i < count; i++, at += 3) {
      const stored = view.getUint16(at + 1);
      word[0] = (bytes[at]! << 23) | ((stored & mantissa) << (23 - bits));
      out[begin + i] = stored & (1 << (bits + 1)) ? -float[0]! : float[0]!;
    }
  }
}
