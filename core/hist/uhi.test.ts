import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LumiscopeError } from '../errors.ts';
import { arbitraryHistogram } from './arbitraryHistogram.ts';
import { createHistogram, errors } from './contents.ts';
import { toCsv } from './csv.ts';
import type { Histogram } from './histogram.ts';
import { degreesOfFreedom, fillMean, type MeanArrays } from './mean.ts';
import { TileSum } from './tiles.ts';
import { toUhiFileJson, toUhiJson } from './uhi.ts';
import { fromUhi, fromUhiFile } from './uhiRead.ts';

const WEIGHTED: Histogram = {
  axes: [
    { type: 'regular', bins: 2, lo: 1, hi: 100, scale: 'log', name: 'm', label: 'm(μμ)', unit: 'GeV' },
    { type: 'boolean', name: 'm' },
  ],
  storage: 'weighted',
  values: Float64Array.of(0.1, -0, 1e300, Infinity, -Infinity, Number.NaN, 2, 3),
  variances: Float64Array.of(0, 1, 2, 3, 4, 5, 6, Number.NaN),
  entries: 9,
  missing: 1,
  metadata: { title: 'Both "signs"' },
};
const COUNTS: Histogram = {
  axes: [
    { type: 'regular', bins: 1, lo: -0.5, hi: 3, scale: 'linear', label: 'x' },
    { type: 'intCategory', categories: [5n, -(2n ** 31n)] },
    { type: 'strCategory', categories: ['a', 'b'], name: 'dataset' },
  ],
  storage: 'count',
  values: Float64Array.from({ length: 27 }, (_, i) => (i === 26 ? 2 ** 53 - 1 : i)),
  entries: 26,
  missing: 0,
  metadata: {},
};
const BIG: Histogram = {
  axes: [
    { type: 'intCategory', categories: [2n ** 60n + 1n, 3n] },
    { type: 'variable', edges: [0, 1, 3], name: 'v' },
  ],
  storage: 'count',
  values: new Float64Array(12),
  entries: 0,
  missing: 0,
  metadata: {},
};
const PROFILE = createHistogram([{ type: 'regular', bins: 2, lo: 0, hi: 2, scale: 'linear' }], 'mean');
[3, 4, 6, -1].forEach((s, i) => {
  fillMean(PROFILE as MeanArrays, i < 3 ? 1 : 2, 1, s);
});
const WEIGHTED_PROFILE = createHistogram(PROFILE.axes, 'mean');
[3, 4, 6, -1].forEach((s, i) => {
  fillMean(WEIGHTED_PROFILE as MeanArrays, i < 3 ? 1 : 2, i + 0.5, s);
});
/** 260³ bins with flow: held in tiles. */
const LARGE = createHistogram(
  ['x', 'y', 'z'].map((name) => ({ type: 'regular', bins: 258, lo: 0, hi: 258, scale: 'linear', name })),
  'weighted',
);
{
  const sum = new TileSum('weighted');
  for (const [bin, w] of [
    [0, -0.5],
    [123_456, 2],
    [123_457, Number.NaN],
    [260 ** 3 - 1, 0.1],
  ]) {
    const at = sum.indexOf(bin);
    sum.arrays.values[at] = w;
    (sum.arrays.variances as Float64Array)[at] = w * w;
  }
  Object.assign(LARGE, sum.sorted(), { entries: 4 });
}
const FILE = [
  { name: '10', histogram: WEIGHTED },
  { name: '2', histogram: COUNTS },
  { name: 'big', histogram: BIG },
  { name: 'profile', histogram: PROFILE },
  { name: 'weighted profile', histogram: WEIGHTED_PROFILE },
  { name: 'large', histogram: LARGE },
];

test('a histogram comes back from its JSON bit by bit', () => {
  fc.assert(
    fc.property(arbitraryHistogram, (histogram) => {
      expectBack(fromUhi(toUhiJson(histogram)), histogram);
    }),
  );
  for (const { histogram } of FILE) expect(fromUhi(toUhiJson(histogram))).toEqual(histogram);
});

