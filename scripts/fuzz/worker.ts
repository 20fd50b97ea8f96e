/** One thread of the fuzzer: damages and reads files as it is told, one at a time. */

import { readFileSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { takeAllocated } from './allocations.ts';
import type { FuzzFile } from './files.ts';
import { mutate } from './mutate.ts';

// After `allocations.ts` has put its classes in place.
const { attempt, Original } = await import('./attempt.ts');
type Originals = Map<string, InstanceType<typeof Original>>;
const originals: Originals = new Map();

export interface FuzzCase {
  file: FuzzFile;
  seed: number;
}

parentPort!.on('message', async ({ file, seed }: FuzzCase) => {
  const original = originals.get(file.path) ?? new Original(file.name, Uint8Array.from(readFileSync(file.path)));
  originals.set(file.path, original);
  const { bytes, how } = mutate(original.bytes, seed, file.hot);
  const started = performance.now();
  const verdict = await attempt(original, bytes, seed, takeAllocated).catch((error: Error) => ({
    end: 'violation' as const,
    what: `the fuzzer itself: ${error.stack}`,
    allocated: 0,
  }));
  parentPort!.postMessage({ ...verdict, how, milliseconds: performance.now() - started });
});
parentPort!.postMessage('ready');
