/** Files that are cut short, changed or no Parquet files at all: values or a `LumiscopeError`, and nothing else. */
import { readFileSync } from 'node:fs';
import { parquetMetadata } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { LumiscopeError } from '../../../core/errors.ts';
import { openSource } from '../../io/openSource.ts';
import { sharedData } from '../../testing/sharedData.ts';
import { openEventFile } from '../open.ts';
import { rawPage } from './page.ts';

const fixture = (name: string) => new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));

async function openBytes(bytes: Uint8Array) {
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const counter = { bytes: 0, requests: 0 };
  const { source, file } = await openSource({ kind: 'blob', name: 'x.parquet', blob }, { counter });
  return openEventFile(source, file);
}

/** Opens a file and reads every column of it. @returns the errors; any that is not ours is thrown */
async function readAll(bytes: Uint8Array): Promise<LumiscopeError[]> {
  const errors: LumiscopeError[] = [];
  const note = (error: unknown) => {
    if (!(error instanceof LumiscopeError) || !['format', 'source'].includes(error.tag)) throw error;
    errors.push(error);
  };
  const file = await openBytes(bytes).catch(note);
  if (!file) return errors;
  for (const chunk of file.summary.chunks.keys()) {
    for (const { name } of file.summary.columns) {
      await file.readChunk(chunk, [name]).then(([column]) => {
        const offsets = column!.offsets.at(-1);
        expect(column!.values.length).toBe(offsets ? offsets.at(-1) : column!.length);
      }, note);
    }
  }
  return errors;
}

/** Mulberry32: the same mutations each time. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('files that are not what they should be', () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const good = fixture('pyarrow_zstd_v2_plain.parquet');

  it.each([
    ['is empty', new Uint8Array(0), /the file is empty/],
    ['is a web page', encode('<!doctype html><title>Not found</title>'), /not a ROOT, Parquet, Arrow or CSV file/],
    ['is two bytes long', encode('PA'), /not a ROOT, Parquet, Arrow or CSV file/],
    ['is a ROOT file', encode(`root${'\0'.repeat(100)}`), /not closed when it was written/],
    [
      'is a Parquet file cut in half',
      good.slice(0, good.length >> 1),
      /cut short or damaged: it does not end with PAR1/,
    ],
    ['is magic bytes only', encode('PAR1PAR1'), /cut short or damaged: it is 8 bytes long/],
    ['lacks its start', good.slice(-200), /cut short or damaged: its footer claims \d+ of 200 bytes/],
    ['is encrypted', Uint8Array.of(...good.slice(0, -4), ...encode('PARE')), /encrypted/],
  ])('one that %s is an error that says so', async (_, bytes, message) => {
    const opening = openBytes(bytes);
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toMatchObject({
      tag: 'format',
      place: { file: 'x.parquet' },
      hint: expect.any(String),
    });
  });
});

it('damage in a column is an error that names file and column, and the others stay readable', async () => {
  const bytes = fixture('pyarrow_snappy_v1_plain.parquet');
  const [first] = await readAll(bytes);
  expect(first).toBeUndefined();
  // The start of the first page's body.
  bytes.fill(255, 4, 30);
  const errors = await readAll(bytes);
  expect(errors.map(({ tag, place }) => [tag, place.file, place.column])).toEqual([['format', 'x.parquet', 'bool']]);
});

describe('a page that does not match its checksum', () => {
  /** Changes one byte of a page's values, which no decoder would notice. */
  function changed(name: string, column: string): Uint8Array {
    const bytes = fixture(name);
    const chunk = parquetMetadata(bytes).row_groups[0]!.columns.find(
      ({ meta_data }) => meta_data!.path_in_schema[0] === column,
    )!;
    const { data_page_offset: first, dictionary_page_offset: dictionary } = chunk.meta_data!;
    const { body } = rawPage(bytes, Number(dictionary ?? first));
    body[body.length - 1]! ^= 1;
    return bytes;
  }

  it.each(['checksums_v1.parquet', 'checksums_v2.parquet'])('is an error that names it: %s', async (name) => {
    const errors = await readAll(changed(name, 'distinct'));
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^x\.parquet, column distinct: .*the dictionary page of a row group has another checksum/),
    ]);
    const [flags] = await readAll(changed(name, 'list_bool'));
    expect(flags!.message).toMatch(/column list_bool: .*the page from event 0 on of a row group has another checksum/);
  });

  it('would not be noticed without', async () => {
    expect(await readAll(changed('pyarrow_none_v1_plain.parquet', 'distinct'))).toEqual([]);
  });
});

describe('mutated files give values or an error of ours', () => {
  it.each([
    'pyarrow_none_v1_dictionary.parquet',
    'pyarrow_none_v2_plain.parquet',
    'pyarrow_snappy_v2_dictionary.parquet',
    'pyarrow_zstd_v1_dictionary.parquet',
    'pyarrow_gzip_v1_plain.parquet',
    'duckdb_snappy.parquet',
    'encodings_duckdb.parquet',
    'encodings_v2.parquet',
    'types_plain_fixed.parquet',
    'codec_lz4_raw.parquet',
    'codec_brotli.parquet',
    'codec_duckdb_brotli.parquet',
    'checksums_v1.parquet',
    'pieces_index.parquet',
  ])('%s', async (name) => {
    const next = random(name.length);
    const original = fixture(name);
    let errors = 0;
    for (let round = 0; round < 60; round++) {
      let bytes = original.slice();
      // Half of them in the footer, where sizes and places are.
      const from = round % 2 === 0 ? 0 : Math.floor(bytes.length * 0.6);
      for (let flips = 1 + Math.floor(next() * 6); flips > 0; flips--) {
        const at = from + Math.floor(next() * (bytes.length - 8 - from));
        bytes[at] = next() < 0.5 ? bytes[at]! ^ (1 << Math.floor(next() * 8)) : Math.floor(next() * 256);
      }
      if (round % 10 === 9) bytes = bytes.slice(0, Math.floor(next() * bytes.length));
      errors += (await readAll(bytes)).length;
    }
    // Deltas and split streams are numbers whatever their bits: of these files less is noticed.
    expect(errors).toBeGreaterThan(10);
  });

  const real = sharedData('Run2012B_SingleMu-1000.parquet');
  it.skipIf(!real)('a real file', { timeout: 60_000 }, async () => {
    const next = random(2012);
    const original = new Uint8Array(readFileSync(real!));
    for (let round = 0; round < 100; round++) {
      const bytes = original.slice();
      const from = round % 2 === 0 ? 0 : bytes.length - 22_000;
      for (let flips = 0; flips < 20; flips++) {
        bytes[from + Math.floor(next() * (bytes.length - 8 - from))] = Math.floor(next() * 256);
      }
      await readAll(bytes);
    }
  });
});