/** All the bits, but of a mean's spread: the file holds the variance, where there is one. */
function expectBack(back: Histogram, { deltas, ...wanted }: Histogram): void {
  expect(back).toEqual({ ...wanted, ...(deltas && { deltas: expect.any(Float64Array) }) });
  deltas?.forEach((delta, bin) => {
    const known = degreesOfFreedom(wanted.values[bin], (wanted.variances as Float64Array)[bin]) !== 0;
    const found = (back.deltas as Float64Array)[bin];
    if (known && Number.isFinite(delta)) expect(Math.abs(found - delta)).toBeLessThanOrEqual(1e-15 * Math.abs(delta));
    else expect(found).toBe(known ? delta : 0);
  });
}

test('a file keeps the order of its histograms, and is the same text every time', () => {
  const text = toUhiFileJson(FILE);
  expect(text).toBe(toUhiFileJson(FILE));
  expect(text.indexOf('"10"')).toBeLessThan(text.indexOf('"2"'));
  expect(new Map(fromUhiFile(text).map(({ name, histogram }) => [name, histogram]))).toEqual(
    new Map(FILE.map(({ name, histogram }) => [name, histogram])),
  );
  expect(fromUhiFile(toUhiJson(BIG))).toEqual([{ name: '', histogram: BIG }]);
});

test('a histogram in tiles is written sparse, and in CSV by its filled bins', () => {
  const { storage, metadata } = JSON.parse(toUhiJson(LARGE));
  expect(storage.index).toEqual([
    [0, 1, 1, 259],
    [0, 214, 214, 259],
    [0, 216, 217, 259],
  ]);
  expect(storage.values).toEqual([-0.5, 2, Infinity, 0.1]);
  expect(metadata).toEqual({ entries: 4, missing: 0, nan_values: '2', nan_variances: '2' });
  const lines = toCsv(LARGE).trimEnd().split('\n');
  expect(lines).toHaveLength(5);
  expect(lines[2]).toBe('0,1,213,214,215,216,2,2,');
});

test('infinities and NaN are numbers in the text, and NaN is listed', () => {
  const text = toUhiJson(WEIGHTED);
  expect(text).toContain('[0.1, -0.0],\n      [1e+300, 1e999],\n      [-1e999, 1e999]');
  expect(JSON.parse(text).metadata).toEqual({
    title: 'Both "signs"',
    entries: 9,
    missing: 1,
    nan_values: '5',
    nan_variances: '7',
  });
});

describe('what Python writes is read', () => {
  const axis = { type: 'regular', lower: 0, upper: 1, bins: 2, underflow: false, overflow: true, circular: false };
  const histogram = (storage: object, axes: object[] = [axis]) => ({ uhi_schema: 1, axes, storage });

  test('an axis without underflow gets an empty one; sparse and empty storages are filled in', () => {
    expect([...fromUhi(histogram({ type: 'double', values: [1, 2, 3] })).values]).toEqual([0, 1, 2, 3]);
    expect([...fromUhi(histogram({ type: 'int', index: [[0, 2]], values: [7, 8] })).values]).toEqual([0, 7, 0, 8]);
    expect([...fromUhi(histogram({ type: 'weighted' })).values]).toEqual([0, 0, 0, 0]);
  });

  test('means that Python wrote, NaN where a bin has one entry', () => {
    const text = (storage: string) =>
      `{"uhi_schema": 1, "axes": [${JSON.stringify(axis)}], "metadata": {"NaN": "-Infinity"}, "storage": ${storage}}`;
    const mean = fromUhi(
      text('{"type": "mean", "counts": [0, 1, 3], "values": [0, 7, 2], "variances": [-0.0, NaN, 1.5]}'),
    );
    expect(mean).toMatchObject({
      metadata: { NaN: '-Infinity' },
      values: Float64Array.of(0, 0, 1, 3),
      variances: Float64Array.of(0, 0, 1, 3),
      means: Float64Array.of(0, 0, 7, 2),
      deltas: Float64Array.of(0, 0, 0, 3),
    });
    const weighted = fromUhi(
      text(
        '{"type": "weighted_mean", "index": [[1, 2]], "sum_of_weights": [2, 3], "sum_of_weights_squared": [2, 5], "values": [NaN, 2], "variances": [-Infinity, 1.5]}',
      ),
    );
    expect(weighted).toMatchObject({
      means: Float64Array.of(0, 0, Number.NaN, 2),
      deltas: Float64Array.of(0, 0, -Infinity, 2),
    });
  });

  test.each([
    ['no JSON', '{', 'the file is not JSON'],
    ['another thing', [], 'the file holds no histogram'],
    ['another storage', histogram({ type: 'unlimited' }), 'storage unlimited is not supported'],
    ['a circle', histogram({ type: 'int' }, [{ ...axis, circular: true }]), 'circular axes are not supported'],
    ['a wrong shape', histogram({ type: 'int', values: [1, 2] }), 'shape of the axes'],
    [
      'half a category',
      histogram({ type: 'int' }, [{ type: 'category_int', categories: [0.5], flow: true }]),
      'not a whole number',
    ],
    [
      'a list of too many bins',
      histogram(
        { type: 'int', values: [] },
        [1, 2, 3].map(() => ({ ...axis, bins: 300 })),
      ),
      'bins',
    ],
    ['too many bins', histogram({ type: 'int' }, [{ ...axis, bins: 1e9 }]), 'more than the limit'],
  ])('%s is refused', (_, json, message) => {
    expect(() => fromUhi(json)).toThrow(LumiscopeError);
    expect(() => fromUhi(json)).toThrow(message);
  });
});

