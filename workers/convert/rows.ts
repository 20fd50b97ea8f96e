import { type ColumnData, VALUE_ARRAYS, type Values } from '../../core/schema/column.ts';

/** Positions as runs, ascending: `[begin, end)` after one another. */
export type Runs = Uint32Array;

/** Shorter runs are copied value by value: a view costs more. */
const SHORT_RUN = 48;

/** Positions where a flag is set. */
export function runsOfFlags(flags: ArrayLike<number>, length: number): Runs {
  const runs: number[] = [];
  for (let i = 0; i < length; ) {
    if (!flags[i]) {
      i++;
      continue;
    }
    const begin = i;
    while (i < length && flags[i]) i++;
    runs.push(begin, i);
  }
  return Uint32Array.from(runs);
}

/** Ascending positions as runs. */
export function runsOf(positions: Uint32Array): Runs {
  const runs: number[] = [];
  for (let i = 0; i < positions.length; ) {
    const begin = positions[i]!;
    let end = begin + 1;
    while (++i < positions.length && positions[i] === end) end++;
    runs.push(begin, end);
  }
  return Uint32Array.from(runs);
}

/** How many positions runs stand for. */
export function countOf(runs: Runs): number {
  let count = 0;
  for (let k = 0; k < runs.length; k += 2) count += runs[k + 1]! - runs[k]!;
  return count;
}

/** Items that are kept of a collection, in the rows that are. */
export interface KeptItems {
  /** Of the items of these rows alone. */
  offsets: Uint32Array;
  /** Among the items of the chunk. */
  items: Runs;
}

/** Rows of a column, copied. @param kept of lists: only these items of them */
export function gather(column: ColumnData, rows: Runs, kept?: KeptItems): ColumnData {
  const offsets: Uint32Array[] = [];
  let runs = rows;
  let count = countOf(rows);
  const length = count;
  for (const [level, source] of column.offsets.entries()) {
    if (level === 0 && kept) {
      offsets.push(kept.offsets);
      runs = kept.items;
      count = countOf(kept.items);
      continue;
    }
    const next = new Uint32Array(count + 1);
    const inner = new Uint32Array(runs.length);
    let at = 0;
    for (let k = 0; k < runs.length; k += 2) {
      const [begin, end] = [runs[k]!, runs[k + 1]!];
      const shift = next[at]! - source[begin]!;
      for (let i = begin; i < end; i++) next[++at] = source[i + 1]! + shift;
      inner[k] = source[begin]!;
      inner[k + 1] = source[end]!;
    }
    offsets.push(next);
    runs = inner;
    count = next[at]!;
  }
  const { type, values, valid, dictionary } = column;
  return {
    type,
    length,
    offsets,
    values: pick(values, runs, count),
    ...(valid && { valid: pick(valid, runs, count) as Uint8Array }),
    ...(dictionary && { dictionary }),
  };
}

/** Values at the positions of runs. */
function pick(values: Values, runs: Runs, count: number): Values {
  const picked = new (values.constructor as Float64ArrayConstructor)(count);
  const from = cellsOf(values);
  const into = cellsOf(picked);
  const width = from.length === 2 * values.length ? 2 : 1;
  // One loop for each kind of array: the compiler then makes each fast.
  if (from instanceof Uint16Array) pickCells(from, into as Uint16Array, runs);
  else if (from instanceof Uint8Array) pickCells8(from, into as Uint8Array, runs);
  else if (width === 1) pickCells32(from, into as Uint32Array, runs);
  else pickPairs(from, into as Uint32Array, runs);
  return picked;
}

