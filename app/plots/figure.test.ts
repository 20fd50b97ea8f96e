import { expect, it } from 'vitest';
import type { Axis } from '../../core/hist/axis.ts';
import { createHistogram } from '../../core/hist/contents.ts';
import { effectiveView } from '../store/plotView.ts';
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
