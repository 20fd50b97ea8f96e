/** Runs cases of the fuzzer on threads, with limits of time and memory, and sums up. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Verdict } from './attempt.ts';
import type { FuzzFile } from './files.ts';
import type { FuzzCase } from './worker.ts';

/** What no mutant may take longer than. */
const LIMIT_MILLISECONDS = 5000;
/** With time for the original, which is read when it is needed first. */
const KILL_MILLISECONDS = 8000;
/** Of JavaScript's own objects. */
const HEAP_MEGABYTES = 512;
/** Typed arrays of opening a file, or of one column. */
const ALLOCATION_BYTES = 256 * 2 ** 20;

export interface FuzzResult extends Verdict {
  how: string;
  /** Whether checksums hold all of it. */
  sealed: boolean;
  milliseconds: number;
}

export interface Violation extends FuzzCase {
  how: string;
  what: string;
}

export interface FuzzTotals {
  files: number;
  mutants: number;
  errors: number;
  right: number;
  changed: number;
  violations: Violation[];
  slowest: number;
  largest: number;
}

/** Goes through `count` mutants, the same ones for the same seed, with files taken in turn. */
export async function runFuzz(
  files: readonly FuzzFile[],
  { count, seed, threads }: { count: number; seed: number; threads: number },
  onViolation: (violation: Violation) => void = () => {},
): Promise<Map<FuzzFile['kind'], FuzzTotals>> {
  const totals = new Map<FuzzFile['kind'], FuzzTotals>();
  for (const { kind } of files) {
    const had = totals.get(kind)?.files ?? 0;
    totals.set(kind, {
      files: had + 1,
      mutants: 0,
      errors: 0,
      right: 0,
      changed: 0,
      violations: [],
      slowest: 0,
      largest: 0,
    });
  }
  let next = 0;
  const lane = async () => {
    const thread = new Thread();
    for (let k = next++; k < count; k = next++) {
      const file = files[k % files.length]!;
      const one = { file, seed: seed + k };
      let result = await thread.judge(one);
      // A busy machine may have kept it waiting: once more, before it counts.
      if (result.milliseconds > LIMIT_MILLISECONDS) result = await thread.judge(one);
      const total = totals.get(file.kind)!;
      total.mutants++;
      total.slowest = Math.max(total.slowest, result.milliseconds);
      total.largest = Math.max(total.largest, result.allocated);
      if (result.end === 'error') total.errors++;
      else if (result.end === 'right') total.right++;
      else if (result.end === 'changed') total.changed++;
      const what = whatIsWrong(result);
      if (what === undefined) continue;
      const violation = { ...one, how: result.how, what };
      total.violations.push(violation);
      onViolation(violation);
    }
    await thread.end();
  };
  await Promise.all(Array.from({ length: threads }, lane));
  return totals;
}

function whatIsWrong({ end, what, sealed, milliseconds, allocated }: FuzzResult): string | undefined {
  if (end === 'violation') return what ?? 'unknown';
  if (milliseconds > LIMIT_MILLISECONDS) return `took ${Math.round(milliseconds)} ms`;
  if (allocated > ALLOCATION_BYTES) return `asked for ${Math.round(allocated / 2 ** 20)} MiB`;
  return sealed && end === 'changed' ? 'other values, and no error' : undefined;
}

/** A worker thread that is replaced when it hangs or dies. */
class Thread {
  #worker: Worker | undefined;

  async judge(one: FuzzCase): Promise<FuzzResult> {
    const worker = this.#worker ?? (await start());
    this.#worker = worker;
    const answer = new AbortController();
    const { signal } = answer;
    const lost = (what: string, milliseconds: number): FuzzResult => {
      this.#worker = undefined;
      worker.on('error', () => {});
      void worker.terminate();
      return { end: 'violation', what, how: 'see the seed', sealed: false, allocated: 0, milliseconds };
    };
    worker.postMessage(one);
    try {
      return await Promise.race([
        once(worker, 'message', { signal }).then(([result]) => result as FuzzResult),
        once(worker, 'exit', { signal }).then(([code]) => lost(`the thread ended with ${code}`, 0)),
        sleep(KILL_MILLISECONDS, undefined, { signal }).then(() => lost('hangs', KILL_MILLISECONDS)),
      ]);
    } catch (error) {
      return lost(`the thread died: ${(error as Error).message}`, 0);
    } finally {
      answer.abort();
    }
  }

  async end(): Promise<void> {
    await this.#worker?.terminate();
  }
}

async function start(): Promise<Worker> {
  const worker = new Worker(new URL('worker.source.mjs', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES },
  });
  await once(worker, 'message');
  return worker;
}
