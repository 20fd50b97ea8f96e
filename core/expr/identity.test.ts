import { describe, expect, it } from 'vitest';
import { contextOf, inWords, listOf } from './testing/check.ts';

const DEFINITIONS = {
  cut: '20',
  good: 'Muon[(Muon.pt > cut) & (abs(Muon.eta) < 2.4)]',
  pair: 'combinations(good, 2)',
};

describe('two collections are the same one', () => {
  it.each([
    ['a mask written twice', 'Muon[Muon.pt > 20]', 'Muon[Muon.pt > 20]'],
    ['with other spaces and parentheses', 'Muon[ (Muon.pt>20) ]', 'Muon[Muon.pt > 20]'],
    ['by the column’s own name', 'Muon[Muon_pt > 20]', 'Muon[Muon.pt > 20]'],
    ['with definitions filled in', 'good', 'Muon[(Muon.pt > 20) & (abs(Muon.eta) < 2.4)]'],
    ['with & for and', 'good', 'Muon[Muon.pt > 20 and abs(Muon.eta) < 2.4]'],
    ['a comprehension and a mask', '[m for m in Muon if m.pt > 20]', 'Muon[Muon.pt > 20]'],
    ['whatever the variable is called', '[m for m in Muon if m.pt > 20]', '[x for x in Muon if x.pt > 20]'],
    ['a comprehension of all items and the collection', '[m for m in Muon]', 'Muon'],
    ['a mask of a field and of the collection', 'Muon.pt[Muon.pt > 20]', 'Muon[Muon.pt > 20]'],
    ['slices', 'Muon[:1 + 1]', 'Muon[:1 + 1]'],
    ['combinations', 'pair', 'combinations(Muon[(Muon.pt > 20) & (abs(Muon.eta) < 2.4)], 2)'],
    ['sorted by a key and by a lambda', 'sort(Muon, key=Muon.pt)', 'sort(Muon, key=lambda m: m.pt)'],
    [
      'loops within loops',
      '[j for j in Jet if all(j.deltaR(m) > 0.4 for m in good)]',
      '[a for a in Jet if all(a.deltaR(b) > 0.4 for b in good)]',
    ],
    [
      'an inner variable with the outer one’s name',
      '[a for a in Jet if any(a.pt > 3 for a in Muon)]',
      '[b for b in Jet if any(a.pt > 3 for a in Muon)]',
    ],
  ])('%s', (_, a, b) => {
    const context = contextOf(DEFINITIONS);
    expect(listOf(a, context)).toBe(listOf(b, context));
  });

  it('so their values go together', () => {
    expect(inWords('good.pt - [m for m in Muon if m.pt > cut and abs(m.eta) < 2.4].pt', contextOf(DEFINITIONS))).toBe(
      'a number for each item of good',
    );
  });
});

describe('two collections are different', () => {
  it.each([
    ['other cuts', 'Muon[Muon.pt > 20]', 'Muon[Muon.pt > 21]'],
    ['an integer and a double', 'Muon[Muon.pt * x > 20 // 3]', 'Muon[Muon.pt * x > 20. // 3]'],
    [
      'one mask of both and one after the other',
      'Muon[(Muon.pt > 20) & Muon.tight]',
      'Muon[Muon.pt > 20][Muon[Muon.pt > 20].tight]',
    ],
    ['a collection and its derived one', 'Muon', 'Muon[:3]'],
    ['up and down', 'sort(Muon.pt)', 'sort(Muon.pt, reverse=True)'],
    ['pairs and triples', 'combinations(Muon, 2)', 'combinations(Muon, 3)'],
    ['an open slice and a closed one', 'Muon[1:]', 'Muon[:1]'],
    ['the inner and the outer variable', '[a.pt for a in Muon for b in Muon]', '[b.pt for a in Muon for b in Muon]'],
    ['strings that look like something else', 'Muon[stream == "1"]', 'Muon[stream == "2"]'],
    ['zeros of both signs', '[0.0 * m.pt for m in Muon]', '[-0.0 * m.pt for m in Muon]'],
  ])('%s', (_, a, b) => {
    const one = (text: string) => (text.startsWith('Muon[stream') ? `[m for m in Muon if ${text.slice(5, -1)}]` : text);
    const context = contextOf();
    expect(listOf(one(a), context)).not.toBe(listOf(one(b), context));
  });
});
