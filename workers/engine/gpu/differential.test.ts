/**
 * The WebGPU engine, with the WebAssembly engine for what it leaves in doubt, against the reference interpreter, on random documents. There is no shrinking: each try would compile anew.
 *
 * `LUMISCOPE_CASES=3000` runs more cases, `LUMISCOPE_SEED=7` others (see scripts/fixSeed.ts). A pipeline takes SwiftShader a second,
 * so that few cases run by default.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ColumnShape } from '../../../gpu-kernels/types.ts';
import { OrderedMerge } from '../../schedule/merge.ts';
import type { PartialResult } from '../engine.ts';
import { referenceEngine } from '../reference/engine.ts';
import { expectSameResult, FIXED_POINT } from '../testing/compare.ts';
import { Draw } from '../testing/draw.ts';
import { type Case, drawGpuCase } from '../testing/drawCase.ts';
import { testedEngine } from '../testing/engines.ts';
import { type GpuUnderTest, testGpu } from '../testing/gpu.ts';
import { runOnGpu } from '../testing/runOnGpu.ts';

const CASES = Number(process.env.LUMISCOPE_CASES ?? 60);

/** What became of the cases. */
class Tally {
  events = 0;
  doubtful = 0;
  documents = 0;
  readonly refused = new Map<string, number>();

  refuse(reason: string): void {
    const kind = reason.replaceAll(/"[^"]*"|-?\d+/g, '…');
    this.refused.set(kind, (this.refused.get(kind) ?? 0) + 1);
  }

  get refusals(): number {
    return [...this.refused.values()].reduce((sum, count) => sum + count, 0);
  }

  toString(): string {
    const reasons = [...this.refused].map(([reason, count]) => `${count} refused: ${reason}`);
    return [`${this.documents} documents ran; ${this.doubtful} of ${this.events} events in doubt`, ...reasons].join(
      '; ',
    );
  }
}

async function compareOne(gpu: GpuUnderTest, one: Case, tally: Tally): Promise<void> {
  if (one.program.columns.length === 0) return tally.refuse('no column is read');
  const shapes = new Map(one.columns.map((column): [string, ColumnShape] => [column.name, column]));
  const lowered = gpu.lower(one.program, shapes);
  if ('reason' in lowered) return tally.refuse(lowered.reason);
  const exact = await (await testedEngine('wasm')).prepare(one.program);
  const chunks = one.chunks.map(({ columns }) => new Map(one.program.columns.map((name, k) => [name, columns[k]!])));
  const { result, doubtful } = await runOnGpu(gpu.host, lowered, one.program, exact, chunks);
  expectSameResult(result, await referenceResult(one), FIXED_POINT);
  tally.documents += 1;
  tally.events += result.events;
  for (const { rows } of doubtful) tally.doubtful += rows.length;
}

async function referenceResult({ program, chunks }: Case): Promise<PartialResult> {
  const prepared = await referenceEngine.prepare(program);
  const [first, ...others] = chunks.map(({ columns, events }) => {
    const run = prepared.start(columns);
    run.run(0, events);
    return run.result();
  });
  const sum = new OrderedMerge(first!);
  for (const [k, other] of others.entries()) sum.add(k, other);
  return sum.sum();
}

/** Cases that are under way at once: pipelines are compiled on threads of Dawn's. */
const AT_ONCE = 4;

it('random documents give the same counts on the GPU as with the interpreter', async ({ skip }) => {
  const gpu = await testGpu();
  if (!gpu) return skip('no adapter on this machine');
  const tally = new Tally();
  const draws = fc.sample(fc.gen(), CASES).entries();
  const work = async () => {
    for (const [k, g] of draws) {
      const one = drawGpuCase(new Draw(g));
      await compareOne(gpu, one, tally).catch((error: unknown) => {
        throw new Error(`case ${k}: ${JSON.stringify(one.document, null, 1)}\n${String(error)}`, { cause: error });
      });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  process.stdout.write(`${tally}\n`);
  // An engine that leaves everything to the other one is never wrong either.
  expect(tally.refusals).toBeLessThan(CASES / 4);
  expect(tally.doubtful).toBeLessThan(tally.events / 2);
}, 3_600_000);
