import { describe, expect, it } from 'vitest';
import { flat, typeset } from './labels.ts';

describe('labels', () => {
  it('set transverse quantities and marked parts as subscripts', () => {
    expect(typeset('pT(μ) [GeV]')).toBe('p<sub>T</sub>(μ) [GeV]');
    expect(typeset('missing ET, mT(W), HT')).toBe('missing E<sub>T</sub>, m<sub>T</sub>(W), H<sub>T</sub>');
    expect(typeset('N_{jets}')).toBe('N<sub>jets</sub>');
    expect(flat('N_{jets} of pT > 30')).toBe('Njets of pT > 30');
  });

  it('leave names of columns and words alone, and let no tags through', () => {
    for (const text of ['Muon_pt', 'HLT_IsoMu24', 'PuppiMET', 'pTmiss']) expect(typeset(text)).toBe(text);
    expect(typeset('a<b>c</b>_{<i>}')).toBe('a&lt;b&gt;c&lt;/b&gt;<sub>&lt;i&gt;</sub>');
  });
});
