import { createHash } from 'node:crypto';
import type { ColumnData, ColumnInfo } from '../../../core/schema/column.ts';

/** The line that `make_real_values.py` writes for a branch, from its chunks. */
export function lineOf({ name }: ColumnInfo, chunks: readonly ColumnData[]): string {
  const digest = createHash('sha256');
  const levels = chunks[0]?.offsets.length ?? 0;
  for (let level = 0; level < levels; level++) {
    for (const { offsets } of chunks) digest.update(bytesOf(lengths(offsets[level]!)));
  }
  for (const { valid } of chunks) if (valid) digest.update(valid);
  let count = 0;
  let integers = 0n;
  let floats = 0;
  for (const { type, values, dictionary } of chunks) {
    count += values.length;
    if (type === 'string') {
      for (const code of values as Uint32Array) {
        const text = Buffer.from(dictionary![code]!);
        digest.update(bytesOf(Uint32Array.of(text.length)));
        digest.update(text);
        integers += BigInt(text.length);
      }
    } else {
      digest.update(bytesOf(values));
      if (type === 'float32' || type === 'float64') for (const value of values) floats += value as number;
      else for (const value of values) integers += BigInt(value);
    }
  }
  const isFloat = chunks[0]?.type.startsWith('float');
  return [name, count, isFloat ? shortNumber(floats) : integers, digest.digest('hex').slice(0, 8)].join(' ');
}

/** As the fixture names types: `float32[]` is a list of floats an event. */
export function typeName({ type, depth }: ColumnInfo): string {
  return type + '[]'.repeat(depth);
}

function lengths(offsets: Uint32Array): Uint32Array {
  return Uint32Array.from({ length: offsets.length - 1 }, (_, i) => offsets[i + 1]! - offsets[i]!);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Python's `%.6g`. */
function shortNumber(value: number): string {
  const [digits, exponent = ''] = value.toExponential(5).split('e');
  const power = Number(exponent);
  const trim = (text: string) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (power >= -4 && power < 6) return trim(value.toFixed(5 - power));
  return `${trim(digits!)}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
