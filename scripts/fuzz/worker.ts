/** One thread of the fuzzer: damages and reads files as it is told, one at a time. */

import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { takeAllocated } from './allocations.ts';
import type { FuzzFile } from './files.ts';
import { mutate } from './mutate.ts';
import { reseal } from './seals.ts';

// After `allocations.ts` has put its classes in place.
const { attempt, Original } = await import('./attempt.ts');
const { attemptHistograms, contentsOf } = await import('./attemptHistograms.ts');
/** Of files of histograms, what they have undamaged. */
const contents = new Map<string, Promise<string>>();
type Originals = Map<string, InstanceType<typeof Original>>;
const originals: Originals = new Map();

export interface FuzzCase {
  file: FuzzFile;
  seed: number;
}

async function judge(file: FuzzFile, original: InstanceType<typeof Original>, bytes: Uint8Array, seed: number) {
  if (file.kind !== 'histograms') return attempt(original, bytes, seed, takeAllocated);
  const expected = contents.get(file.path) ?? contentsOf(file.name, original.bytes);
  contents.set(file.path, expected);
  return attemptHistograms(file.name, bytes, await expected, takeAllocated);
}

/** Every other mutant of an ntuple is damaged behind its checksums, where these can be put right. */
function mutantOf(original: Uint8Array, { hot, sealed, envelopes }: FuzzFile, seed: number) {
  if (envelopes.length === 0 || seed % 2 === 0) return { ...mutate(original, seed, hot), sealed };
  const { bytes, how } = mutate(original, seed, envelopes);
  if (bytes.length === original.length) reseal(bytes, envelopes);
  return { bytes, how: `${how}, checksums put right`, sealed: false };
}

parentPort!.on('message', async ({ file, seed }: FuzzCase) => {
  const original = originals.get(file.path) ?? new Original(file.name, Uint8Array.from(readFileSync(file.path)));
  originals.set(file.path, original);
  const { bytes, how, sealed } = mutantOf(original.bytes, file, seed);
  const started = performance.now();
  const verdict = await judge(file, original, bytes, seed).catch((error: Error) => ({
    end: 'violation' as const,
    what: `the fuzzer itself: ${error.stack}`,
    allocated: 0,
  }));
  parentPort!.postMessage({ ...verdict, how, sealed, milliseconds: performance.now() - started });
});
parentPort!.postMessage('ready');
