import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { ColumnData } from '../../../core/schema/column.ts';
import type { ByteSource } from '../../io/byteSource.ts';
import { cancelled } from '../../io/errors.ts';
import { openSource } from '../../io/openSource.ts';
import type { EventFile } from '../eventFile.ts';
import { openEventFile } from '../open.ts';
import { asWritten, type ExpectedColumn, expectContents, openFile } from '../testing/values.ts';

const FIXTURES = fileURLToPath(new URL('fixtures/', import.meta.url));
const PYTHON = process.env.LUMISCOPE_PYTHON;

const cases = JSON.parse(readFileSync(`${FIXTURES}values.json`, 'utf8')) as {
  files: string[];
  columns: ExpectedColumn[];
}[];

const fixture = (name: string, counter?: { bytes: number; requests: number }) => openFile(FIXTURES + name, counter);

async function openBytes(bytes: Uint8Array): Promise<EventFile> {
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const { source, file } = await openSource({ kind: 'blob', name: 'x', blob }, { counter: { bytes: 0, requests: 0 } });
  return openEventFile(source, file);
}

it.each(cases.flatMap(({ files, columns }) => files.map((file) => ({ file, columns }))))(
  '$file has the columns and values that were written',
  async ({ file, columns }) => {
    const opened = await fixture(file);
    expect(opened.summary).toMatchObject({ format: 'arrow', unsupported: [] });
    await expectContents(opened, columns);
  },
);

it('record batches are the chunks, and only the buffers of the asked columns are read', async () => {
  const counter = { bytes: 0, requests: 0 };
  const file = await fixture('plain.arrow', counter);
  const before = counter.bytes;
  await file.readChunk(0, ['float32']);
  expect(counter.bytes - before).toBe(160);
  const { columns, chunks, columnBytes } = file.summary;
  expect(chunks).toEqual([{ begin: 0, end: 40 }]);
  expect(columnBytes[columns.findIndex(({ name }) => name === 'float32')]).toBe(160);
  expect((await fixture('batches.arrow')).summary.chunks.length).toBe(6);
});

it('what is not supported is listed with the reason, and the rest stays readable', async () => {
  const file = await fixture('unsupported.arrow');
  expect(file.summary.unsupported).toEqual([
    { name: 'union', reason: 'it is part of a union' },
    { name: 'dense', reason: 'it is part of a union' },
    { name: 'nothing', reason: 'it has no type, and no value in any event' },
    { name: 'fixed', reason: 'values of a fixed number of bytes are not supported' },
    { name: 'list_view', reason: 'list views are not supported: write lists' },
    { name: 'run_end', reason: 'run-end encoded values are not supported' },
    { name: 'interval', reason: 'calendar intervals are not supported' },
  ]);
  const [before, fine] = await file.readChunk(0, ['before', 'fine']);
  expect([[...before!.values], [...fine!.values]]).toEqual([
    [1, 2],
    [3, 4],
  ]);
  await expect(file.readChunk(0, ['union'])).rejects.toMatchObject({
    tag: 'format',
    message: expect.stringContaining('it is part of a union'),
    place: { column: 'union' },
  });
  await expect(file.readChunk(0, ['none'])).rejects.toThrow(/no such column/);
});

it('a dictionary is there for everybody who asks, though one of them gives up', async () => {
  const bytes = readFileSync(`${FIXTURES}batches.arrow`);
  const { source, file } = await openSource(
    { kind: 'blob', name: 'x', blob: new Blob([bytes as Uint8Array<ArrayBuffer>]) },
    { counter: { bytes: 0, requests: 0 } },
  );
  const slow: ByteSource = {
    url: source.url,
    size: source.size,
    etag: source.etag,
    async read(offset, length, signal) {
      const read = await source.read(offset, length);
      await new Promise((done) => setTimeout(done, 5));
      if (signal?.aborted) throw cancelled();
      return read;
    },
  };
  const opened = await openEventFile(slow, file);
  const abort = new AbortController();
  const first = opened.readChunk(0, ['coded'], abort.signal);
  const second = opened.readChunk(0, ['coded']);
  abort.abort();
  await expect(first).rejects.toMatchObject({ tag: 'cancelled' });
  expect(asWritten((await second)[0]!)).toEqual(asWritten((await opened.readChunk(0, ['coded']))[0]!));
});

it('a file of no events opens, with its columns and no chunks', async () => {
  const { summary } = await fixture('no_events.arrow');
  expect(summary).toMatchObject({ events: 0, chunks: [] });
  expect(summary.columns.length).toBeGreaterThan(40);
});

