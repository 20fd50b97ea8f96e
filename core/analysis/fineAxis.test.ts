import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisEdges } from '../hist/edges.ts';
import { log } from '../hist/elementary.ts';
import { axisIndexer } from '../hist/indexer.ts';
import { axisOf } from './compile.ts';
import type { AxisSpec } from './document.ts';
import { fineAxis, nearestBound, snapRange } from './fineAxis.ts';

const math = { log };
const regular = fc
  .record({
    bins: fc.integer({ min: 1, max: 1200 }),
    lo: fc.double({ min: 0.001, max: 1000, noNaN: true }),
    width: fc.double({ min: 0.001, max: 1000, noNaN: true }),
    scale: fc.constantFrom('linear' as const, 'log' as const, 'sqrt' as const),
    sign: fc.boolean(),
  })
  .map(({ bins, lo, width, scale, sign }): AxisSpec => {
    const from = sign && scale === 'linear' ? -lo : lo;
    return { value: 'x', bins, range: [from, from + width], scale };
  });

const bits = new BigInt64Array(1);
const double = new Float64Array(bits.buffer);
/** The double before a positive or negative one. */
function before(x: number): number {
  double[0] = x === 0 ? -Number.MIN_VALUE : x;
  if (x !== 0) bits[0] += x > 0 ? -1n : 1n;
  return double[0]!;
}

describe('the bounds of brushes', () => {
  it('are the first doubles that the formula puts into a bin', () => {
    fc.assert(
      fc.property(regular, fc.boolean(), (spec, inBox) => {
        const { edges, bounds } = fineAxis(spec, inBox, math);
        const index = axisIndexer(axisOf(spec), math);
        const own = axisEdges(axisOf(spec));
        let found = 0;
        for (const [k, bound] of bounds.entries()) {
          expect(k === 0 || bound > bounds[k - 1]!).toBe(true);
          const bin = own.indexOf(edges[k]!);
          if (bin < 0) continue;
          found++;
          expect([index(before(bound)), index(bound)]).toEqual([bin, bin + 1]);
        }
        expect(found).toBe(spec.bins! <= (inBox ? 200 : 1000) ? own.length : edges.length);
      }),
      { numRuns: 60 },
    );
  });

  it('begin at zero on an axis that does', () => {
    expect(fineAxis({ value: 'x', bins: 6, range: [0, 100], scale: 'sqrt' }, false, math).bounds[0]).toBe(0);
    expect(fineAxis({ value: 'x', bins: 15, range: [0, 70] }, false, math).bounds[0]).toBe(0);
  });

  it('divide the bins by a whole number, fewer for a box', () => {
    const count = (bins: number, inBox = false) =>
      fineAxis({ value: 'x', bins, range: [0, 1] }, inBox, math).bounds.length - 1;
    expect([1, 50, 60, 150, 201, 300, 1000].map((n) => count(n))).toEqual([400, 400, 360, 300, 201, 300, 1000]);
    expect(count(2500)).toBe(834);
    expect([10, 40, 64, 100].map((n) => count(n, true))).toEqual([60, 40, 64, 100]);
  });

  it('are the edges, bin numbers or halves of other axes', () => {
    expect([...fineAxis({ value: 'x', edges: [0, 1, 5] }, false, math).bounds]).toEqual([0, 1, 5]);
    expect([...fineAxis({ value: 'x', categories: ['a', 'b'] }, false, math).bounds]).toEqual([0, 1, 2]);
    expect([...fineAxis({ value: 'x', boolean: true }, false, math).bounds]).toEqual([0, 1, 2]);
  });

  it('are snapped to from wherever', () => {
    const axis = fineAxis({ value: 'x', edges: [0, 1, 2, 4] }, false, math);
    expect([-9, 0.4, 0.6, 2.9, 3.1, 99].map((x) => nearestBound(axis, x))).toEqual([0, 0, 1, 2, 3, 3]);
    expect(snapRange(axis, 2.1, 0.9)).toEqual([1, 2]);
    expect(snapRange(axis, 1.1, 1.2)).toEqual([1, 2]);
    expect(snapRange(axis, 0.8, 0.9)).toEqual([0, 1]);
    expect(snapRange(axis, 7, 8)).toEqual([2, 4]);
    expect(snapRange(axis, -8, -7)).toEqual([0, 1]);
  });
});
