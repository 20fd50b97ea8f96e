import { cancelled } from '../../io/errors.ts';
import { nextTurn } from '../../schedule/slices.ts';
import { withCounting } from '../kernels/counting.ts';
import type { Handed, TaskContext } from '../taskContext.ts';
import { OverlapCounter, type PartialCounts } from './overlapCounter.ts';
import type { RangeTask } from './plan.ts';
import { rangeSources } from './rangeSources.ts';
import { windows } from './windows.ts';

export interface OverlapTaskInput {
  folder: string;
  streams: number;
  range: RangeTask;
}

/** Counts the overlaps of streams within a range of event numbers. */
export function run(
  context: TaskContext,
  { folder, streams, range }: OverlapTaskInput,
  signal: AbortSignal,
): Promise<Handed<PartialCounts>> {
  return withCounting(async (counting) => {
    const counter = new OverlapCounter(counting, streams);
    for await (const window of windows(rangeSources(context, folder, range, signal), counter.capacity)) {
      counter.take(window);
      await nextTurn();
      if (signal.aborted) throw cancelled();
    }
    const counts = await counter.finish();
    const { records, both, inExactly } = counts;
    return { handed: counts, buffers: [records, both, inExactly].map(({ buffer }) => buffer as ArrayBuffer) };
  });
}
