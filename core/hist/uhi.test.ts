import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LumiscopeError } from '../errors.ts';
import { arbitraryHistogram } from './arbitraryHistogram.ts';
import type { Histogram } from './histogram.ts';
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
const FILE = [
  { name: '10', histogram: WEIGHTED },
  { name: '2', histogram: COUNTS },
  { name: 'big', histogram: BIG },
];

test('a histogram comes back from its JSON bit by bit', () => {
  fc.assert(
    fc.property(arbitraryHistogram, (histogram) => {
      expect(fromUhi(toUhiJson(histogram))).toEqual(histogram);
    }),
  );
  for (const { histogram } of FILE) expect(fromUhi(toUhiJson(histogram))).toEqual(histogram);
});

test('a file keeps the order of its histograms, and is the same text every time', () => {
  const text = toUhiFileJson(FILE);
  expect(text).toBe(toUhiFileJson(FILE));
  expect(text.indexOf('"10"')).toBeLessThan(text.indexOf('"2"'));
  expect(new Map(fromUhiFile(text).map(({ name, histogram }) => [name, histogram]))).toEqual(
    new Map(FILE.map(({ name, histogram }) => [name, histogram])),
  );
  expect(fromUhiFile(toUhiJson(BIG))).toEqual([{ name: '', histogram: BIG }]);
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

  test.each([
    ['no JSON', '{', 'the file is not JSON'],
    ['another thing', [], 'the file holds no histogram'],
    ['a mean', histogram({ type: 'mean' }), 'storage mean is not supported'],
    ['a circle', histogram({ type: 'int' }, [{ ...axis, circular: true }]), 'circular axes are not supported'],
    ['a wrong shape', histogram({ type: 'int', values: [1, 2] }), 'shape of the axes'],
    [
      'half a category',
      histogram({ type: 'int' }, [{ type: 'category_int', categories: [0.5], flow: true }]),
      'not a whole number',
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
  expect(read['2'].axes[1].edges).toEqual([5, -(2 ** 31)]);
  expect(read.big.axes[0].edges).toEqual(['1152921504606846977', '3']);
});
