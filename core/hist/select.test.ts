import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { LumiscopeError } from '../errors.ts';
import { inTiles } from './arbitraryHistogram.ts';
import type { Axis, RegularAxis } from './axis.ts';
import { createHistogram } from './contents.ts';
import { axisEdges } from './edges.ts';
import type { Histogram, StorageType } from './histogram.ts';
import { type Index, loc, overflow, type Place, rebin, select, slice, sum, underflow } from './select.ts';

type WrittenPlace = number | 'underflow' | 'overflow' | { loc: number | string | boolean; offset: number };
type WrittenIndex =
  | WrittenPlace
  | { slice: [WrittenPlace | null, WrittenPlace | null, 'sum' | { rebin: number } | null] };
type WrittenAxis = Omit<Axis, 'categories'> & { bins?: number; categories?: (number | string)[] };

interface Written {
  axes: WrittenAxis[];
  arrays: number[][];
}

interface Case extends Written {
  storage: StorageType;
  outcomes: {
    index: { list: (WrittenIndex | '...')[] } | { axes: Record<string, WrittenIndex> };
    result: Written | null;
  }[];
}

/** Written by `fixtures/uhi_indexing.py`. */
const cases = JSON.parse(readFileSync(new URL('fixtures/uhi_indexing.json', import.meta.url), 'utf8')) as Record<
  'published' | 'drawn',
  Case[]
>;

function readAxis(axis: WrittenAxis): Axis {
  return (axis.type === 'intCategory' ? { ...axis, categories: axis.categories?.map(BigInt) } : axis) as Axis;
}

function readPlace(place: WrittenPlace, axis: Axis): Place {
  if (place === 'underflow') return underflow;
  if (place === 'overflow') return overflow;
  if (typeof place === 'number') return place;
  const value = axis.type === 'intCategory' ? BigInt(place.loc as number) : place.loc;
  return loc(value, place.offset);
}

function readIndex(index: WrittenIndex, axis: Axis): Index {
  if (typeof index !== 'object' || !('slice' in index)) return readPlace(index, axis);
  const [start, stop, step] = index.slice;
  const place = (end: WrittenPlace | null) => (end === null ? undefined : readPlace(end, axis));
  return slice(place(start), place(stop), step === null ? undefined : step === 'sum' ? sum : rebin(step.rebin));
}

function read({ axes, storage, arrays }: Case): Histogram {
  const histogram = createHistogram(axes.map(readAxis), storage);
  const { values, variances, means, deltas } = histogram;
  for (const [i, array] of [values, variances, means, deltas].entries()) array?.set(arrays[i]);
  return histogram;
}

function readIndices(index: Case['outcomes'][0]['index'], axes: Axis[]) {
  if ('axes' in index) {
    const axis = (key: string) => axes.find(({ name }) => name === key) ?? axes[Number(key)];
    return Object.fromEntries(Object.entries(index.axes).map(([key, one]) => [key, readIndex(one, axis(key))]));
  }
  const gap = index.list.indexOf('...');
  const skipped = axes.length - index.list.length;
  return index.list.map((one, i) =>
    one === '...' ? one : readIndex(one, axes[gap >= 0 && i > gap ? i + skipped : i] ?? axes[0]),
  );
}

/** Axes are the same where their kind, words and edges are, up to rounding. */
function comparable(axis: Axis) {
  const edges = [...axisEdges(axis)].map((edge) => expect.closeTo(edge, 10));
  if (axis.type === 'intCategory' || axis.type === 'strCategory') return axis;
  return { type: axis.type, name: axis.name, scale: (axis as RegularAxis).scale, edges };
}

const plain = (axis: Axis) => ({
  ...comparable(axis),
  ...('edges' in comparable(axis) && { edges: [...axisEdges(axis)] }),
});

describe.each(Object.entries(cases))('%s cases', (_, list) => {
  test.each(list.map((one, i) => [i, one.axes.map(({ type }) => type).join(' × '), one.storage, one] as const))(
    '%i: %s, %s',
    (_, __, ___, one) => {
      const histogram = read(one);
      for (const { index, result } of one.outcomes) {
        const what = JSON.stringify(index);
        const indices = readIndices(index, histogram.axes);
        if (result === null) {
          expect(() => select(histogram, indices), what).toThrow(LumiscopeError);
          continue;
        }
        const found = select(histogram, indices);
        // Here a boolean axis has two bins: where one is left the axis goes.
        const axes = result.axes.filter(({ type, bins }) => type !== 'boolean' || bins !== 1);
        expect(found.axes.map(plain), what).toEqual(axes.map((axis) => comparable(readAxis(axis))));
        const arrays = [found.values, found.variances, found.means, found.deltas].filter(
          (array) => array !== undefined,
        );
        expect(
          arrays.map((array) => [...array]),
          what,
        ).toEqual(result.arrays.map((array) => array.map((x) => expect.closeTo(x, 8))));
      }
    },
  );
});

test('tiles are indexed as the dense histogram is', () => {
  for (const one of cases.drawn) {
    const histogram = read(one);
    for (const { index, result } of one.outcomes) {
      const indices = readIndices(index, histogram.axes);
      if (result)
        expect(select(inTiles(histogram), indices)).toEqual({ ...select(histogram, indices), tiles: undefined });
    }
  }
});

test('what is not there is told by the axis', () => {
  const X: Axis = { type: 'regular', bins: 4, lo: 0, hi: 4, scale: 'linear', name: 'x', label: 'pT' };
  const S: Axis = { type: 'strCategory', categories: ['a', 'b'], name: 's' };
  const histogram = createHistogram([X, S], 'count');
  expect(() => select(histogram, { 0: 4 })).toThrow('the axis pT has no bin 4');
  expect(() => select(histogram, { s: loc('c') })).toThrow('the axis s has no bin at c');
  expect(() => select(histogram, { t: 0 })).toThrow('the histogram has no axis t');
  expect(() => select(histogram, { 0: 1, x: 2 })).toThrow('axis x is given twice');
  expect(() => select(histogram, [0])).toThrow('there are 1 indices for 2 axes');
  expect(() => select(histogram, { s: slice(undefined, undefined, rebin(2)) })).toThrow('no ranges that can be joined');
  expect(() => select(histogram, { x: slice(2, 2, sum) })).toThrow('a slice of the axis pT holds no bin');
});
