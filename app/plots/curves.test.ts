import { describe, expect, it } from 'vitest';
import type { Axis } from '../../core/hist/axis.ts';
import { combineDatasets } from '../../core/hist/contents.ts';
import type { Histogram } from '../../core/hist/histogram.ts';
import { effectiveView } from '../store/plotView.ts';
import { curvesOf, drawnSeries, fitsOver, isStacked } from './curves.ts';
import { figure1d } from './figure1d.ts';
import { INK } from './palette.ts';

const AXIS: Axis = { type: 'regular', bins: 5, lo: 0, hi: 10, scale: 'linear', name: 'pt' };
const STYLE = { ink: INK.light, fontSize: 11, legend: false };

function counts(...values: number[]): Histogram {
  return {
    axes: [AXIS],
    storage: 'count',
    values: Float64Array.of(1, ...values, 2),
    entries: 0,
    missing: 0,
    metadata: {},
  };
}

const sets = combineDatasets([
  { dataset: 'Data 2012', histogram: counts(9, 9, 9, 9, 9) },
  { dataset: 'signal', histogram: counts(0, 1, 4, 1, 0) },
  { dataset: 'background', histogram: counts(8, 8, 4, 8, 8) },
]);
const view = effectiveView(undefined, {});

describe('curves of a plot', () => {
  it('are its data sets, the data as points where there are others', () => {
    const curves = curvesOf({ title: 'm', histogram: sets }, [], view);
    expect(curves.map((c) => [c.name, c.look.points])).toEqual([
      ['Data 2012', true],
      ['signal', false],
      ['background', false],
    ]);
    expect(curvesOf({ title: 'm', histogram: counts(1, 2, 3, 4, 5) }, [], view)[0]?.look.points).toBe(false);
  });

  it('are those of histograms with the same bins as well', () => {
    const other = { title: 'n', histogram: { ...counts(1, 1, 1, 1, 1), axes: [{ ...AXIS, name: 'eta' }] } };
    const curves = curvesOf({ title: 'm', histogram: counts(2, 2, 2, 2, 2) }, [other], view);
    expect(curves.map((c) => c.name)).toEqual(['m', 'n']);
    expect(fitsOver(counts(1, 1, 1, 1, 1), { ...other.histogram, axes: [{ ...AXIS, bins: 4 }] })).toBe(false);
    expect(fitsOver(counts(1, 1, 1, 1, 1), { ...other.histogram, axes: [{ ...AXIS, unit: 'MeV' }] })).toBe(false);
  });

  it('take several bins as one, those left over as overflow', () => {
    const [curve] = curvesOf({ title: 'm', histogram: counts(1, 2, 3, 4, 5) }, [], { ...view, rebin: 2 });
    expect(curve?.histogram.axes[0]).toMatchObject({ bins: 2, hi: 8 });
    expect([...curve!.histogram.values]).toEqual([1, 3, 7, 7]);
  });

  it('have an integral of 1 each, or as a stack, where they are normalised', () => {
    const curves = curvesOf({ title: 'm', histogram: sets }, [], view);
    const integrals = (to: typeof view) => drawnSeries(curves, to).map((s) => s.contents.reduce((a, b) => a + b));
    for (const one of integrals({ ...view, normalise: true })) expect(one).toBeCloseTo(1, 14);
    const [data, signal, background] = integrals({ ...view, normalise: true, stack: true });
    expect(data).toBeCloseTo(1, 14);
    expect(signal! + background!).toBeCloseTo(1, 14);
    expect(signal).toBeCloseTo(6 / 42, 14);
  });

  it('are stacked where there are several, be it one alone under points', () => {
    const curves = curvesOf({ title: 'm', histogram: sets }, [], view);
    expect(isStacked(curves, { ...view, stack: true })).toBe(true);
    expect(isStacked(curves.slice(0, 2), { ...view, stack: true })).toBe(true);
    expect(isStacked(curves.slice(1, 2), { ...view, stack: true })).toBe(false);
  });
});

describe('the figure of curves', () => {
  const curves = curvesOf({ title: 'm', histogram: sets }, [], view);
  const traces = (to: Partial<typeof view>) =>
    figure1d(curves, { ...view, ...to }, STYLE, 'Events').data as {
      name: string;
      mode: string;
      y: number[];
      yaxis?: string;
    }[];

  it('piles up a stack and gives the sum the error of its parts', () => {
    const data = traces({ stack: true });
    const line = (name: string) => data.find((t) => t.name === name && t.mode === 'lines')!.y.slice(0, 5);
    expect(line('signal')).toEqual([0, 1, 4, 1, 0]);
    expect(line('background')).toEqual([8, 9, 8, 9, 8]);
    const band = data.find((t) => t.name === 'uncertainty')!.y;
    expect(band[0]).toBeCloseTo(8 + Math.sqrt(8), 14);
    expect(band[2]).toBeCloseTo(9 + 3, 14);
  });

  it('divides the points by the sum of a stack, else every curve by the first', () => {
    const below = (to: Partial<typeof view>) => traces(to).filter((t) => t.yaxis === 'y2' && t.mode === 'markers');
    const [ratio, ...others] = below({ stack: true, ratio: 'ratio' });
    expect(others).toEqual([]);
    expect(ratio!.y).toEqual([9 / 8, 9 / 9, 9 / 8, 9 / 9, 9 / 8]);
    expect(below({ ratio: 'ratio' }).map((t) => t.y[2])).toEqual([4 / 9, 4 / 9]);
  });

  it('shows a part of the axis, and its heights', () => {
    const { layout } = figure1d(curves, { ...view, range: [-5, 4] }, STYLE, 'Events');
    expect(layout).toMatchObject({ xaxis: { range: [0, 4] } });
  });
});