it('Feather of version 1 is told, and what to do', async () => {
  await expect(fixture('v1.feather')).rejects.toMatchObject({
    tag: 'format',
    message: expect.stringContaining('Feather files of version 1 are not read'),
    hint: expect.stringContaining('write_feather'),
  });
});

describe('damaged files', () => {
  const original = readFileSync(`${FIXTURES}batches.arrow`);
  const stream = readFileSync(`${FIXTURES}stream.arrows`);

  it.each([
    ['a file without its end', original.subarray(0, 20_000), /does not end with ARROW1/],
    ['a file of a few bytes', original.subarray(0, 12), /cut short/],
    ['a stream that is cut within a batch', stream.subarray(0, stream.length - 1000), /cut short/],
  ])('%s', async (_, bytes, message) => {
    await expect(openBytes(bytes)).rejects.toMatchObject({ tag: 'format', message: expect.stringMatching(message) });
  });

  it('any other byte changed is an error with a place, or a value: never a crash', async () => {
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 48_271) % 0x7fffffff;
      return seed % below;
    };
    let failed = 0;
    for (let round = 0; round < 400; round++) {
      const bytes = new Uint8Array(round % 2 ? stream : original);
      for (let k = 0; k < 3; k++) bytes[random(bytes.length)] = random(256);
      try {
        const file = await openBytes(bytes);
        for (const chunk of file.summary.chunks.keys()) {
          await file.readChunk(
            chunk,
            file.summary.columns.map(({ name }) => name),
          );
        }
      } catch (error) {
        failed++;
        expect(error).toMatchObject({ name: 'LumiscopeError', tag: 'format', place: { file: 'x' } });
      }
    }
    expect(failed).toBeGreaterThan(100);
  });
});

describe('a batch that is too long', () => {
  const EVENTS = 270_000;

  it('is cut into pieces of fixed length', async () => {
    const file = await fixture('pieces.arrow');
    expect(file.summary.chunks).toEqual([
      { begin: 0, end: 131_072, group: 0 },
      { begin: 131_072, end: 262_144, group: 0 },
      { begin: 262_144, end: EVENTS, group: 0 },
    ]);
    await checkPieces(file, (i) => (i % 5000 === 0 ? 1 : 0));
  });

  const folder = mkdtempSync(join(tmpdir(), 'lumiscope-arrow-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.skipIf(!PYTHON)(
    'and read by ranges where it is not compressed (needs LUMISCOPE_PYTHON)',
    async () => {
      execFileSync(PYTHON!, [`${FIXTURES}make_fixtures.py`, folder]);
      for (const name of ['long.arrow', 'long_lz4.arrow']) {
        const counter = { bytes: 0, requests: 0 };
        const file = await openFile(join(folder, name), counter);
        const opened = counter.bytes;
        await checkPieces(file, (i) => i % 4);
        const stored = file.summary.columnBytes.reduce((sum, bytes) => sum + bytes);
        expect((counter.bytes - opened) / stored).toBeLessThan(1.01);
      }
    },
    60_000,
  );

  async function checkPieces(file: EventFile, length: (event: number) => number): Promise<void> {
    for (const chunk of [2, 0, 1]) {
      const { begin, end } = file.summary.chunks[chunk]!;
      const columns = await file.readChunk(chunk, ['flat', 'list', 'sparse', 'label']);
      const formulas: ((i: number) => unknown[])[] = [
        (i) => [Math.floor(i / 1000)],
        (i) => new Array(length(i)).fill(i % 8),
        (i) => [i % 40_000 ? 5 : undefined],
        (i) => [`s${Math.floor(i / 50_000)}`],
      ];
      expect(columns.map((column, k) => countWrong(column, begin, end, formulas[k]!))).toEqual([0, 0, 0, 0]);
    }
  }

  function countWrong(column: ColumnData, begin: number, end: number, formula: (event: number) => unknown[]): number {
    const { offsets, values, valid, dictionary } = column;
    let wrong = column.length === end - begin ? 0 : 1;
    for (let i = begin; i < end; i++) {
      const from = offsets[0] ? offsets[0][i - begin]! : i - begin;
      const to = offsets[0] ? offsets[0][i - begin + 1]! : from + 1;
      const want = formula(i);
      if (to - from !== want.length) wrong++;
      for (let k = from; k < to; k++) {
        const got = valid?.[k] === 0 ? undefined : dictionary ? dictionary[Number(values[k])] : values[k];
        if (got !== want[k - from]) wrong++;
      }
    }
    return wrong;
  }
});
