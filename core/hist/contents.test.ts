import { expect, test } from 'vitest';
import type { Axis } from './axis.ts';
import { addInto, checkBins, combineDatasets, createHistogram, errors } from './contents.ts';
import { toCsv } from './csv.ts';
import { axisCentres, axisEdges } from './edges.ts';
import { project, sliceAt } from './project.ts';
import { statistics } from './statistics.ts';

const X: Axis = { type: 'regular', bins: 2, lo: 0, hi: 4, scale: 'linear', label: 'x', unit: 'GeV' };
const S: Axis = { type: 'strCategory', categories: ['a,b', 'c'], label: 's' };

/** x (4 bins with flow) by s (3): contents 0 to 11, Σw² ten times that. */
function table() {
  const histogram = createHistogram([X, S], 'weighted', { title: 't' });
  const values = Float64Array.from({ length: 12 }, (_, i) => i);
  addInto(histogram, { values, variances: values.map((v) => 10 * v), entries: 5, missing: 1 });
  return histogram;
}

test('a histogram of more bins than the limit is refused', () => {
  const fine: Axis = { ...X, bins: 2 ** 12 - 2 };
  expect(() => checkBins([fine, fine, fine, fine])).not.toThrow();
  expect(() => checkBins([fine, fine, fine, fine, fine])).toThrow(
    'has about 1.2e+18 bins, more than the limit of 2^53',
  );
  expect(() => checkBins([{ ...X, bins: 2 ** 24 }])).toThrow('an axis has 16,777,218 bins, more than');
});

test('contents add up, and those of another shape are refused', () => {
  const histogram = table();
  addInto(histogram, table());
  expect([histogram.values[11], histogram.variances?.[11], histogram.entries, histogram.missing]).toEqual([
    22, 220, 10, 2,
  ]);
  expect(() => addInto(histogram, { values: new Float64Array(12), entries: 0, missing: 0 })).toThrow(
    'different histograms',
  );
});

test('sums and slices keep the other axes and both sums', () => {
  expect([...project(table(), [0]).values]).toEqual([3, 12, 21, 30]);
  expect([...project(table(), [1]).values]).toEqual([18, 22, 26]);
  expect([...sliceAt(table(), 0, 2).values]).toEqual([6, 7, 8]);
  expect([...(sliceAt(table(), 1, 1).variances ?? [])]).toEqual([10, 40, 70, 100]);
  expect([...project(table(), []).values]).toEqual([66]);
});

test('data sets stand side by side on a leading axis, a single one alone', () => {
  const combined = combineDatasets([
    { dataset: 'A', histogram: table() },
    { dataset: 'B', histogram: table() },
  ]);
  expect(combined.axes[0]).toEqual({ type: 'strCategory', categories: ['A', 'B'], name: 'dataset', label: 'dataset' });
  expect(sliceAt(combined, 0, 1)).toEqual({ ...table(), entries: 10, missing: 2 });
  expect(sliceAt(combined, 0, 2).values.every((v) => v === 0)).toBe(true);
  expect(combineDatasets([{ dataset: 'A', histogram: table() }])).toEqual(table());
});

test('statistics come from the bins in range', () => {
  const histogram = { ...createHistogram([X], 'count'), values: Float64Array.of(100, 1, 3, 100), entries: 204 };
  expect(statistics(histogram)).toEqual({
    entries: 204,
    sum: 4,
    sumError: 2,
    mean: 2.5,
    standardDeviation: Math.sqrt(0.75),
  });
  expect(statistics(table(), 0)).toMatchObject({ sum: 3 + 4 + 6 + 7, mean: (7 * 1 + 13 * 3) / 20 });
  expect(statistics(table(), 1)).toEqual({ entries: 5, sum: 20, sumError: Math.sqrt(200) });
  expect(statistics(createHistogram([X], 'count')).mean).toBeNaN();
  expect([...errors(histogram)]).toEqual([10, 1, Math.sqrt(3), 10]);
});

test('edges and centres', () => {
  expect([...axisEdges(X)]).toEqual([0, 2, 4]);
  expect([...axisCentres(X)]).toEqual([1, 3]);
  expect([...axisEdges({ ...X, scale: 'sqrt' })]).toEqual([0, 1, 4]);
  expect([...axisEdges({ ...X, scale: 'log', lo: 1, hi: 100 })][1]).toBeCloseTo(10, 12);
  expect([...axisEdges({ type: 'boolean' })]).toEqual([0, 1, 2]);
});

test('CSV has a row for each bin, with edges, errors and flow', () => {
  const lines = toCsv(table()).split('\n');
  expect(lines.length).toBe(14);
  expect(lines[0]).toBe('x [GeV] low,x [GeV] high,s,value,error,flow');
  expect(lines[1]).toBe('-inf,0,"a,b",0,0,x underflow');
  expect(lines[6]).toBe(`0,2,other,5,${Math.sqrt(50)},s overflow`);
  expect(lines[12]).toBe(`4,inf,other,11,${Math.sqrt(110)},x overflow; s overflow`);
  expect(toCsv({ ...createHistogram([{ type: 'boolean', name: 'b' }], 'count') })).toBe(
    'b,value,error,flow\nfalse,0,0,\ntrue,0,0,\n',
  );
});
