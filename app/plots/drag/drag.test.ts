import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Axis } from '../../../core/hist/axis.ts';
import { combineDatasets, createHistogram } from '../../../core/hist/contents.ts';
import type { Histogram } from '../../../core/hist/histogram.ts';
import { effectiveView, type ViewChange } from '../../store/plotView.ts';
import { drawingOf, figureOf } from '../figure.ts';
import { INK } from '../palette.ts';
import type { PixelScale, PlotArea } from '../plotArea.ts';
import type { PlotlyObject } from '../plotlyTypes.ts';
import { liveFigure } from './liveFigure.ts';
import { colourRange, paintMap } from './paintMap.ts';
import { paintTraces } from './paintTraces.ts';

const X: Axis = { type: 'regular', bins: 4, lo: 0, hi: 8, scale: 'linear' };
const STYLE = { ink: INK.light, fontSize: 11, legend: false };
const scale = (from: number, to: number, lo: number, hi: number): PixelScale => ({ from, to, lo, hi, log: false });

function filled(axes: Axis[], seed: number): Histogram {
  const histogram = createHistogram(axes, 'count');
  histogram.values.forEach((_, i) => {
    histogram.values[i] = (i * seed) % 7;
  });
  return histogram;
}

/** The figure of a plot with these numbers, and what is drawn of it while they come of a drag. */
function both(histogram: Histogram, change: ViewChange, all?: Histogram) {
  const view = effectiveView(undefined, change);
  const drawing = drawingOf({ title: 'h', histogram }, [], view, all);
  const figure = figureOf(drawing, view, STYLE, 'Events');
  const of = (name: string) => (figure.layout[name] as { range?: [number, number] } | undefined)?.range;
  const axis = (name: string, log = false): PixelScale => {
    const [lo, hi] = (of(name) ?? [0, 1]).map((end) => (log ? 10 ** end : end)) as [number, number];
    return { from: 0, to: 100, lo, hi, log };
  };
  const area: PlotArea = {
    x: axis('xaxis'),
    y: axis('yaxis', view.log),
    ...(of('yaxis2') && { panel: axis('yaxis2') }),
  };
  return { figure, live: liveFigure(drawing, view, STYLE, area) };
}

describe('what is drawn while something is dragged', () => {
  const two = combineDatasets([
    { dataset: 'data 2016', histogram: filled([X], 3) },
    { dataset: 'Z', histogram: filled([X], 5) },
    { dataset: 'W', histogram: filled([X], 2) },
  ]);
  it.each<[string, Histogram, ViewChange, Histogram?]>([
    ['one curve', filled([X], 3), {}],
    ['a log axis with flow bins', filled([X], 3), { log: true, flow: true }],
    ['several data sets, bins drawn as one', two, { rebin: 2, normalise: true }],
    ['a stack under points, with a panel', two, { stack: true, ratio: 'ratio' }],
    ['what brushes leave, before all', filled([X], 3), { log: true }, filled([X], 6)],
    ['a slice of two axes', filled([X, X], 3), { y: 'none', slices: { 1: 2 } }],
  ])('is what the figure shows: %s', (_, histogram, change, all) => {
    const { figure, live } = both(histogram, change, all);
    const seen = figure.data.filter(({ mode }) => mode !== 'none');
    expect(seen.length).toBeGreaterThan(1);
    const data = live?.kind === 'traces' ? live.data : [];
    // A power of ten and back costs a bit of the floor.
    const rounded = (traces: PlotlyObject[]) =>
      JSON.stringify(traces, (_, x) => (typeof x === 'number' ? Number(x.toPrecision(9)) : x));
    expect(rounded(data)).toEqual(rounded(seen));
  });

  it('is the cells of a map, turned and logarithmic as the figure has them', () => {
    const { figure, live } = both(filled([X, X], 3), { log: true, x: 1, y: 0 });
    const { x, y, z } = figure.data[0]!;
    expect(live).toEqual({ kind: 'map', cells: { x, y, z } });
  });
});

