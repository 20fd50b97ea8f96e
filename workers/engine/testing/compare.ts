/** Results of two engines, held against each other. */
import { expect } from 'vitest';
import { hasMeans, mapArrays } from '../../../core/hist/arrays.ts';
import type { Contents } from '../../../core/hist/contents.ts';
import type { PartialResult } from '../engine.ts';
import { type EventRows, valueAt } from '../eventRows.ts';

/** Relative to the sum of magnitudes: engines may add the weights of a bin in another order. */
const TOLERANCE = 1e-12;

/** Numbers that count something: all the same. */
function counts({ events, cutflow, missingWeight, histograms }: PartialResult): unknown {
  return {
    events,
    missingWeight,
    cutflow: [...cutflow].filter((_, k) => k % 3 === 0),
    histograms: histograms.map(({ values, variances, tiles, entries, missing }) => ({
      entries,
      missing,
      counts: variances ? values.length : [...values],
      bins: variances?.length,
      tiles,
    })),
  };
}

/** What weights whose squares are below the smallest double can add to Σ|w| unseen, for each of them. */
const UNSEEN = 1e-153;

/** Below it doubles lose digits, whatever the order of a sum. */
const TINY = 1e-290;

/** At least Σ|w| of `n` weights, by Cauchy and Schwarz. */
const magnitude = (n: number, w2: number): number => Math.sqrt(w2 * n) + n * UNSEEN;

/** `scale` is Σ|w| or more. Where squares overflow, sums in another order may differ by as much as there is. */
function expectNear(actual: number, wanted: number, scale: number, what: string): void {
  if (Object.is(actual, wanted) || actual === wanted || scale === Number.POSITIVE_INFINITY) return;
  if (Math.abs(actual - wanted) <= TOLERANCE * scale) return;
  expect(actual, what).toBe(wanted);
}

function expectSums(actual: Contents, wanted: Contents, what: string): void {
  if (hasMeans(wanted)) {
    // A mean is made of its fills in their order: there is but one result.
    expect(
      mapArrays(actual, (array) => array),
      what,
    ).toEqual(mapArrays(wanted, (array) => array));
    return;
  }
  if (!actual.variances || !wanted.variances) return;
  for (const [bin, w2] of wanted.variances.entries()) {
    expectNear(actual.values[bin]!, wanted.values[bin]!, magnitude(wanted.entries, w2), `${what}, Σw of bin ${bin}`);
    expectNear(actual.variances[bin]!, w2, w2 + TINY, `${what}, Σw² of bin ${bin}`);
  }
}

/** The same events with the same values, bit for bit but for what NaN is made of. */
function expectSameRows(actual: EventRows | undefined, wanted: EventRows | undefined): void {
  const rowsOf = (table: EventRows) =>
    [...table.event].map((event, row) => [event, ...table.columns.map((column) => valueAt(column, row))]);
  expect(actual && rowsOf(actual), 'rows of the table').toEqual(wanted && rowsOf(wanted));
  expect(actual?.columns, 'columns of the table').toEqual(wanted?.columns);
}

/** Counts are the same; sums of weights to 10⁻¹² of the sum of their magnitudes. */
export function expectSameResult(actual: PartialResult, wanted: PartialResult): void {
  expect(counts(actual)).toEqual(counts(wanted));
  for (let row = 0; row < wanted.cutflow.length; row += 3) {
    const [n, w, w2] = wanted.cutflow.subarray(row, row + 3);
    expectNear(actual.cutflow[row + 1]!, w!, magnitude(n!, w2!), `Σw of row ${row / 3}`);
    expectNear(actual.cutflow[row + 2]!, w2!, w2! + TINY, `Σw² of row ${row / 3}`);
  }
  expectSameRows(actual.table, wanted.table);
  for (const [k, histogram] of wanted.histograms.entries()) {
    expectSums(actual.histograms[k]!, histogram, `histogram ${k}`);
  }
}
