/** Every branch of every real file, against what uproot and pyarrow read (`testing/make_real_values.py`). */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../io/byteSource.ts';
import { openSourceInNode } from '../io/nodeFile.ts';
import { sharedData } from '../testing/sharedData.ts';
import { openEventFile } from './open.ts';
import { lineOf, typeName } from './testing/digest.ts';

/** A tree as the fixture has it: `branches` are lines by type; `like` is the tree of a twin, which has most of them. */
interface RealTree {
  events: number;
  like?: [file: string, tree: string];
  without?: string[];
  branches: Record<string, string[]>;
}

const REAL: Record<string, Record<string, RealTree>> = JSON.parse(
  readFileSync(new URL('testing/real_values.json', import.meta.url), 'utf8'),
);

/** Lines of a tree, twins' included, with their types. */
function expectedLines(file: string, tree: string): string[] {
  const { like, without = [], branches } = REAL[file]![tree]!;
  const inherited = like ? expectedLines(...like).filter((line) => !without.includes(line.split(' ')[1]!)) : [];
  return [...inherited, ...Object.entries(branches).flatMap(([type, all]) => all.map((line) => `${type} ${line}`))];
}

async function open(
  path: string,
  tree: string,
): Promise<{ source: ByteSource; file: Awaited<ReturnType<typeof openEventFile>> }> {
  const address = { kind: 'path' as const, path, ...(tree && { tree }) };
  const { source, file } = await openSourceInNode(address, { counter: { bytes: 0, requests: 0 } });
  return { source, file: await openEventFile(source, file) };
}

describe.each(Object.keys(REAL))('%s', (name) => {
  const path = sharedData(name);
  it.skipIf(!path).each(Object.keys(REAL[name]!))('has the values that others read: %s', async (tree) => {
    const { file } = await open(path!, tree);
    const { summary } = file;
    expect(summary.events).toBe(REAL[name]![tree]!.events);
    expect(summary.unsupported).toEqual([]);
    const names = summary.columns.map((column) => column.name);
    const chunks = await Promise.all(summary.chunks.map((_, chunk) => file.readChunk(chunk, names)));
    const lines = summary.columns.map((column, k) => {
      const parts = chunks.map((chunk) => chunk[k]!);
      return `${typeName(column)} ${lineOf(column, parts)}`;
    });
    expect(lines.sort()).toEqual(expectedLines(name, tree).sort());
  });
});
