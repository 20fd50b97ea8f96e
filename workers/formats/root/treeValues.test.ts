/** Trees that uproot wrote (fixtures/make_trees.py), against what it reads from them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { ColumnData } from '../../../core/schema/column.ts';
import { openSourceInNode } from '../../io/nodeFile.ts';
import type { EventFile } from '../eventFile.ts';
import { openEventFile } from '../open.ts';

const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const VALUES: Record<'types' | 'packed', Record<string, unknown[]>> = JSON.parse(
  readFileSync(fixture('trees.json'), 'utf8'),
);

async function open(name: string): Promise<EventFile> {
  const address = { kind: 'path' as const, path: fixture(name) };
  const { source, file } = await openSourceInNode(address, { counter: { bytes: 0, requests: 0 } });
  return openEventFile(source, file);
}

async function valuesOf(file: EventFile, name: string): Promise<unknown[]> {
  const values: unknown[] = [];
  for (const chunk of file.summary.chunks.keys()) {
    const [column] = await file.readChunk(chunk, [name]);
    for (let i = 0; i < column!.length; i++) values.push(itemAt(column!, 0, i));
  }
  return values;
}

/** As JSON holds it: lists of lists; integers of 64 bits as texts. */
function itemAt(column: ColumnData, level: number, index: number): unknown {
  const offsets = column.offsets[level];
  if (!offsets) {
    const value = column.values[index]!;
    return column.type === 'bool' ? value === 1 : typeof value === 'bigint' ? `${value}` : value;
  }
  const count = offsets[index + 1]! - offsets[index]!;
  return Array.from({ length: count }, (_, i) => itemAt(column, level + 1, offsets[index]! + i));
}

describe('a tree of every type', async () => {
  const file = await open('types.root');
  it.each(Object.keys(VALUES.types))('%s', async (name) => {
    expect(await valuesOf(file, name)).toEqual(VALUES.types[name]);
  });

  it('has each of its branches as a column', () => {
    const names = file.summary.columns.map((column) => column.name);
    expect(names.sort()).toEqual(Object.keys(VALUES.types).sort());
    expect(file.summary.unsupported).toEqual([]);
  });
});

it.each(['lzma', 'lz4', 'zstd'])('a tree packed by %s', async (method) => {
  const file = await open(`packed_${method}.root`);
  for (const [name, values] of Object.entries(VALUES.packed)) expect(await valuesOf(file, name)).toEqual(values);
});