const python = process.env.LUMISCOPE_PYTHON;
test.skipIf(!python)('hist and uhi read our file (set LUMISCOPE_PYTHON to a Python with hist and uhi[schema])', () => {
  const script = fileURLToPath(new URL('fixtures/read_uhi.py', import.meta.url));
  const run = spawnSync(python ?? '', [script], { input: toUhiFileJson(FILE), encoding: 'utf8' });
  expect(run.stderr).toBe('');
  const { schema, histograms: read } = JSON.parse(run.stdout);
  if (schema !== 'checked') console.warn(`UHI schema ${schema}`);
  const doubles = (texts: string[]) =>
    texts.map((t) => (t.endsWith('inf') ? (t[0] === '-' ? -Infinity : Infinity) : Number(t)));
  const loud = (values: Float64Array = new Float64Array()) =>
    Array.from(values, (v) => (Number.isNaN(v) ? Infinity : v));
  expect(doubles(read['10'].values)).toEqual(loud(WEIGHTED.values));
  expect(doubles(read['10'].variances)).toEqual(loud(WEIGHTED.variances));
  expect(doubles(read['2'].values)).toEqual([...COUNTS.values]);
  expect([read['10'].storage, read['2'].storage]).toEqual(['Weight', 'Int64']);
  expect(read['10'].axes).toEqual([
    { type: 'Variable', name: 'm', label: 'm(μμ)', edges: [1, 10, 100].map((e) => expect.closeTo(e, 12)) },
    expect.objectContaining({ type: 'Boolean', name: '' }),
  ]);
  expect(read.large.filled).toEqual([
    [0, 0, 0, '-0.5', '0.25'],
    [1, 214, 216, '2.0', '4.0'],
    [1, 214, 217, 'inf', 'inf'],
    [259, 259, 259, '0.1', String(0.1 * 0.1)],
  ]);
  expect([read.profile.storage, read['weighted profile'].storage]).toEqual(['Mean', 'WeightedMean']);
  expect(doubles(read.profile.values)).toEqual([...PROFILE.means!]);
  expect(doubles(read.profile.counts)).toEqual([0, 3, 1, 0]);
  expect(read.profile.errors.slice(1, 3)).toEqual([String(errors(PROFILE)[1]), 'nan']);
  expect(doubles(read['weighted profile'].counts)[1]).toBeCloseTo(4.5 ** 2 / (0.25 + 2.25 + 6.25), 12);
  expect(doubles(read['weighted profile'].values)).toEqual([...WEIGHTED_PROFILE.means!]);
  expect(read['2'].axes[1].edges).toEqual([5, -(2 ** 31)]);
  expect(read.big.axes[0].edges).toEqual(['1152921504606846977', '3']);
});
