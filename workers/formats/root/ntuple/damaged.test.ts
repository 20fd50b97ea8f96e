/**
 * Files with changed bytes: values or a `LumiscopeError`, and nothing else. Nearly all of them fail a checksum, so that here all checksums
 * are taken for right: a file made on purpose has right ones.
 */
import { readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { LumiscopeError } from '../../../../core/errors.ts';
import { openSource } from '../../../io/openSource.ts';
import { openRootFile } from '../openRootFile.ts';
import { openNTuple } from './openNTuple.ts';

vi.mock('./checksum.ts', () => ({ loadChecksumTest: async () => () => true }));

/** Opens a file and reads every column of its ntuple. @returns the number of errors; any that is not ours is thrown */
async function readAll(bytes: Uint8Array): Promise<number> {
  let errors = 0;
  const note = (error: unknown) => {
    if (!(error instanceof LumiscopeError) || error.tag !== 'format') throw error;
    expect(error.place.file).toMatch(/^x\.root/);
    errors++;
  };
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>]);
  const { source, file } = await openSource(
    { kind: 'blob', name: 'x.root', blob },
    { counter: { bytes: 0, requests: 0 } },
  );
  const opening = openRootFile(source).then((root) => {
    const key = root.keys.find(({ className }) => className === 'ROOT::RNTuple');
    return key && openNTuple(root, key, file);
  });
  const opened = await opening.catch(note);
  if (!opened) return errors;
  const { chunks, columns } = opened.summary;
  for (const chunk of [...chunks.keys()].slice(0, 4)) {
    for (const { name } of columns) {
      await opened.readChunk(chunk, [name]).then(([column]) => {
        const lengths = [column!.length, ...column!.offsets.map((bounds) => bounds.at(-1)!)];
        column!.offsets.forEach((bounds, level) => {
          expect(bounds.length).toBe(lengths[level]! + 1);
        });
        expect(column!.values.length).toBe(lengths.at(-1));
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

it.each([
  ['uproot_uncompressed.root', 150],
  ['uproot_zstd.root', 60],
  ['test_stl_containers_rntuple_v1-0-0-0.root', 60],
  ['test_extension_columns_rntuple_v1-0-0-0.root', 60],
])('%s, changed %i times', { timeout: 60_000 }, async (name, rounds) => {
  const next = random(name.length);
  const original = new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
  expect(await readAll(original)).toBe(0);
  let errors = 0;
  for (let round = 0; round < rounds; round++) {
    const bytes = original.slice();
    for (let flips = 1 + Math.floor(next() * 8); flips > 0; flips--) {
      const at = Math.floor(next() * bytes.length);
      bytes[at] = next() < 0.5 ? bytes[at]! ^ (1 << Math.floor(next() * 8)) : Math.floor(next() * 256);
    }
    const began = performance.now();
    errors += await readAll(round % 10 === 9 ? bytes.slice(0, Math.floor(next() * bytes.length)) : bytes);
    expect(performance.now() - began).toBeLessThan(5000);
  }
  expect(errors).toBeGreaterThan(rounds / 10);
});
