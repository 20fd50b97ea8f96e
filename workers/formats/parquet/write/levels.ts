import type { ColumnData } from '../../../../core/schema/column.ts';
import type { ByteBuffer } from './byteBuffer.ts';
import { bitWidth, writeHybrid, writeHybridBits } from './hybrid.ts';

/** The entries of some rows of a column. */
export interface Entries {
  /** Values, missing ones, and empty lists. */
  entries: number;
  /** Values of these rows, missing ones included: `[begin, end)` of the column's. */
  begin: number;
  end: number;
}

/**
 * Writes Dremel's levels of rows `[from, to)`, as far as the column has any: a list that is empty is an entry of its own; each level of lists counts one, a value that is
 * there one more where values may be missing.
 * @see https://parquet.apache.org/docs/file-format/nestedencoding/
 */
export function writeLevels(
  into: ByteBuffer,
  column: ColumnData,
  nullable: boolean,
  from: number,
  to: number,
): Entries {
  const { offsets } = column;
  if (offsets.length === 0) {
    if (nullable) withLength(into, () => writeFlags(into, column, from, to));
    return { entries: to - from, begin: from, end: to };
  }
  return offsets.length === 1
    ? writeLists(into, column, nullable, from, to)
    : writeNested(into, column, nullable, from, to);
}

/** Bits of the levels that are being written. */
let bits = new Uint8Array(1024);

/** So many bits of one, and zeros behind them. */
function ones(count: number): Uint8Array {
  if (bits.length < (count >> 3) + 4) bits = new Uint8Array(2 * ((count >> 3) + 4));
  bits.fill(0xff, 0, count >> 3);
  bits.fill(0, count >> 3, (count >> 3) + 4);
  if ((count & 7) !== 0) bits[count >> 3] = (1 << (count & 7)) - 1;
  return bits;
}

/** The length of what is written stands before it. */
function withLength(into: ByteBuffer, write: () => void): void {
  const at = into.length;
  into.uint32(0);
  write();
  const length = into.length - at - 4;
  for (let k = 0; k < 4; k++) into.bytes[at + k] = length >>> (8 * k);
}

function writeFlags(into: ByteBuffer, { valid }: ColumnData, from: number, to: number): void {
  const there = ones(to - from);
  if (valid)
    for (let row = from; row < to; row++) if (!valid[row]) there[(row - from) >> 3]! &= ~(1 << ((row - from) & 7));
  writeHybridBits(into, there, to - from);
}

/** Lists of values: where each goes on takes one bit an entry; what is there too, unless values may be missing. */
function writeLists(into: ByteBuffer, column: ColumnData, nullable: boolean, from: number, to: number): Entries {
  const [starts] = column.offsets as [Uint32Array];
  const begin = starts[from]!;
  const end = starts[to]!;
  let empty = 0;
  for (let row = from; row < to; row++) if (starts[row] === starts[row + 1]) empty++;
  const entries = end - begin + empty;
  withLength(into, () => {
    const goesOn = ones(entries);
    for (let row = from, entry = 0; row < to; row++) {
      goesOn[entry >> 3]! &= ~(1 << (entry & 7));
      entry += Math.max(1, starts[row + 1]! - starts[row]!);
    }
    writeHybridBits(into, goesOn, entries);
  });
  withLength(into, () => {
    if (nullable) {
      writeHybrid(into, itemsOrMissing(column, from, to, entries), 0, entries, 2);
      return;
    }
    const isItem = ones(entries);
    if (empty > 0)
      for (let row = from, entry = 0; row < to; row++) {
        const items = starts[row + 1]! - starts[row]!;
        if (items === 0) isItem[entry >> 3]! &= ~(1 << (entry & 7));
        entry += Math.max(1, items);
      }
    writeHybridBits(into, isItem, entries);
  });
  return { entries, begin, end };
}

/** 0 for an empty list, 1 for a missing value, 2 for one that is there. */
function itemsOrMissing({ offsets, valid }: ColumnData, from: number, to: number, entries: number): Uint32Array {
  const [starts] = offsets as [Uint32Array];
  const definition = new Uint32Array(entries).fill(2);
  let entry = 0;
  for (let row = from; row < to; row++) {
    const next = starts[row + 1]!;
    if (starts[row] === next) definition[entry++] = 0;
    for (let item = starts[row]!; item < next; item++, entry++) if (valid && !valid[item]) definition[entry] = 1;
  }
  return definition;
}

/** Lists within lists, to any depth. */
function writeNested(into: ByteBuffer, column: ColumnData, nullable: boolean, from: number, to: number): Entries {
  const { offsets, valid } = column;
  const depth = offsets.length;
  const repetition: number[] = [];
  const definition: number[] = [];
  const visit = (level: number, index: number, first: number) => {
    const begin = offsets[level]![index]!;
    const end = offsets[level]![index + 1]!;
    if (begin === end) {
      repetition.push(first);
      definition.push(level);
      return;
    }
    for (let item = begin; item < end; item++) {
      const starts = item === begin ? first : level + 1;
      if (level + 1 < depth) visit(level + 1, item, starts);
      else {
        repetition.push(starts);
        definition.push(depth + (nullable && (!valid || valid[item]) ? 1 : 0));
      }
    }
  };
  for (let row = from; row < to; row++) visit(0, row, 0);
  const entries = repetition.length;
  const write = (levels: readonly number[], most: number) =>
    withLength(into, () => writeHybrid(into, Uint32Array.from(levels), 0, entries, bitWidth(most)));
  write(repetition, depth);
  write(definition, depth + (nullable ? 1 : 0));
  const value = (row: number) => offsets.reduce((at, level) => level[at]!, row);
  return { entries, begin: value(from), end: value(to) };
}