describe('painting on a canvas', () => {
  const area: PlotArea = { x: scale(10, 14, 0, 2), y: scale(24, 20, 0, 2) };

  it('gives each pixel of a map the colour of its cell, from the bottom up', () => {
    let drawn: { pixels: Uint32Array; at: [number, number] } | undefined;
    const context = {
      createImageData: (width: number, height: number) => ({ data: new Uint8ClampedArray(4 * width * height) }),
      putImageData: (image: ImageData, x: number, y: number) => {
        drawn = { pixels: new Uint32Array(image.data.buffer), at: [x, y] };
      },
    } as unknown as CanvasRenderingContext2D;
    const z = [
      [0, null],
      [1, 2],
    ];
    paintMap(context, { x: [0, 1, 2], y: [0, 1, 2], z }, area, [0, 2], 1);
    const { pixels, at } = drawn!;
    expect(at).toEqual([10, 20]);
    const [low, high] = [0xff4e2200, 0xff38e8fe];
    const bottom = [low, low, 0, 0];
    expect([...pixels.slice(8)]).toEqual([...bottom, ...bottom]);
    expect([...pixels.slice(2, 4), ...pixels.slice(6, 8)]).toEqual([high, high, high, high]);
    // Half way between the colours of the middle step.
    expect(pixels[0]).toBe(0xff787c7d);
    expect(pixels[4]).toBe(pixels[0]);
  });

  it('knows no colours of an empty map', () => {
    expect(colourRange([[null, null]])).toBeUndefined();
    expect(colourRange([[null, 3], [-1]])).toEqual([-1, 3]);
  });

  describe('of traces', () => {
    class Path {
      points: number[][] = [];
      moveTo = (x: number, y: number) => void this.points.push([x, y]);
      lineTo = this.moveTo;
      closePath = () => {};
      arc = (x: number, y: number, radius: number) => void this.points.push([x, y, radius]);
    }
    beforeAll(() => void Object.assign(globalThis, { Path2D: Path }));
    afterAll(() => void Reflect.deleteProperty(globalThis, 'Path2D'));

    function painted(trace: PlotlyObject) {
      const fills: number[][][] = [];
      const strokes: number[][][] = [];
      const context = new Proxy(
        { fill: (path: Path) => fills.push(path.points), stroke: (path: Path) => strokes.push(path.points) },
        { get: (own, key) => Reflect.get(own, key) ?? (() => {}), set: () => true },
      );
      paintTraces(context as unknown as CanvasRenderingContext2D, [trace], area);
      return { fills, strokes };
    }

    it('goes along steps, and fills them down to 0', () => {
      const line = { shape: 'hv', width: 1.5, color: '#000' };
      const trace = { mode: 'lines', x: [0, 1, 2], y: [1, 2, 2], line, fill: 'tozeroy', fillcolor: '#fff' };
      const { fills, strokes } = painted(trace);
      const steps = [
        [10, 22],
        [12, 22],
        [12, 20],
        [14, 20],
        [14, 20],
      ];
      expect(strokes).toEqual([steps]);
      expect(fills).toEqual([[...steps, [14, 24], [10, 24]]]);
    });

    it('leaves gaps, and draws no point without a size', () => {
      const marker = { color: '#000', size: [0, 4, 4] };
      const { fills, strokes } = painted({
        mode: 'lines+markers',
        x: [0, 1, null, 2],
        y: [1, 1, null, 1],
        line: { width: 1 },
        marker,
      });
      expect(strokes).toEqual([
        [
          [10, 22],
          [12, 22],
          [14, 22],
        ],
      ]);
      expect(fills).toEqual([
        [
          [14, 22],
          [12, 22, 2],
        ],
      ]);
    });

    it('draws nothing that is there to be read only, nor for a panel that is not there', () => {
      expect(painted({ mode: 'none', x: [1], y: [1], line: { width: 1 } }).strokes).toEqual([]);
      expect(painted({ mode: 'lines', yaxis: 'y2', x: [1, 2], y: [1, 1], line: { width: 1 } }).strokes).toEqual([]);
    });
  });
});
