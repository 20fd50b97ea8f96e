import { expect } from 'vitest';
import type { ColumnData, ColumnInfo } from '../../../core/schema/column.ts';
import type { ReadCounter } from '../../io/byteSource.ts';
import { openSourceInNode } from '../../io/nodeFile.ts';
import type { EventFile } from '../eventFile.ts';
import { openEventFile } from '../open.ts';

/** A column as `expected.py` has it: one entry an event, lists where it is jagged. */
export interface ExpectedColumn extends ColumnInfo {
  values: unknown[];
}

export async function openFile(path: string, counter: ReadCounter = { bytes: 0, requests: 0 }): Promise<EventFile> {
  const { source, file } = await openSourceInNode({ kind: 'path', path }, { counter });
  return openEventFile(source, file);
}

/** The values of a column as `expected.py` writes them; its offsets are checked on the way. */
export function asWritten(column: ColumnData): unknown[] {
  const { length, offsets, values, valid } = column;
  const lengths = [length, ...offsets.map((bounds) => bounds.at(-1)!)];
  offsets.forEach((bounds, level) => {
    expect([bounds.length, bounds[0]]).toEqual([lengths[level]! + 1, 0]);
  });
  expect(values.length).toBe(lengths.at(-1));
  if (valid) expect([valid.length, valid.includes(0)]).toEqual([values.length, true]);
  let items = Array.from({ length: values.length }, (_, i) => one(column, i));
  for (const bounds of [...offsets].reverse()) {
    const inner = items;
    items = Array.from({ length: bounds.length - 1 }, (_, i) => inner.slice(bounds[i]!, bounds[i + 1]!));
  }
  return items;
}

function one({ type, values, valid, dictionary }: ColumnData, i: number): unknown {
  const value = values[i]!;
  if (valid?.[i] === 0) {
    expect(Number(value)).toBe(0);
    return null;
  }
  if (type === 'string') return dictionary![value as number];
  const number = Number(value);
  if (Number.isNaN(number)) return 'fnan';
  if (!Number.isFinite(number)) return number > 0 ? 'finf' : 'f-inf';
  if (/int/.test(type) && Math.abs(number) > 2 ** 31) return `i${value}`;
  return Object.is(value, -0) ? 'f-0.0' : number;
}

/** Holds all columns of a file, its types and its values, against those that were written. */
export async function expectContents(file: EventFile, columns: readonly ExpectedColumn[]): Promise<void> {
  const { summary } = file;
  expect(summary.columns).toEqual(columns.map(({ values: _, ...info }) => info));
  const names = columns.map(({ name }) => name);
  const chunks = await Promise.all(summary.chunks.map((_, chunk) => file.readChunk(chunk, names)));
  columns.forEach(({ name, type, values }, at) => {
    const parts = chunks.map((chunk) => chunk[at]!);
    for (const part of parts) expect(part.type).toBe(type);
    expect([name, ...parts.flatMap(asWritten)]).toEqual([name, ...values]);
  });
  expect(summary.events).toBe(columns[0]!.values.length);
}
