import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Brush } from './brush.ts';
import { formatBrushes, parseBrushes } from './brushLink.ts';

const range = fc
  .uniqueArray(fc.double({ noNaN: true, min: -1e300, max: 1e300 }), {
    minLength: 2,
    maxLength: 2,
    comparator: 'IsStrictlyEqual',
  })
  .map(([a, b]) => ({ from: Math.min(a!, b!) + 0, to: Math.max(a!, b!) + 0 }));
const brush: fc.Arbitrary<Brush> = fc
  .record({
    histogram: fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }).filter((name) => name.isWellFormed()),
    axes: fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 2 }),
    given: fc.tuple(range, range),
  })
  .map(({ histogram, axes, given }) => ({
    histogram,
    ranges: axes.map((axis, k) => ({ axis, from: given[k]!.from, to: given[k]!.to })),
  }));

describe('brushes in a link', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(fc.uniqueArray(brush, { maxLength: 5, selector: ({ histogram }) => histogram }), (brushes) => {
        const text = formatBrushes(
          brushes,
          brushes.map(({ histogram }) => histogram),
        );
        expect(text).toMatch(/^(&brush=[^&#\s]*)?$/);
        expect(parseBrushes(`#a=xyz&log=m${text}&show=events`)).toEqual(brushes);
      }),
    );
  });

  it('can be read by people', () => {
    const ranges = [
      { axis: 0, from: 20, to: 40 },
      { axis: 1, from: -1, to: 1 },
    ];
    const brushes = [
      { histogram: 'm_mumu', ranges: [{ axis: 0, from: 80, to: 100.5 }] },
      { histogram: 'pt_eta', ranges },
      { histogram: 'abc', ranges: [{ axis: 2, from: 3, to: 5 }] },
    ];
    expect(formatBrushes(brushes, ['m_mumu', 'pt_eta', 'abc'])).toBe(
      '&brush=m_mumu:80..100.5,pt_eta:20..40x-1..1,abc:3..5@2',
    );
    expect(formatBrushes(brushes, ['abc'])).toBe('&brush=abc:3..5@2');
  });

  it('leave aside what is damaged', () => {
    const damaged =
      'm,m:,m:3..1,m:1..1,m:1..x,m:1..2x,m:1..2x3..4x5..6,m:1..2@0x3..4@0,m:0..1e999,%E0%A4%A:1..2,:1..2,m:1..2@9';
    expect(parseBrushes(`#a=b&brush=${damaged}`)).toEqual([]);
    expect(parseBrushes('#a=b')).toEqual([]);
    expect(parseBrushes(`#a=b&brush=${Array.from({ length: 1000 }, (_, k) => `h${k}:1..2`)}`)).toHaveLength(100);
  });
});
