import { describe, expect, it } from 'vitest';
import type { Axis } from '../../core/hist/axis.ts';
import { createHistogram } from '../../core/hist/contents.ts';
import { effectiveView, type PlotView } from '../store/plotView.ts';
import { drawingOf, figureOf } from './figure.ts';
import { INK } from './palette.ts';

const FINE: Axis = { type: 'regular', bins: 5000, lo: 0, hi: 1, scale: 'linear' };

it('a map of more cells than a page can draw says so, and is drawn with fewer', () => {
  const style = { ink: INK.light, fontSize: 11, legend: false };
  const own = { name: 'h', title: 'h', histogram: createHistogram([FINE, FINE], 'count') };
  const figure = (rebin: number) => {
    const view = effectiveView(undefined, { rebin });
    return figureOf(drawingOf(own, [], view), view, style, 'Events');
  };
  expect(JSON.stringify(figure(1).layout)).toContain('25,020,004 bins are too many to draw');
  expect(figure(1).data).toEqual([]);
  expect(figure(50).data).toHaveLength(1);
});

describe('a plot under brushes', () => {
  const AXIS: Axis = { type: 'regular', bins: 3, lo: 0, hi: 3, scale: 'linear' };
  const style = { ink: INK.light, fontSize: 11, legend: false };
  const histogram = (...contents: number[]) => ({
    ...createHistogram([AXIS], 'count'),
    values: Float64Array.of(0, ...contents, 0),
  });
  const figure = (view: PlotView) => {
    const drawing = drawingOf({ title: 'h', histogram: histogram(1, 2, 0) }, [], view, histogram(10, 20, 5));
    return figureOf(drawing, view, style, 'Events');
  };
  const range = ({ layout }: ReturnType<typeof figure>) => (layout.yaxis as { range: [number, number] }).range;

  it('has the outline of all events behind what they leave, and room for both', () => {
    const shown = figure(effectiveView(undefined, {}));
    expect(shown.data.slice(0, 2).map(({ y }) => y)).toEqual([
      [10, 20, 5, 5],
      [1, 2, 0, 0],
    ]);
  });

  it('makes room for the outline, but leaves a third of the height to what is before it', () => {
    const top = (view: PlotView, ...left: number[]) => {
      const drawing = drawingOf({ title: 'h', histogram: histogram(...left) }, [], view, histogram(10, 20, 5));
      return range(figureOf(drawing, view, style, 'Events'))[1];
    };
    const linear = effectiveView(undefined, {});
    expect(top(linear, 8, 12, 2)).toBeGreaterThan(20);
    expect(top(linear, 0, 0, 0)).toBeGreaterThan(20);
    expect(top(linear, 1, 0, 0)).toBeCloseTo(3 * 2 * 1.08, 12);
    expect(10 ** top(effectiveView(undefined, { log: true }), 1, 0, 0)).toBeGreaterThan(20);
  });

  it('compares shapes where each is scaled to 1', () => {
    const shown = figure(effectiveView(undefined, { normalise: true }));
    expect((shown.data[0]!.y as number[])[1]).toBeCloseTo(20 / 35, 12);
    expect((shown.data[1]!.y as number[])[1]).toBeCloseTo(2 / 3, 12);
  });
});
