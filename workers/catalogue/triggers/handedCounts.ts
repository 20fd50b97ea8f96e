import type { TriggerCounts } from '../../../core/catalogue/triggerCounts.ts';
import type { Handed } from '../taskContext.ts';

/** Counts whose arrays go to the other thread. */
export function handedCounts(counts: TriggerCounts): Handed<TriggerCounts> {
  const { fired, unique, inExactly, times, pairs } = counts;
  const arrays = [
    ...fired,
    unique,
    inExactly,
    ...times.flatMap(({ blocks, first, last }) => [blocks, first, last]),
    ...(pairs ? [pairs.bits, pairs.both] : []),
  ];
  return { handed: counts, buffers: [...new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))] };
}
