import { describe, expect, it } from 'vitest';
import { formatViews, parseHash } from './viewHash.ts';

describe('views in a link', () => {
  const views = { 'm, μμ': { logY: true, flow: false }, pt: { logY: true, flow: true } };

  it('come back as they went, whatever the names', () => {
    const hash = `#a=abc${formatViews(views, ['m, μμ', 'pt'])}`;
    expect(parseHash(hash)).toEqual({ link: '#a=abc', views });
  });

  it('leave out histograms that are gone, and plots as they start', () => {
    expect(formatViews(views, ['other'])).toBe('');
  });

  it('leave aside what is not known or damaged', () => {
    expect(parseHash('#a=abc&log=%E0%A4%A&x=1&flow=__proto__')).toEqual({ link: '#a=abc', views: {} });
  });
});
