import { describe, expect, it } from 'vitest';
import { START_PANE } from './pane.ts';
import { effectiveView, trueChange, type ViewChange } from './plotView.ts';
import { formatViews, parseHash } from './viewHash.ts';

describe('views in a link', () => {
  const views: Record<string, ViewChange> = {
    'm, μμ': { log: true, range: [-1.5, 1e-7], rebin: 5 },
    pt: {
      log: false,
      flow: true,
      stack: true,
      normalise: false,
      ratio: 'efficiency',
      overlay: ['a+b', 'off', 'm, μμ'],
    },
    'a:b': { x: 2, y: 0, dataset: 1, slices: { 1: 7, 3: 0 } },
    plain: { ratio: 'off', overlay: [], range: 'all', x: 1, y: 'none', slices: {} },
  };

  it('come back as they went, whatever the names', () => {
    const hash = `#a=abc${formatViews(views, Object.keys(views))}`;
    expect(parseHash(hash)).toEqual({ link: '#a=abc', views, pane: START_PANE });
  });

  it('can be read by people', () => {
    expect(formatViews({ m: { log: true, range: [60, 120.5], rebin: 2 } }, ['m'])).toBe(
      '&log=m&rebin=m:2&range=m:60..120.5',
    );
    expect(formatViews({ m: { log: false }, n: { log: true } }, ['m', 'n'])).toBe('&log=m:off,n');
  });

  it('leave out histograms that are gone, and plots as they start', () => {
    expect(formatViews(views, ['other'])).toBe('');
    expect(formatViews({ m: {} }, ['m'])).toBe('');
  });

  it('leave aside what is not known or damaged', () => {
    const damaged =
      'log=%E0%A4%A&x=1&flow=__proto__&axes=m:9,m:1-,m&set=m:-1&range=m:3..1,m:1..x,m:1&rebin=m:0,m:2.5&ratio=m:2&toString=m';
    expect(parseHash(`#a=abc&${damaged}`)).toEqual({ link: '#a=abc', views: {}, pane: START_PANE });
  });
});

describe('the view of a plot', () => {
  it('is what the document says, and over that what was changed', () => {
    const spec = { log: true, ratio: 'ratio', range: [0, 3] as [number, number] } as const;
    expect(effectiveView(spec, { log: false, range: 'all' })).toMatchObject({
      log: false,
      ratio: 'ratio',
      range: 'all',
    });
    expect(effectiveView(undefined, undefined)).toMatchObject({ log: false, rebin: 1, x: 0, y: 1 });
  });

  it('counts as changed only where it differs from the start', () => {
    expect(trueChange({ log: true, range: [0, 3] }, { log: true, range: [0, 3], flow: false, rebin: 2 })).toEqual({
      rebin: 2,
    });
    expect(trueChange({ log: true }, { log: false })).toEqual({ log: false });
  });
});
