import { describe, expect, it } from 'vitest';
import { buildSchema } from '../schema/build.ts';
import { columnsOf, contextOf, errorOf, inWords } from './testing/check.ts';

/** Definitions `d0`, `d1`, …: the first one, then `next` with the one before for each `$`. */
const chain = (count: number, first: string, next: string): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, k) => [`d${k}`, k === 0 ? first : next.replaceAll('$', `d${k - 1}`)]),
  );

const within = (milliseconds: number, work: () => void): void => {
  const start = performance.now();
  work();
  expect(performance.now() - start).toBeLessThan(milliseconds);
};

describe('the checker’s work is in proportion to the text', () => {
  it.each([
    ['uses the one before twice, item by item', chain(200, 'Muon.pt', '$ + $'), 'Muon[d199 > 0]'],
    ['uses the one before twice, where it may be missing', chain(200, 'gap', '$ + $ * fill_none($, 1)'), 'd199'],
    ['masks the one before by itself', chain(200, 'Muon', '$[$.pt > len($)]'), 'd199'],
    [
      'goes through the one before in two loops',
      chain(200, 'Muon', '[m for m in $ if any(m is n for n in $)]'),
      'd199',
    ],
    [
      'uses the one before twice, over items that may be missing',
      chain(200, 'fill_none([m.jet for m in Muon].pt, 0)', '$ + $'),
      'd199[0]',
    ],
    ['adds four-vectors', chain(200, 'Muon[0] + Jet[0]', '$ + $'), 'd199.mass'],
  ])('when each of 200 definitions %s', (_, definitions, use) => {
    within(3000, () => inWords(use, contextOf(definitions)));
  });

  it('over 1,500 columns', () => {
    const names = Array.from({ length: 1500 }, (_, k) => `C${k % 100}_field${k}: float32[]`).join('\n');
    within(3000, () => {
      const context = contextOf({}, buildSchema(columnsOf(names)));
      for (let k = 0; k < 1500; k++) inWords(`C${k % 100}_field${k} + C${k % 100}.field${k}`, context);
    });
  });

  it('in a list of thousands of values', () => {
    within(3000, () => inWords(`run in [${Array.from({ length: 3000 }, (_, k) => k)}]`));
  });
});

it('operations on top of one another have a limit, which is told', () => {
  expect(inWords(`x${' + x'.repeat(999)}`)).toBe('a number');
  expect(inWords(`HLT.IsoMu24${' or HLT.IsoMu24'.repeat(999)}`)).toBe('a true/false value');
  expect(errorOf(`x${' + x'.repeat(1001)}`)).toMatchObject({ message: 'the expression has more than 1000 operators' });
  expect(errorOf('sqrt(d999) + 1', contextOf(chain(1000, 'x', 'sqrt($)')))).toEqual({
    message: 'more than 1000 operations lie on top of one another',
    at: 'sqrt(d999) + 1',
    hint: 'use fewer operations, or definitions that build less on one another',
  });
});

it('combinations of combinations have a limit, which is told', () => {
  expect(inWords('combinations(combinations(Muon, 6), 6)')).toBe('the combinations of the combinations of Muon');
  expect(() => contextOf(chain(4, 'Muon', 'combinations($, 6)'))).toThrow(
    'an item of this combinations() is made of more than 100 items',
  );
});
