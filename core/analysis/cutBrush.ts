/** A cut with a constant as a brush: on what is compared, on a histogram that no plot shows, from the constant on or up to it. */
import { type CutConstant, cutConstants, withoutComparison } from './cutConstants.ts';
import type { AnalysisDocument } from './document.ts';

/** Name of that histogram. */
export const HIDDEN = 'cut that moves';

/** Values that pass, from one up to and not including another; undefined where they lie on both sides, or in one point. */
export function passing(op: CutConstant['op'], value: number): [number, number] | undefined {
  if (op === '>' || op === '>=') return [boundOf(op, value), Number.MAX_VALUE];
  return op === '<' || op === '<=' ? [-Number.MAX_VALUE, boundOf(op, value)] : undefined;
}

/** The bound of a range `from <= x < to` that stands for the comparison with a number. */
function boundOf(op: CutConstant['op'], value: number): number {
  return op === '>' || op === '<=' ? nextUp(value) : value;
}

/** The next double. */
function nextUp(x: number): number {
  const double = Float64Array.of(x === 0 ? 0 : x);
  const bits = new BigInt64Array(double.buffer);
  bits[0]! += x < 0 ? -1n : 1n;
  return double[0]!;
}

/**
 * The document without the comparison, and with a histogram of what is compared by the places where the number may stand; undefined where the
 * comparison is no condition by itself, or has no side.
 */
export function withHidden(
  document: AnalysisDocument,
  { cut, at, op, compared }: CutConstant,
  stops: readonly number[],
): AnalysisDocument | undefined {
  const own = document.select.find(({ name, enabled }) => name === cut && enabled);
  const constant = own && cutConstants([own])[at];
  if (!own || constant?.compared !== compared || !passing(op, 0)) return undefined;
  const expression = withoutComparison(own.expression, constant);
  if (expression === undefined) return undefined;
  const edges = [-Number.MAX_VALUE, ...stops.map((stop) => boundOf(op, stop)), Number.MAX_VALUE];
  return {
    ...document,
    select: document.select.map((one) => (one === own ? { ...own, expression } : one)),
    histograms: [
      ...document.histograms,
      { name: HIDDEN, axes: [{ value: finite(op, compared), edges }], storage: 'count' },
    ],
  };
}

/** What is compared, but infinite values that pass lie within the edges. NaN, which `min` and `max` skip, goes to the side that does not pass. */
function finite(op: CutConstant['op'], compared: string): string {
  const [all, half] = [Number.MAX_VALUE, Number.MAX_VALUE / 2];
  return op === '>' || op === '>='
    ? `min(max(${compared}, ${-all}), ${half})`
    : `max(min(${compared}, ${all}), ${-half})`;
}
