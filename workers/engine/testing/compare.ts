/** Results of two engines, held against each other bit by bit. */
import { expect } from 'vitest';
import type { PartialResult } from '../engine.ts';

/** As plain arrays: `toEqual` takes NaN for equal to NaN, and tells −0 from 0. */
function plain({ events, cutflow, missingWeight, histograms }: PartialResult): unknown {
  return {
    events,
    missingWeight,
    cutflow: [...cutflow],
    histograms: histograms.map(({ values, variances, entries, missing }) => ({
      entries,
      missing,
      values: [...values],
      variances: variances && [...variances],
    })),
  };
}

/** Engines do the same operations in the same order: every bit of a sum is the same. */
export function expectSameResult(actual: PartialResult, wanted: PartialResult): void {
  expect(plain(actual)).toEqual(plain(wanted));
}
