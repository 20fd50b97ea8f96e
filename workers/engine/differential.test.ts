/**
 * Every engine against the reference interpreter, on random documents over random data.
 *
 * `LUMISCOPE_CASES=5000` runs more cases, `LUMISCOPE_SEED=7` others (see scripts/fixSeed.ts); a failure prints its seed.
 */
import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Engine, PartialResult } from './engine.ts';
import { referenceEngine } from './reference/engine.ts';
import { expectSameResult } from './testing/compare.ts';
import { Draw } from './testing/draw.ts';
import { type Case, drawCase } from './testing/drawCase.ts';
import { ENGINE_NAMES, testedEngine } from './testing/engines.ts';

const CASES = Number(process.env.LUMISCOPE_CASES ?? 1500);

async function runAll(engine: Engine, { program, chunks }: Case, inSlices = true): Promise<PartialResult[]> {
  const prepared = await engine.prepare(program);
  return chunks.map(({ columns, events, cut }) => {
    const run = prepared.start(columns);
    if (inSlices) run.run(0, cut);
    run.run(inSlices ? cut : 0, events);
    try {
      return run.result();
    } finally {
      run.release();
    }
  });
}

/** Compares what an engine makes of random cases with what the reference interpreter makes of them, in one slice. */
async function compareWithReference(engine: Engine): Promise<void> {
  const property = fc.asyncProperty(fc.gen(), async (g) => {
    const one = drawCase(new Draw(g));
    const wanted = await runAll(referenceEngine, one, false);
    const actual = await runAll(engine, one).catch((error: unknown) => {
      throw new Error(`${JSON.stringify(one.document, null, 1)}\n${String(error)}`, { cause: error });
    });
    try {
      for (const [k, result] of actual.entries()) expectSameResult(result, wanted[k]!);
    } catch (error) {
      throw new Error(`${JSON.stringify(one.document, null, 1)}\n${(error as Error).message}`, { cause: error });
    }
  });
  await fc.assert(property, {
    numRuns: CASES,
    // Shrinking a failure may take longer than it is worth.
    interruptAfterTimeLimit: 60_000 + 500 * CASES,
    markInterruptAsFailure: true,
  });
}

describe('random documents', () => {
  it.each(ENGINE_NAMES)(
    'give the same bits with the %s engine as with the interpreter',
    async (name) => compareWithReference(await testedEngine(name)),
    3_600_000,
  );
});
