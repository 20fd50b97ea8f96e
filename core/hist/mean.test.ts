import { expect, test } from 'vitest';
import { addBins, type BinArrays, emptyArrays, listArrays } from './arrays.ts';
import fixtures from './fixtures/boost_histogram_means.json' with { type: 'json' };
import { addMean, errorOfMean, fillMean, type MeanArrays, sampleVariance } from './mean.ts';

interface Case {
  name: string;
  samples: (number | string)[];
  weights?: (number | string)[];
  state: (number | string)[];
  variance: number | string;
  count: number | string;
  error?: number | string;
  sum?: (number | string)[];
}

const number = (x: number | string) => (x === 'inf' ? Infinity : x === '-inf' ? -Infinity : Number(x));
const state = (arrays: BinArrays) => listArrays(arrays).map(([x]) => x);

function filled(samples: readonly (number | string)[], weights: readonly (number | string)[] = []): MeanArrays {
  const arrays = emptyArrays('mean', 1) as MeanArrays;
  samples.forEach((s, i) => {
    fillMean(arrays, 0, number(weights[i] ?? 1), number(s));
  });
  return arrays;
}

test.each(fixtures as Case[])('boost-histogram has the same bits: $name', ({ samples, weights, ...wanted }) => {
  const arrays = filled(samples, weights);
  expect(state(arrays)).toEqual(wanted.state.map((x) => (x === '-0.0' ? -0 : number(x))));
  const [sum, sum2, , deltas] = state(arrays);
  if (sum2 < sum * sum) expect(sampleVariance(sum, sum2, deltas)).toBe(number(wanted.variance));
  else expect(sampleVariance(sum, sum2, deltas)).toBeNaN();
  expect(sum2 > 0 ? (sum * sum) / sum2 : 0).toBe(number(wanted.count));
  const error = number(wanted.error ?? Number.NaN);
  if (Number.isFinite(error)) expect(errorOfMean(sum, sum2, deltas)).toBeCloseTo(error, 12);
});

test.each((fixtures as Case[]).filter(({ sum }) => sum))('… and the same sum of two: $name', (one) => {
  const half = one.samples.length >> 1;
  const sum = filled(one.samples.slice(0, half), one.weights?.slice(0, half));
  addBins(sum, 0, filled(one.samples.slice(half), one.weights?.slice(half)), 0, 1);
  expect(state(sum)).toEqual(one.sum?.map(number));
});

test('a weight of 0 changes nothing, and neither does a bin of nothing', () => {
  expect(state(filled([4, 1, 3], [0, 1, 1]))).toEqual(state(filled([1, 3])));
  const one = filled([2]);
  addMean(one, 0, filled([]), 0);
  expect(state(one)).toEqual([1, 1, 2, 0]);
});
