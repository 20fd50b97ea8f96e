import { cancelled } from '../../io/errors.ts';
import { nextTurn } from '../../schedule/slices.ts';
import { withCounting } from '../kernels/counting.ts';
import type { Handed, TaskContext } from '../taskContext.ts';
import { type CountedBy, type OverlapEngine, onEngine } from './engine.ts';
import { OverlapCounter, type PartialCounts } from './overlapCounter.ts';
import type { RangeTask } from './plan.ts';
import { rangeSources } from './rangeSources.ts';
import { windows } from './windows.ts';

export interface OverlapTaskInput {
  folder: string;
  streams: number;
  range: RangeTask;
  engine: OverlapEngine;
}

/** Counts the overlaps of streams within a range of event numbers. */
export async function run(
  context: TaskContext,
  { folder, streams, range, engine }: OverlapTaskInput,
  signal: AbortSignal,
): Promise<Handed<PartialCounts & { by: CountedBy }>> {
  const counts = await onEngine(engine, context.findGpu, async (device) => {
    const pairs = await device?.counter(streams);
    try {
      return await withCounting(async (counting) => {
        const counter = new OverlapCounter(counting, streams, { pairs });
        for await (const window of windows(rangeSources(context, folder, range, signal), counter.capacity)) {
          counter.take(window);
          await pairs?.ready();
          await nextTurn();
          if (signal.aborted) throw cancelled();
        }
        return counter.finish();
      });
    } finally {
      pairs?.destroy();
    }
  });
  const { records, both, inExactly } = counts;
  return { handed: counts, buffers: [records, both, inExactly].map(({ buffer }) => buffer as ArrayBuffer) };
}
