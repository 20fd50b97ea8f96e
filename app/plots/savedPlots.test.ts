import { expect, test } from 'vitest';
import type { Axis } from '../../core/hist/axis.ts';
import { createHistogram } from '../../core/hist/contents.ts';
import type { NamedResult } from '../../core/hist/merge.ts';
import { plotsWithSaved } from './savedPlots.ts';

const X: Axis = { type: 'regular', bins: 2, lo: 0, hi: 2, scale: 'linear', name: 'x', label: 'x' };
const filled = (content: number, axis: Axis = X) => {
  const histogram = createHistogram([axis], 'count', { title: 'Title' });
  return { ...histogram, values: histogram.values.fill(content), entries: content };
};
const result = (name: string, histograms: Record<string, ReturnType<typeof filled>>): NamedResult => ({
  name,
  histograms: Object.entries(histograms).map(([name, histogram]) => ({ name, histogram })),
});
const specs = [{ name: 'a', axes: [{ value: 'x', bins: 2, range: [0, 2] as [number, number] }] }];
const own = [{ name: 'a', histogram: filled(1) }];

test('saved histograms are drawn over those of the same name, and beside the others', () => {
  const saved = [result('one.json', { a: filled(10), b: filled(5) }), result('two.json', { a: filled(100) })];
  const [a, b, ...more] = plotsWithSaved(specs, own, saved, 'over');
  expect(more).toEqual([]);
  expect(a).toMatchObject({ histogram: own[0]!.histogram, elsewhere: false });
  expect(a!.over.map(({ title }) => title)).toEqual(['one.json', 'two.json']);
  expect(b).toMatchObject({ spec: { name: 'b', title: 'Title', axes: [{ value: 'x' }] }, elsewhere: true, over: [] });
});

test('or they are added up', () => {
  const saved = [
    result('one.json', { a: filled(10), b: filled(5) }),
    result('two.json', { a: filled(100), b: filled(6) }),
  ];
  const [a, b] = plotsWithSaved(specs, own, saved, 'add');
  expect([a!.histogram!.entries, a!.histogram!.values[1], a!.over.length]).toEqual([111, 111, 0]);
  expect(b!.histogram!.values[1]).toBe(11);
  expect(own[0]!.histogram.values[1]).toBe(1);
});

test('what does not fit is told, and the rest stays', () => {
  const saved = [result('wide.json', { a: filled(10, { ...X, hi: 3 }) })];
  const [over] = plotsWithSaved(specs, own, saved, 'over');
  expect(over).toMatchObject({ over: [], problem: expect.stringContaining("wide.json can't be drawn over it") });
  const [sum] = plotsWithSaved(specs, own, saved, 'add');
  expect(sum!.problem).toMatch(/^wide\.json: .*axis 1 \(x\) differs: it goes from 0 to 2 and from 0 to 3/);
  expect(sum!.histogram!.values[1]).toBe(1);
});

test('a plot that is not filled yet waits for its own numbers', () => {
  expect(plotsWithSaved(specs, [], [], 'over')).toEqual([
    { spec: specs[0], elsewhere: false, histogram: undefined, over: [] },
  ]);
});
