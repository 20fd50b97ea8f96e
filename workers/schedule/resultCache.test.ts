import { describe, expect, test } from 'vitest';
import type { AnalysisDocument } from '../../core/analysis/document.ts';
import type { PartialResult } from '../engine/engine.ts';
import { ResultCache, type Signature, signatureOf } from './resultCache.ts';

const signature = (name: string): Signature => ({ cutflow: name, histograms: [`${name} pt`] });

function result(bins: number): PartialResult {
  const values = new Float64Array(bins);
  return {
    events: 1,
    cutflow: new Float64Array(3),
    missingWeight: 0,
    histograms: [{ values, entries: 1, missing: 0 }],
  };
}

describe('the results of past runs', () => {
  test('are found by what they depend on', () => {
    const cache = new ResultCache(1e6);
    const kept = result(10);
    cache.keep(signature('a'), kept);
    expect(cache.histogram(signature('a'), 0)).toBe(kept.histograms[0]);
    expect(cache.cutflow(signature('a'))?.cutflow).toBe(kept.cutflow);
    expect(cache.histogram(signature('b'), 0)).toBeUndefined();
  });

  test('take a bounded number of bytes, and those that were not asked for go first', () => {
    const cache = new ResultCache(3 * 8000 + 1000);
    for (const name of ['a', 'b', 'c']) cache.keep(signature(name), result(1000));
    cache.histogram(signature('a'), 0);
    cache.keep(signature('d'), result(1000));
    const here = ['a', 'b', 'c', 'd'].filter((name) => cache.histogram(signature(name), 0));
    expect(here).toEqual(['a', 'c', 'd']);
  });

  test('leave out one that is larger than all the room', () => {
    const cache = new ResultCache(1000);
    cache.keep(signature('a'), result(1000));
    expect(cache.histogram(signature('a'), 0)).toBeUndefined();
  });

  test('have short names, however long the definitions are that they have in common', () => {
    const document: AnalysisDocument = {
      lumiscope: 1,
      datasets: [],
      define: [{ name: 'long', expression: '1 + '.repeat(4000) }],
      select: [],
      histograms: [{ name: 'h', axes: [{ value: 'long', bins: 1, range: [0, 1] }] }],
      defaults: {},
    };
    const of = (change: Partial<AnalysisDocument>) =>
      signatureOf({ ...document, ...change }, { name: 'data', files: [] }, [], 'wasm');
    expect(of({}).histograms[0]!.length).toBeLessThan(200);
    expect(of({ define: [] }).histograms).not.toEqual(of({}).histograms);
    const mean = (sample: string) =>
      of({ histograms: [{ ...document.histograms[0]!, storage: 'mean', sample }] }).histograms[0];
    expect(mean('long')).not.toEqual(mean('2 * long'));
  });

  test('depend on certified runs, but for data sets that have none', () => {
    const document: AnalysisDocument = {
      lumiscope: 1,
      datasets: [],
      define: [],
      select: [],
      histograms: [],
      defaults: {},
    };
    const lumis = (last: number) => [{ run: 1, blocks: [[1, last] as [number, number]] }];
    const of = (change: Partial<AnalysisDocument>, simulated = false) =>
      signatureOf({ ...document, ...change }, { name: 'd', files: [], ...(simulated && { lumis: false }) }, [], 'wasm')
        .cutflow;
    expect(of({ lumis: lumis(2) })).not.toBe(of({ lumis: lumis(3) }));
    expect(of({ lumis: lumis(2) }, true)).toBe(of({ lumis: lumis(3) }, true));
    expect(of({ lumis: lumis(2) }, true)).not.toBe(of({}, true));
  });

  test('that are larger than all that may be kept make no other one go', () => {
    const cache = new ResultCache(9000);
    cache.keep(signature('a'), result(1000));
    cache.keep(signature('b'), result(10_000));
    expect(cache.histogram(signature('a'), 0)).toBeDefined();
    expect(cache.histogram(signature('b'), 0)).toBeUndefined();
  });
});
