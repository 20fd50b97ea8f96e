import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cumulative, type CumulativeShape } from './cumulative.ts';

const shapes: fc.Arbitrary<CumulativeShape> = fc
  .record({
    outer: fc.integer({ min: 1, max: 2 }),
    bins: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 2 }),
    below: fc.integer({ min: 0, max: 1 }),
    above: fc.integer({ min: 0, max: 1 }),
    inner: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ outer, bins, below, above, inner }) => ({
    outer,
    bins,
    first: bins.map(() => below),
    stored: bins.map((n) => n + below + above),
    inner,
  }));

const weights = fc.oneof(
  fc.constant(0),
  fc.double({ min: -1e12, max: 1e12, noNaN: true }),
  fc.double({ min: -1, max: 1, noNaN: true }).map((x) => x * 1e-9),
  fc.constantFrom(1e-30, 3e200),
);

/** Random numbers of a shape, and a range of each of its leading axes. */
const cases = (value: fc.Arbitrary<number>) =>
  shapes.chain((shape) => {
    const size = shape.outer * shape.stored.reduce((a, b) => a * b, 1) * shape.inner;
    const range = (n: number) =>
      fc.tuple(fc.nat(n), fc.nat(n)).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
    return fc.record({
      shape: fc.constant(shape),
      cells: fc.array(value, { minLength: size, maxLength: size }).map((all) => Float64Array.from(all)),
      ranges: fc.tuple(...shape.bins.map(range)),
    });
  });

/** The bins of each number between the edges, one by one. */
function within(
  cells: Float64Array,
  { outer, stored, first, inner }: CumulativeShape,
  ranges: readonly (readonly number[])[],
): number[][] {
  const found: number[][] = Array.from({ length: outer * inner }, () => []);
  const columns = stored[1] ?? 1;
  for (const [at, x] of cells.entries()) {
    const [k, cell] = [at % inner, Math.floor(at / inner)];
    const column = (cell % columns) - (first[1] ?? 0);
    const row = (Math.floor(cell / columns) % stored[0]!) - first[0]!;
    const o = Math.floor(cell / columns / stored[0]!);
    const isIn = (place: number, range: readonly number[] | undefined) =>
      !range || (place >= range[0]! && place < range[1]!);
    if (isIn(row, ranges[0]) && isIn(column, ranges[1])) found[o * inner + k]!.push(x);
  }
  return found;
}

describe('sums up to each edge', () => {
  it('give counts between edges exactly', () => {
    fc.assert(
      fc.property(cases(fc.nat(2 ** 40)), ({ shape, cells, ranges }) => {
        const into = new Float64Array(shape.outer * shape.inner);
        new Cumulative(cells, shape, true).add(into, ranges);
        expect([...into]).toEqual(within(cells, shape, ranges).map((all) => all.reduce((a, b) => a + b, 0)));
      }),
    );
  });

  it('give weights to the last digits of what lies between, however small beside the rest, and nothing exactly', () => {
    fc.assert(
      fc.property(cases(weights), ({ shape, cells, ranges }) => {
        const into = new Float64Array(shape.outer * shape.inner);
        new Cumulative(cells, shape, false).add(into, ranges);
        for (const [k, all] of within(cells, shape, ranges).entries()) {
          const wanted = all.sort((a, b) => Math.abs(a) - Math.abs(b)).reduce((a, b) => a + b, 0);
          const magnitude = all.reduce((a, b) => a + Math.abs(b), 0);
          if (magnitude === 0) expect(into[k]! + 0).toBe(0);
          else expect(Math.abs(into[k]! - wanted)).toBeLessThanOrEqual(1e-12 * magnitude);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leave NaN and infinities where they are', () => {
    const shape = { outer: 1, stored: [4], first: [0], bins: [4], inner: 2 };
    const cells = Float64Array.of(1, 2, Number.NaN, 3, 4, Number.POSITIVE_INFINITY, 5, 6);
    const between = (from: number, to: number) => {
      const into = new Float64Array(2);
      new Cumulative(cells, shape, false).add(into, [[from, to]]);
      return [...into];
    };
    expect(between(0, 1)).toEqual([1, 2]);
    expect(between(0, 2)).toEqual([Number.NaN, 5]);
    expect(between(2, 4)).toEqual([9, Number.POSITIVE_INFINITY]);
  });
});
