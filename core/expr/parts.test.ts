import { expect, test } from 'vitest';
import { partsOf } from './parts.ts';

const parts = (text: string) => partsOf(text).map((span) => text.slice(...span));

test('parts come in the order of the text, outer ones first, without literals and names of functions', () => {
  expect(parts('len(good) >= 2 and abs(MET.pt - 91) < 10')).toEqual([
    'len(good) >= 2',
    'len(good)',
    'good',
    'abs(MET.pt - 91) < 10',
    'abs(MET.pt - 91)',
    'MET.pt - 91',
    'MET.pt',
    'MET',
  ]);
  expect(parts('any((Muon.pt > 20) & Muon.isTight)')).toEqual([
    '(Muon.pt > 20) & Muon.isTight',
    '(Muon.pt > 20)',
    'Muon.pt',
    'Muon',
    'Muon.isTight',
    'Muon',
  ]);
  expect(parts('x')).toEqual([]);
});

test('what depends on a variable of a loop or a lambda is no part, even where a definition has its name', () => {
  expect(parts('all(j.pt > cut for j in Jet[Jet.pt > 5] if j.eta < 2)')).toEqual([
    'j.pt > cut for j in Jet[Jet.pt > 5] if j.eta < 2',
    'cut',
    'Jet[Jet.pt > 5]',
    'Jet',
    'Jet.pt > 5',
    'Jet.pt',
    'Jet',
  ]);
  expect(parts('max(pairs, key=lambda p: p.mass + shift)')).toEqual(['pairs', 'shift']);
});
