import { describe, expect, it } from 'vitest';
import { PLAIN_VIEW } from './state.ts';
import { formatViews, parseHash } from './viewHash.ts';

describe('views in a link', () => {
  const views = {
    'm, μμ': { ...PLAIN_VIEW, logY: true },
    pt: { ...PLAIN_VIEW, logY: true, flow: true },
    'a:b': { ...PLAIN_VIEW, x: 2, y: 0, dataset: 1 },
  };

  it('come back as they went, whatever the names', () => {
    const hash = `#a=abc${formatViews(views, ['m, μμ', 'pt', 'a:b'])}`;
    expect(parseHash(hash)).toEqual({ link: '#a=abc', views });
  });

  it('leave out histograms that are gone, and plots as they start', () => {
    expect(formatViews(views, ['other'])).toBe('');
  });

  it('leave aside what is not known or damaged', () => {
    expect(parseHash('#a=abc&log=%E0%A4%A&x=1&flow=__proto__&axes=m:9,m:1-,m&set=m:-1')).toEqual({
      link: '#a=abc',
      views: {},
    });
  });
});
