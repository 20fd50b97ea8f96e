import { expect, it } from 'vitest';
import type { Axis } from '../../core/hist/axis.ts';
import { createHistogram } from '../../core/hist/contents.ts';
import { effectiveView, type ViewChange } from '../store/plotView.ts';
import { numberChange } from './change.ts';
import { drawingOf, figureOf } from './figure.ts';
import { INK } from './palette.ts';

const X: Axis = { type: 'regular', bins: 3, lo: 0, hi: 3, scale: 'linear' };

function figure(change: ViewChange, axes: Axis[], ...contents: number[]) {
  const histogram = createHistogram(axes, 'count');
  contents.forEach((n, i) => {
    histogram.values[i + 1] = n;
  });
  const view = effectiveView(undefined, change);
  const drawing = drawingOf({ title: 'h', histogram }, [], view);
  return figureOf(drawing, view, { ink: INK.light, fontSize: 11, legend: false }, 'Events');
}

it('other contents change numbers and the y axis', () => {
  const after = figure({}, [X], 4, 50, 0);
  const change = numberChange(figure({}, [X], 1, 2, 3), after)!;
  expect(change.layout['yaxis.range']).toEqual([0, (50 + Math.sqrt(50)) * 1.08]);
  expect((change.data.y as unknown[])[0]).toEqual([4, 50, 0, 0]);
  expect(change.data.x).toHaveLength(after.data.length);
});

it('another look is another figure, and so is a map', () => {
  const before = figure({}, [X], 1, 2, 3);
  expect(numberChange(before, figure({ log: true }, [X], 1, 2, 3))).toBeUndefined();
  expect(numberChange(before, figure({ range: [1, 2] }, [X], 1, 2, 3))).toBeUndefined();
  expect(numberChange(before, figure({}, [{ ...X, label: 'm' }], 1, 2, 3))).toBeUndefined();
  expect(numberChange(figure({}, [X, X], 1), figure({}, [X, X], 2))).toBeUndefined();
});
