/** Ntuples that ROOT and uproot wrote, against what uproot reads from them (`fixtures/make_fixtures.py`). */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openSourceInNode } from '../../../io/nodeFile.ts';
import type { EventFile } from '../../eventFile.ts';
import { type ExpectedColumn, expectContents } from '../../testing/values.ts';
import { openRootFile } from '../openRootFile.ts';
import { openNTuple } from './openNTuple.ts';

const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url));

const VALUES = JSON.parse(readFileSync(`${FIXTURES}values.json`, 'utf8')) as Record<
  string,
  Record<string, ExpectedColumn[]>
>;

async function open(name: string, key = 'ntuple', counter = { bytes: 0, requests: 0 }): Promise<EventFile> {
  const { source, file } = await openSourceInNode({ kind: 'path', path: FIXTURES + name }, { counter });
  const root = await openRootFile(source);
  return openNTuple(root, root.keys.find((one) => one.name === key)!, file);
}

it('what is not supported is listed with the reason, and asking for it says so', async () => {
  const file = await open('test_emptystruct_invalidvar_rntuple_v1-0-0-0.root');
  expect(file.summary).toMatchObject({
    events: 3,
    columns: [],
    unsupported: [
      { name: 'empty_struct', reason: 'a struct without members' },
      { name: 'variant', reason: 'variants (a value of one of several types) are not supported' },
    ],
  });
  await expect(file.readChunk(0, ['variant'])).rejects.toMatchObject({
    tag: 'format',
    message: expect.stringMatching(/column variant: can't be read: variants/),
  });
  await expect(file.readChunk(0, ['none'])).rejects.toThrow(/no such column/);
});

it('clusters are the chunks, and only the pages of the asked columns are read', async () => {
  const counter = { bytes: 0, requests: 0 };
  const file = await open('uproot_uncompressed.root', 'Events', counter);
  const { columns, chunks, columnBytes } = file.summary;
  expect(chunks).toEqual([
    { begin: 0, end: 20 },
    { begin: 20, end: 21 },
    { begin: 21, end: 60 },
  ]);
  const at = columns.findIndex(({ name }) => name === 'float64');
  expect([...columnBytes.slice(at * 3, at * 3 + 3)]).toEqual([160, 8, 312]);
  const before = { ...counter };
  await file.readChunk(2, ['float64']);
  expect([counter.bytes - before.bytes, counter.requests - before.requests]).toEqual([312, 1]);
});

describe.each(Object.keys(VALUES))('%s', (name) => {
  it.each(Object.entries(VALUES[name]!))('has the columns and values that uproot reads: %s', async (key, columns) => {
    const file = await open(name, key);
    expect(file.summary.format).toBe('rntuple');
    // Members of base classes stand elsewhere in uproot's order.
    const inOrder = <T extends { name: string }>(all: readonly T[]) =>
      [...all].sort((a, b) => (a.name < b.name ? -1 : 1));
    const summary = { ...file.summary, columns: inOrder(file.summary.columns) };
    const sorted: EventFile = { summary, readChunk: (chunk, names) => file.readChunk(chunk, names) };
    if (columns.length > 0) await expectContents(sorted, inOrder(columns));
    else expect(summary.columns).toEqual([]);
  });
});
