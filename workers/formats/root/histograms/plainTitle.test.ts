import { expect, it } from 'vitest';
import { axisWords, plainTitle } from './plainTitle.ts';

it.each([
  ['#mu#mu', 'μμ'],
  ['m_{#mu^{+}#mu^{-}}', 'm_{μ⁺μ⁻}'],
  ['#sqrt{s} = 13 TeV, #int L dt = 36 fb^{-1}', '√s = 13 TeV, ∫ L dt = 36 fb⁻¹'],
  ['#it{p}_{T}^{jet}', 'p_{T}^jet'],
  ['#bf{CMS} #font[52]{Preliminary}', 'CMS Preliminary'],
  ['#Delta#phi(#tau_{h},#slash{E})', 'Δφ(τ_{h},#slashE)'],
  ['#frac{N_{a} + 1}{N_{b}}', '(N_{a} + 1)/N_{b}'],
  ['t#bar{t}', 'tt\u0304'],
  ['E_{dep} in keV - final response', 'E_{dep} in keV - final response'],
  ['#sqrt{unclosed', '{unclosed'],
  ['#frac{a}', 'a'],
  ['Jet #1', 'Jet #1'],
])('the title %s reads %s', (latex, plain) => {
  expect(plainTitle(latex)).toBe(plain);
});

it.each([
  ['p_{T} [GeV]', { label: 'p_{T}', unit: 'GeV' }],
  ['mass (MeV/c^{2})', { label: 'mass', unit: 'MeV/c²' }],
  ['ratio (data)', { label: 'ratio (data)' }],
  ['f(x)', { label: 'f(x)' }],
  ['#eta', { label: 'η' }],
  ['', {}],
])('the axis %s has label and unit', (title, words) => {
  expect(axisWords(title)).toEqual(words);
});

it('takes a title of nothing but braces in no time', () => {
  const started = performance.now();
  plainTitle('#sqrt{'.repeat(2000) + '{'.repeat(20_000));
  expect(performance.now() - started).toBeLessThan(2000);
});
