import { describe, expect, it } from 'vitest';
import { axisOf } from '../../core/analysis/compile.ts';
import type { AxisSpec } from '../../core/analysis/document.ts';
import { fineAxis } from '../../core/analysis/fineAxis.ts';
import type { PixelScale } from '../plots/plotArea.ts';
import { type BrushAxis, spanOf, withSpans } from './brushAxis.ts';
import { dragged, middleSpan, type PlacedAxis, pixelOfEdge } from './gesture.ts';
import { bodyMoved, endMoved, stepOf } from './keys.ts';

const brushAxis = (position: number, spec: AxisSpec): BrushAxis => ({
  position,
  axis: axisOf(spec),
  fine: fineAxis(spec, false, Math),
});
const scale = (lo: number, hi: number, from: number, to: number, log = false): PixelScale => ({
  lo,
  hi,
  from,
  to,
  log,
});

/** 400 fine bins of a quarter, and 100 pixels: a bin is a quarter of a pixel. */
const mass: PlacedAxis = {
  ...brushAxis(0, { value: 'm', bins: 50, range: [0, 100], unit: 'GeV' }),
  scale: scale(0, 100, 0, 100),
};
/** Five bins of a listed axis, which is not divided, on a y axis. */
const eta: PlacedAxis = {
  ...brushAxis(2, { value: 'eta', edges: [-3, -2, -1, 1, 2, 3] }),
  scale: scale(-3, 3, 60, 0),
};
const charge: PlacedAxis = {
  ...brushAxis(0, { value: 'q', categories: [-1, 0, 1] }),
  scale: scale(-0.5, 2.5, 0, 300),
};
const make = (start: number[]) => ({
  kind: 'make' as const,
  held: [],
  start,
  spans: start.map(() => ({ lo: 0, hi: 1 })),
});

describe('a drag', () => {
  it('marks from edge to edge, whichever way it goes', () => {
    const there = dragged(make([20.1]), [mass], [39.9]);
    expect(withSpans({ histogram: 'm', ranges: [] }, [mass], there).ranges).toEqual([{ axis: 0, from: 20, to: 40 }]);
    expect(dragged(make([39.9]), [mass], [20.1])).toEqual(there);
  });

  it('marks the bin where it began before it reaches another edge', () => {
    expect(dragged(make([130]), [charge], [140])).toEqual([{ lo: 1, hi: 2 }]);
    expect(dragged(make([130]), [charge], [260])).toEqual([{ lo: 1, hi: 3 }]);
    expect(dragged(make([-50]), [charge], [-40])).toEqual([{ lo: 0, hi: 1 }]);
    expect(dragged(make([350]), [charge], [360])).toEqual([{ lo: 2, hi: 3 }]);
  });

  it('makes a box of two axes, of which y grows upwards', () => {
    const box = dragged(make([10, 50]), [mass, eta], [30, 21]);
    expect(box).toEqual([
      { lo: 40, hi: 120 },
      { lo: 1, hi: 3 },
    ]);
    expect(withSpans({ histogram: 'm', ranges: [] }, [mass, eta], box).ranges).toEqual([
      { axis: 0, from: 10, to: expect.closeTo(30, 9) },
      { axis: 2, from: -2, to: 1 },
    ]);
  });

  it('moves a brush as a whole, and no further than the axis goes', () => {
    const spans = [{ lo: 80, hi: 160 }];
    const move = { kind: 'move' as const, held: [], start: [25], spans };
    expect(dragged(move, [mass], [35])).toEqual([{ lo: 120, hi: 200 }]);
    expect(dragged(move, [mass], [-200])).toEqual([{ lo: 0, hi: 80 }]);
    expect(dragged(move, [mass], [900])).toEqual([{ lo: 320, hi: 400 }]);
    expect(dragged(move, [mass], [25])).toEqual(spans);
  });

  it('moves the ends that are held alone, and leaves a bin between them', () => {
    const spans = [
      { lo: 80, hi: 160 },
      { lo: 1, hi: 3 },
    ];
    const corner = { kind: 'resize' as const, held: ['hi', 'lo'] as const, start: [40, 50], spans };
    expect(dragged(corner, [mass, eta], [50, 61])).toEqual([
      { lo: 80, hi: 200 },
      { lo: 0, hi: 3 },
    ]);
    expect(dragged(corner, [mass, eta], [0, 0])).toEqual([
      { lo: 80, hi: 81 },
      { lo: 2, hi: 3 },
    ]);
  });

  it('keeps the width in bins where bins grow, as on a logarithmic axis', () => {
    const pt: PlacedAxis = {
      ...brushAxis(0, { value: 'pt', bins: 40, range: [1, 10_000], scale: 'log' }),
      scale: scale(1, 10_000, 0, 400, true),
    };
    expect(pixelOfEdge(pt, 200)).toBeCloseTo(200, 6);
    expect(dragged({ kind: 'move', held: [], start: [0], spans: [{ lo: 10, hi: 30 }] }, [pt], [100])).toEqual([
      { lo: 110, hi: 130 },
    ]);
  });
});

describe('a brush', () => {
  it('is found back in the fine bins of its axis, be it from another binning', () => {
    const brush = { histogram: 'm', ranges: [{ axis: 0, from: 19.96, to: 20.02 }] };
    expect(spanOf(brush, mass)).toEqual({ lo: 80, hi: 81 });
    expect(spanOf(brush, eta)).toBeUndefined();
  });

  it('keeps its ranges on axes that are not drawn', () => {
    const brush = { histogram: 'm', ranges: [{ axis: 1, from: 3, to: 4 }] };
    expect(withSpans(brush, [mass], [{ lo: 4, hi: 8 }]).ranges).toEqual([
      { axis: 0, from: 1, to: 2 },
      { axis: 1, from: 3, to: 4 },
    ]);
  });

  it('starts in the middle third of what is drawn', () => {
    expect(middleSpan(mass)).toEqual({ lo: 133, hi: 267 });
    expect(middleSpan(charge)).toEqual({ lo: 1, hi: 2 });
  });
});

describe('a key', () => {
  const span = { lo: 80, hi: 160 };

  it('moves an end by a bin, or by ten, and to where it can go no further', () => {
    const keys: [string, boolean][] = [
      ['ArrowRight', false],
      ['ArrowDown', true],
      ['PageUp', false],
      ['Home', false],
      ['End', false],
    ];
    expect(keys.map(([key, shiftKey]) => endMoved(span, 'lo', stepOf({ key, shiftKey })!, mass).lo)).toEqual([
      81, 70, 90, 0, 159,
    ]);
    expect(endMoved(span, 'hi', stepOf({ key: 'End', shiftKey: false })!, mass)).toEqual({ lo: 80, hi: 400 });
    expect(stepOf({ key: 'Tab', shiftKey: true })).toBeUndefined();
  });

  it('moves the whole along x, and a box up and down along y', () => {
    const box = [span, { lo: 1, hi: 3 }];
    expect(bodyMoved([span], 'ArrowUp', 1, [mass])).toEqual([{ lo: 81, hi: 161 }]);
    expect(bodyMoved(box, 'ArrowUp', 1, [mass, eta])).toEqual([span, { lo: 2, hi: 4 }]);
    expect(bodyMoved(box, 'End', Number.POSITIVE_INFINITY, [mass, eta])).toEqual([{ lo: 320, hi: 400 }, box[1]]);
  });
});
