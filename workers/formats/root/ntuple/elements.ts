/**
 * Elements of a page, in each of the format's encodings, straight into typed arrays.
 * @see https://github.com/root-project/root/blob/master/tree/ntuple/doc/BinaryFormatSpecification.md ("Column Description")
 */
import { VALUE_BYTES, type ValueArrays, type Values } from '../../../../core/schema/column.ts';
import { half } from '../../conversions.ts';
import { Corrupt } from '../../errors.ts';
import { COLUMN_TYPES } from './columnTypes.ts';
import type { ColumnRecord } from './description.ts';
import type { ElementKernels } from './kernels/elementKernels.ts';

/** A page, unpacked: `count` elements, of which `[from, to)` are wanted. */
export interface PageSlice {
  bytes: Uint8Array;
  count: number;
  from: number;
  to: number;
}

/** Bytes of a page of `count` elements. */
export function pageLength({ bits }: ColumnRecord, count: number): number {
  return Math.ceil((count * bits) / 8);
}

/**
 * Writes elements that are numbers into `out` from `at` on. `out` is of the column type's native type; of a quantised column
 * it may also be doubles.
 */
export function decodeNumbers(
  kernels: ElementKernels,
  column: ColumnRecord,
  page: PageSlice,
  out: Values,
  at: number,
): void {
  const { name, native, split } = COLUMN_TYPES[column.type]!;
  const { bytes, count, from, to } = page;
  if (name === 'Real32Trunc' || name === 'Real32Quant') return decodePacked(kernels, column, page, out, at);
  const halves = column.bits === 16 && native === 'float32' ? new Uint16Array(to - from) : undefined;
  const width = halves ? 2 : VALUE_BYTES[native as keyof ValueArrays];
  const target = halves
    ? new Uint8Array(halves.buffer)
    : new Uint8Array(out.buffer, out.byteOffset + at * width, (to - from) * width);
  if (name === 'Bit') kernels.bits(bytes, from, to, target);
  else if (split) kernels.join(bytes, count, from, to, width, native.startsWith('int'), target);
  else target.set(bytes.subarray(from * width, to * width));
  if (halves) widen(halves, out as Float32Array, at);
}

/** The upper bits of single floats, or integers of which the largest stands for the range's upper end. */
function decodePacked(
  kernels: ElementKernels,
  { type, bits, range }: ColumnRecord,
  { bytes, from, to }: PageSlice,
  out: Values,
  at: number,
): void {
  const quantised = COLUMN_TYPES[type]!.name === 'Real32Quant';
  const words = quantised
    ? new Uint32Array(to - from)
    : new Uint32Array(out.buffer, out.byteOffset + 4 * at, to - from);
  kernels.unpack(bytes, from, to, bits, new Uint8Array(words.buffer, words.byteOffset, words.byteLength));
  if (!quantised) {
    for (let i = 0; i < words.length; i++) words[i] = words[i]! << (32 - bits);
    return;
  }
  const { minimum, maximum } = range!;
  const scale = (maximum - minimum) / (2 ** bits - 1);
  for (let i = 0; i < words.length; i++) (out as Float64Array)[at + i] = words[i]! * scale + minimum;
}

/** Ends of lists, counted from the start of the cluster, into `out` from `at` on. @throws Corrupt where one does not fit into 32 bits */
export function decodeIndexes(
  kernels: ElementKernels,
  column: ColumnRecord,
  { bytes, count, from, to }: PageSlice,
  out: Uint32Array,
  at: number,
): void {
  const target = new Uint8Array(out.buffer, out.byteOffset + 4 * at, 4 * (to - from));
  const wide = column.bits === 64;
  if (COLUMN_TYPES[column.type]!.split) {
    if (wide && !kernels.isZero(bytes, 4 * count)) throw new Corrupt(TOO_LONG);
    if (kernels.joinSums(bytes, count, from, to, target) > 0xffff_ffff) throw new Corrupt(TOO_LONG);
  } else if (!wide) {
    target.set(bytes.subarray(4 * from, 4 * to));
  } else if (!kernels.narrow(bytes, from, to, target)) {
    throw new Corrupt(TOO_LONG);
  }
}

const TOO_LONG = 'a list has more than 2^32 items, or ends before it begins';

/** Half floats by their bits: made when the first column of them is read. */
let halfTable: Float32Array | undefined;

function widen(stored: Uint16Array, out: Float32Array, at: number): void {
  halfTable ??= Float32Array.from({ length: 65_536 }, (_, bits) => half(bits));
  for (let i = 0; i < stored.length; i++) out[at + i] = halfTable[stored[i]!]!;
}