/** The bits of values, as they are: of those of 64 bits two halves each, as reading BigInts makes one of each. */
function cellsOf({
  buffer,
  byteOffset,
  byteLength,
  BYTES_PER_ELEMENT,
}: Values): Uint8Array | Uint16Array | Uint32Array {
  if (BYTES_PER_ELEMENT === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (BYTES_PER_ELEMENT === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

function pickPairs(from: Uint32Array, into: Uint32Array, runs: Runs): void {
  let at = 0;
  for (let k = 0; k < runs.length; k += 2) {
    const [begin, end] = [2 * runs[k]!, 2 * runs[k + 1]!];
    if (end - begin > 2 * SHORT_RUN) {
      into.set(from.subarray(begin, end), at);
      at += end - begin;
    } else for (let i = begin; i < end; i++) into[at++] = from[i]!;
  }
}

function pickCells(from: Uint16Array, into: Uint16Array, runs: Runs): void {
  let at = 0;
  for (let k = 0; k < runs.length; k += 2) {
    const [begin, end] = [runs[k]!, runs[k + 1]!];
    if (end - begin > SHORT_RUN) {
      into.set(from.subarray(begin, end), at);
      at += end - begin;
    } else for (let i = begin; i < end; i++) into[at++] = from[i]!;
  }
}

function pickCells8(from: Uint8Array, into: Uint8Array, runs: Runs): void {
  let at = 0;
  for (let k = 0; k < runs.length; k += 2) {
    const [begin, end] = [runs[k]!, runs[k + 1]!];
    if (end - begin > SHORT_RUN) {
      into.set(from.subarray(begin, end), at);
      at += end - begin;
    } else for (let i = begin; i < end; i++) into[at++] = from[i]!;
  }
}

function pickCells32(from: Uint32Array, into: Uint32Array, runs: Runs): void {
  let at = 0;
  for (let k = 0; k < runs.length; k += 2) {
    const [begin, end] = [runs[k]!, runs[k + 1]!];
    if (end - begin > SHORT_RUN) {
      into.set(from.subarray(begin, end), at);
      at += end - begin;
    } else for (let i = begin; i < end; i++) into[at++] = from[i]!;
  }
}

/** Rows `[from, to)`, without a copy where that can be. */
export function slice(column: ColumnData, from: number, to: number): ColumnData {
  if (from === 0 && to === column.length) return column;
  let [begin, end] = [from, to];
  const offsets = column.offsets.map((source) => {
    const first = source[begin]!;
    const own = source.slice(begin, end + 1);
    if (first > 0) for (let i = 0; i < own.length; i++) own[i] = own[i]! - first;
    [begin, end] = [first, source[end]!];
    return own;
  });
  return {
    ...column,
    length: to - from,
    offsets,
    values: column.values.subarray(begin, end),
    ...(column.valid && { valid: column.valid.subarray(begin, end) }),
  };
}

/** Columns one after the other, as one. All have the same type and depth. */
export function concatenate(parts: readonly ColumnData[]): ColumnData {
  const [first] = parts as [ColumnData];
  if (parts.length === 1) return first;
  const { type } = first;
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const offsets = first.offsets.map((_, level) => {
    const lists = parts.reduce((sum, part) => sum + part.offsets[level]!.length - 1, 0);
    const joined = new Uint32Array(lists + 1);
    let at = 0;
    for (const part of parts) {
      const base = joined[at]!;
      const own = part.offsets[level]!;
      for (let i = 1; i < own.length; i++) joined[++at] = base + own[i]!;
    }
    return joined;
  });
  const count = parts.reduce((sum, { values }) => sum + values.length, 0);
  const values = new VALUE_ARRAYS[type](count) as Float64Array;
  const valid = parts.some((part) => part.valid) ? new Uint8Array(count).fill(1) : undefined;
  const codes = new Map<string, number>();
  let at = 0;
  for (const part of parts) {
    values.set((type === 'string' ? translated(part, codes) : part.values) as Float64Array, at);
    if (part.valid) valid!.set(part.valid, at);
    at += part.values.length;
  }
  return {
    type,
    length,
    offsets,
    values,
    ...(valid && { valid }),
    ...(type === 'string' && { dictionary: [...codes.keys()] }),
  };
}

/** A part's texts as codes of the common dictionary. */
function translated({ values, dictionary = [] }: ColumnData, codes: Map<string, number>): Uint32Array {
  const known = Uint32Array.from(dictionary, (text) => {
    const code = codes.get(text) ?? codes.size;
    codes.set(text, code);
    return code;
  });
  return (values as Uint32Array).map((code) => known[code] ?? 0);
}

/** Bytes of a column in memory, about. */
export function bytesOfColumn({ values, offsets, valid, dictionary }: ColumnData): number {
  const texts = dictionary?.reduce((sum, text) => sum + text.length, 0) ?? 0;
  return (
    values.byteLength + (valid?.byteLength ?? 0) + texts + offsets.reduce((sum, level) => sum + level.byteLength, 0)
  );
}
