/** Results of two engines, held against each other. */
import { expect } from 'vitest';
import { hasMeans, mapArrays } from '../../../core/hist/arrays.ts';
import type { Contents } from '../../../core/hist/contents.ts';
import type { PartialResult } from '../engine.ts';
import { type EventRows, valueAt } from '../eventRows.ts';

/** How near sums of weights have to be. */
export interface Tolerance {
  /** Of the sum of magnitudes. */
  relative: number;
  /** Of the largest weight of the histogram, for each of the entries. */
  unit: number;
}

/** Engines may add the weights of a bin in another order. */
const SUMS: Tolerance = { relative: 1e-12, unit: 0 };

/**
 * Sums in fixed point (`gpu-kernels/fill/fixedPoint.ts`): a weight is known to 2⁻³⁰ or a unit, which is 2⁻³⁸ of the largest weight of the
 * probe, or of twice that.
 */
export const FIXED_POINT: Tolerance = { relative: 2 ** -29, unit: 2 ** -34 };

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
function expectNear(actual: number, wanted: number, scale: number, allowed: number, what: string): void {
  if (Object.is(actual, wanted) || actual === wanted || scale === Number.POSITIVE_INFINITY) return;
  if (Math.abs(actual - wanted) <= allowed) return;
  expect(actual, what).toBe(wanted);
}

/** Σw and Σw² of `n` fills; `all` is Σw² of whatever has weights of one kind. */
function expectWeights(
  actual: readonly [number, number],
  wanted: readonly [number, number],
  n: number,
  all: number,
  { relative, unit }: Tolerance,
  what: string,
): void {
  const [w, w2] = wanted;
  const sum = magnitude(n, w2);
  // Where a weight is no number, or its square is none, nothing says how large the others may be.
  const units = (extent: number) => unit && (Number.isFinite(all) ? unit * n * extent : Number.POSITIVE_INFINITY);
  expectNear(actual[0], w, sum, relative * sum + units(Math.sqrt(all)), `${what}, Σw`);
  expectNear(actual[1], w2, w2 + TINY, relative * (w2 + TINY) + units(all), `${what}, Σw²`);
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

function expectSums(actual: Contents, wanted: Contents, tolerance: Tolerance, what: string): void {
  if (hasMeans(wanted)) {
    // A mean is made of its fills in their order: there is but one result.
    expect(
      mapArrays(actual, (array) => array),
      what,
    ).toEqual(mapArrays(wanted, (array) => array));
    return;
  }
  if (!actual.variances || !wanted.variances) return;
  const all = total(wanted.variances);
  for (const [bin, w2] of wanted.variances.entries()) {
    const sums = [wanted.values[bin]!, w2] as const;
    const found = [actual.values[bin]!, actual.variances[bin]!] as const;
    expectWeights(found, sums, wanted.entries, all, tolerance, `${what}, bin ${bin}`);
  }
}

/** The same events with the same values, bit for bit but for what NaN is made of. */
function expectSameRows(actual: EventRows | undefined, wanted: EventRows | undefined): void {
  const rowsOf = (table: EventRows) =>
    [...table.event].map((event, row) => [event, ...table.columns.map((column) => valueAt(column, row))]);
  expect(actual && rowsOf(actual), 'rows of the table').toEqual(wanted && rowsOf(wanted));
  expect(actual?.columns, 'columns of the table').toEqual(wanted?.columns);
}

/** Counts are the same; sums of weights to 10⁻¹² of the sum of their magnitudes, or as told. */
export function expectSameResult(actual: PartialResult, wanted: PartialResult, tolerance = SUMS): void {
  expect(counts(actual)).toEqual(counts(wanted));
  for (let row = 0; row < wanted.cutflow.length; row += 3) {
    const [n, ...sums] = wanted.cutflow.subarray(row, row + 3);
    const found = actual.cutflow.subarray(row + 1, row + 3);
    expectWeights([found[0]!, found[1]!], [sums[0]!, sums[1]!], n!, wanted.cutflow[2]!, tolerance, `row ${row / 3}`);
  }
  expectSameRows(actual.table, wanted.table);
  for (const [k, histogram] of wanted.histograms.entries()) {
    expectSums(actual.histograms[k]!, histogram, tolerance, `histogram ${k}`);
  }
}
