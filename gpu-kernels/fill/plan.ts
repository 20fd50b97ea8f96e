/**
 * Where a program's accumulators lie while it runs: the one place that chooses. `npm run bench -- gpuFill` measures what it chooses between.
 *
 * - **Workgroup memory** for the smallest histograms, as many as fit: an atomic there does not leave its processor, while bins that many
 *   threads hit at once (a peak; 100 bins under a million threads) make atomics in global memory wait for one another.
 * - **Copies** of a bin, side by side so that they lie in different banks: threads of one wave that hit the same bin wait for one another there
 *   too. Only up to `COPY_WORDS`, since clearing and emptying them is work that each workgroup does once, whatever its events are.
 * - **Global memory** for the rest: the more bins, the seldomer two threads meet.
 * - **Windows** where all results are larger than a binding: a dispatch over all events for each.
 *
 * So far it was measured on Chromium's SwiftShader alone (32,768 events, 100 bins, a busy machine): counts 1.3 and 1.2 million events/s in
 * workgroup and in global memory, 1.0 and 1.0 where they are peaked; Σw and Σw² 0.06 and 0.4. It clears workgroup memory word by word, so that
 * `device/` says of software adapters that they have next to none. The rest is reasoned from how GPUs work, and waits for one.
 */
import type { GpuLimits, HistogramLayout, ResultLayout } from '../types.ts';

/** A histogram in workgroup memory: from word `at` on `binWords` parts, each of `bins · copies` words. */
export interface PrivateBins {
  at: number;
  /** A power of two: neighbouring threads add to different copies of a bin. */
  copies: number;
}

export interface FillPlan {
  workgroup: number;
  /** Words of workgroup memory, the counters in front. */
  sharedWords: number;
  /** One for each histogram; undefined where it is filled in global memory straight away. */
  shared: (PrivateBins | undefined)[];
  /** Whether the results are larger than a binding, so that dispatches have to go over the events once for each window. */
  windowed: boolean;
}

/**
 * Fills that an event may make of histograms that are filled per item, all of them together, and may miss of one of them: an event with more is
 * in doubt. Sums of weights lose a bit for each time it is doubled.
 */
export const QUEUE_FILLS = 64;

const WORKGROUP = 256;
/** Workgroup memory that the compiler may want for itself. */
const MARGIN_BYTES = 512;
/** Up to so many words histograms have copies. */
const COPY_WORDS = 2048;
const MAX_COPIES = 8;
const WORD_BYTES = 4;

export function planFills(layout: ResultLayout, limits: GpuLimits): FillPlan {
  const room = Math.floor((limits.workgroupBytes - MARGIN_BYTES) / WORD_BYTES);
  const shared: (PrivateBins | undefined)[] = layout.histograms.map(() => undefined);
  const words = ({ binCount, binWords }: HistogramLayout) => binCount * binWords;
  const bySize = layout.histograms
    .map((_, k) => k)
    .sort((a, b) => words(layout.histograms[a]) - words(layout.histograms[b]));
  const counters = layout.probe;
  let taken = counters;
  const small = bySize.filter((k) => {
    if (taken + words(layout.histograms[k]) > room) return false;
    taken += words(layout.histograms[k]);
    return true;
  });
  let copies = 1;
  const bins = taken - counters;
  while (copies < MAX_COPIES && 2 * copies * bins <= COPY_WORDS && counters + 2 * copies * bins <= room) copies *= 2;
  let at = counters;
  for (const k of small) {
    shared[k] = { at, copies };
    at += words(layout.histograms[k]) * copies;
  }
  return {
    workgroup: Math.min(WORKGROUP, limits.workgroupThreads),
    sharedWords: Math.max(1, at),
    shared,
    windowed: layout.words * WORD_BYTES > limits.bindingBytes,
  };
}
