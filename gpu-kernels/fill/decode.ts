import { emptyArrays } from '../../core/hist/arrays.ts';
import type { Contents } from '../../core/hist/contents.ts';
import type { GpuPartial, HistogramLayout, ResultLayout } from '../types.ts';
import { decodeSum, MOST_FILL_BITS, type Scale } from './fixedPoint.ts';
import { hasSums, SUM_WORDS } from './layout.ts';

/**
 * Events that may be added up in one buffer of results before it is read and cleared: counters have 32 bits, and sums of weights keep more
 * digits the fewer fills there may be.
 */
export function eventsAtMost(layout: ResultLayout): number {
  const fills = fillsOfEvent(layout);
  if (!hasSums(layout)) return Math.floor((2 ** 32 - 1) / fills);
  return Math.floor(2 ** MOST_FILL_BITS / fills);
}

/** Fills, at most, of one bin or row that so many events make: what `chooseScales` asks for. */
export function fillsAtMost(layout: ResultLayout, events: number): number {
  return events * fillsOfEvent(layout);
}

const fillsOfEvent = ({ histograms }: ResultLayout) => Math.max(1, ...histograms.map((one) => one.fillsAtMost));

/** Parts of the layout, one after the other, of at most so many bytes: a dispatch over all events for each. */
export function resultWindows(layout: ResultLayout, bindingBytes: number): { first: number; end: number }[] {
  const step = Math.floor(bindingBytes / 4 / SUM_WORDS) * SUM_WORDS;
  const count = Math.max(1, Math.ceil(layout.words / step));
  return Array.from({ length: count }, (_, k) => ({
    first: k * step,
    end: Math.min((k + 1) * step, paddedWords(layout)),
  }));
}

/** Words of the buffer `results`, of all windows together. */
export function paddedWords(layout: ResultLayout): number {
  return Math.ceil(layout.words / SUM_WORDS) * SUM_WORDS;
}

/** What a run left in the buffer `results` (all windows, one after the other). @param scales those that it ran with */
export function decodeResults(words: Uint32Array, layout: ResultLayout, scales: readonly Scale[]): GpuPartial {
  const rows = layout.cuts + 1;
  const cutflow = new Float64Array(3 * rows);
  for (let row = 0; row < rows; row++) {
    const events = words[layout.cutflow + row];
    cutflow.set([events, events, events], 3 * row);
    if (layout.cutflowSums !== undefined)
      cutflow.set(sums(words, layout.cutflowSums + SUM_WORDS * row, scales[0]), 3 * row + 1);
  }
  return {
    events: cutflow[0],
    cutflow,
    missingWeight: words[layout.missingWeight],
    histograms: layout.histograms.map((one) => contents(words, one, scales)),
  };
}

function contents(words: Uint32Array, layout: HistogramLayout, scales: readonly Scale[]): Contents {
  const { bins, binCount, weight, storage } = layout;
  const arrays = emptyArrays(storage, binCount);
  let entries = 0;
  for (let bin = 0; bin < binCount; bin++) {
    if (weight === undefined) {
      const count = words[bins + bin];
      if (count === 0) continue;
      entries += count;
      arrays.values[bin] = count;
      if (arrays.variances) arrays.variances[bin] = count;
    } else {
      const at = bins + SUM_WORDS * bin;
      [arrays.values[bin], arrays.variances![bin]] = sums(words, at, scales[weight]);
    }
  }
  if (layout.entries !== undefined) entries = words[layout.entries];
  return { ...arrays, entries, missing: words[layout.missing] };
}

/** Σw, which is signed, and Σw². */
function sums(words: Uint32Array, at: number, { exponent, squareShift }: Scale): [number, number] {
  return [
    decodeSum(words[at], words[at + 1] | 0, exponent),
    decodeSum(words[at + 2], words[at + 3], 2 * exponent - squareShift),
  ];
}
