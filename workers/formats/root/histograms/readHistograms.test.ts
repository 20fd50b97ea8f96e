import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { axisEdges } from '../../../../core/hist/edges.ts';
import type { Histogram } from '../../../../core/hist/histogram.ts';
import { blobSource } from '../../../io/blob.ts';
import { openRootFile } from '../openRootFile.ts';
import { readHistograms } from './readHistograms.ts';
import { rootHistogram } from './rootHistogram.ts';

interface Said {
  axes: (number | string)[][];
  values: number[];
  variances?: number[];
  means?: number[];
  deltas?: number[];
}

/** Made by fixtures/make_histograms.py. */
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
const SAID: Record<string, Said> = JSON.parse(fixture('histograms.json').toString());

async function readAll(bytes: Buffer) {
  const source = blobSource('h.root', new Blob([new Uint8Array(bytes)]), { bytes: 0, requests: 0 });
  return readHistograms(await openRootFile(source));
}

const stored = await readAll(fixture('histograms.root'));
const find = (name: string) => stored.histograms.find((one) => one.name === name)!.histogram;

it('finds the histograms of all folders, and leaves trees alone', () => {
  expect(stored.histograms.map(({ name }) => name).sort()).toEqual(Object.keys(SAID).sort());
  expect(stored.leftOut).toEqual([]);
});

it.each(Object.keys(SAID))('%s has the contents that hist has', (name) => {
  const { axes, ...arrays } = SAID[name]!;
  const found = find(name);
  expect(
    found.axes.map((axis) => (axis.type === 'strCategory' ? axis.categories.length : [...axisEdges(axis)])),
  ).toEqual(axes.map((axis) => (typeof axis[0] === 'string' ? axis.length : axis)));
  for (const [key, expected] of Object.entries(arrays)) expectClose(found[key as 'values']!, expected);
  expect(found.storage).toBe(arrays.means ? 'mean' : arrays.variances ? 'weighted' : 'count');
});

it('has titles, labels and units as they read here', () => {
  const three = find('folder/deep/three');
  expect(three.metadata).toEqual({ title: 'μμ: three' });
  expect(three.axes.map(({ label, unit }) => [label, unit])).toEqual([
    ['p_{T}', 'GeV'],
    ['η', undefined],
    ['time', 'ns'],
  ]);
  expect(find('cutflow').axes).toEqual([{ type: 'strCategory', categories: ['all', 'two μ', 'Z'], label: 'cut' }]);
  expect(find('plain').entries).toBe(500);
});

it('tells histograms of one title apart by their names', async () => {
  const { histograms } = await readAll(fixture('no_tree.root'));
  expect(histograms.map(({ histogram }) => histogram.metadata.title)).toEqual([
    'μμ: plain (plain)',
    'μμ: plain (folder/weights)',
  ]);
});

it('knows what a profile is of', () => {
  const contents = { fArray: [0, 3, 8, 0], fBinEntries: [0, 1, 2, 0], fBinSumw2: [], fSumw2: [0, 9, 34, 0] };
  const found = rootHistogram('TProfile', { fXaxis: axis(2), fYaxis: { fTitle: 'E [#mum]' }, fTitle: '', ...contents });
  expect(found.metadata).toEqual({ sample: 'E [μm]' });
  expect([found.means, found.deltas].map((array) => [...array!])).toEqual([
    [0, 3, 4, 0],
    [0, 0, 2, 0],
  ]);
});

const axis = (bins: number, labels: string[] = []) => ({
  fNbins: bins,
  fXmin: 0,
  fXmax: bins,
  fXbins: [],
  fTitle: '',
  fLabels: labels.length > 0 ? { arr: labels.map((fString, k) => ({ fString, fUniqueID: k + 1 })) } : null,
});
const one = (fXaxis: object, fArray: number[], more = {}): Histogram =>
  rootHistogram('TH1D', { fXaxis, fArray, fSumw2: [], fTitle: '', fEntries: 4, ...more });

it('keeps what lies below an axis with labels, and leaves out bins past the last label', () => {
  const found = one(axis(4, ['a', 'b']), [3, 1, 2, 0, 0, 5]);
  expect(found.axes).toEqual([{ type: 'strCategory', categories: ['underflow', 'a', 'b'] }]);
  expect([...found.values]).toEqual([3, 1, 2, 5]);
});

it('keeps the numbers of bins where labels are not distinct, or bins past the last label are filled', () => {
  for (const wrong of [one(axis(2, ['a', 'a']), [0, 1, 2, 0]), one(axis(3, ['a']), [0, 1, 2, 0, 0])]) {
    expect(wrong.axes[0]!.type).toBe('regular');
    expect(wrong.values[2]).toBe(2);
  }
});

it('takes contents that are no counts for weights, with the errors that ROOT gives them', () => {
  const found = one(axis(2), [0, 1.5, -2, 0]);
  expect([found.storage, ...found.variances!]).toEqual(['weighted', 0, 1.5, 2, 0]);
});

it('says that a histogram is still in its buffer, or has no whole contents', () => {
  expect(() => one({ ...axis(2), fXmax: 0 }, [0, 0, 0, 0])).toThrow(/range of an axis was not set/);
  expect(() => one(axis(2), [0, 0, 0])).toThrow('it has 3 bins, not 4');
  expect(() => one(axis(2), [0, 0, 0, 0], { fSumw2: [1] })).toThrow('it has 1 sums of squares, not 4');
});

it('leaves out what is damaged, and says why', async () => {
  const bytes = Buffer.from(fixture('histograms.root'));
  const source = blobSource('h.root', new Blob([new Uint8Array(bytes)]), { bytes: 0, requests: 0 });
  const key = (await openRootFile(source)).keys.find(({ name }) => name === 'edges')!;
  bytes.fill(0xff, key.offset + key.keyBytes + 300, key.offset + key.bytes);
  const { histograms, leftOut } = await readAll(bytes);
  expect(histograms.length).toBe(Object.keys(SAID).length - 1);
  expect(leftOut).toEqual([{ name: 'edges', reason: expect.stringMatching(/^h\.root, edges: /) }]);
});

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, k) => {
    expect(Math.abs(found[k]! - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
  });
}
