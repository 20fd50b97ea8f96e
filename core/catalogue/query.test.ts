import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LumiscopeError } from '../errors.ts';
import { matchesGlob } from './glob.ts';
import { type FieldValue, parseQuery } from './query.ts';

const day = (text: string) => Date.parse(`${text}T00:00:00Z`);

test.each<[query: string, value: FieldValue, holds: boolean]>([
  ['physics', 'data18.physics_Main', true],
  ['PHYSICS*egam', 'x.physics_Main.DAOD_EGAM7', true],
  ['physics', 'express', false],
  ['data18_13TeV:data18_13TeV.0035', 'data18_13TeV.00358031.x', true],
  ['stream:physics_main', 'physics_Main', true],
  ['stream:physics', 'physics_Main', false],
  ['stream:phys*n', 'physics_Main', true],
  ['type:AOD,DAOD_EGAM?', 'DAOD_EGAM7', true],
  ['type:AOD,DAOD_EGAM?', 'DAOD_EGAM10', false],
  ['run:358031', 358031, true],
  ['run:358000-359000', 358000, true],
  ['run:358000-359000', 359000, true],
  ['run:358000..359000', 359001, false],
  ['run:3580*', 358031, true],
  ['run:3580*', 35803, true],
  ['run:3580*', 358131, false],
  ['events:>1e6', 1_000_000, false],
  ['events:>1e6', 1_000_001, true],
  ['events:>=1e6', 1_000_000, true],
  ['events:<2k', 2000, false],
  ['events:<=2k', 2000, true],
  ['events:1.5M', 1_500_000, true],
  ['bytes:1GB-2GB', 1.2e9, true],
  ['events:1-5,7,>9', 7, true],
  ['events:1-5,7,>9', 8, false],
  ['events:none', undefined, true],
  ['events:none', 0, false],
  ['events:>0', undefined, false],
  ['events:*', undefined, false],
  ['has_trigger:yes', true, true],
  ['has_trigger:0', false, true],
  ['inserted:2025-03-14', day('2025-03-14') + 86_399_999, true],
  ['inserted:2025-03-14', day('2025-03-15'), false],
  ['inserted:2025-03', day('2025-03-31'), true],
  ['inserted:2025-12', day('2026-01-01'), false],
  ['inserted:2024', day('2024-12-31'), true],
  ['inserted:>2025-03', day('2025-03-31'), false],
  ['inserted:>2025-03', day('2025-04-01'), true],
  ['inserted:>=2025-03', day('2025-03-01'), true],
  ['inserted:<2025-03', day('2025-03-01'), false],
  ['inserted:<=2025-03', day('2025-03-31'), true],
  ['inserted:2025-01..2025-02', day('2025-02-28') + 1, true],
  ['state_details:"no such file, at all"', 'no such file, at all', true],
  ['state_details:"none"', 'none', true],
  ['state_details:"none"', '', false],
  ['state_details:none', '', true],
])('%s of %s: %s', (query, value, holds) => {
  const [term, ...others] = parseQuery(query);
  expect(others).toEqual([]);
  expect(term!.matches(value)).toBe(holds);
});

test('terms stand between spaces, a minus in front of what may not hold', () => {
  const terms = parseQuery('  AOD -state:failed,obsolete   "a b" ');
  expect(terms.map(({ field, negated, alternatives, span }) => [field?.name, negated, alternatives, span])).toEqual([
    [undefined, false, ['AOD'], [2, 5]],
    ['state', true, ['failed', 'obsolete'], [6, 28]],
    [undefined, false, ['a b'], [31, 36]],
  ]);
});

test.each([
  ['AOD strem:physics_Main', 'there is no field strem', 5, 'did you mean stream?'],
  ['evnts:3', 'there is no field evnts', 1, 'did you mean events?'],
  ['-colour:red', 'there is no field colour', 2, 'fields are name'],
  ['run:abc', 'run_number is a number, not abc', 5, '35*'],
  ['run:', 'run_number has no value here', 5, 'run_number:none'],
  ['run:1,,2', 'run_number has no value here', 7, 'run_number:none'],
  ['run:>', 'run_number is a number, not nothing', 6, 'run_number:12'],
  ['run:5-3', 'the range 5-3 goes backwards', 5, 'the smaller end first'],
  ['run:3..x', 'run_number is a number, not x', 8, 'run_number:12'],
  ['inserted:2025-13', 'inserted is a day, not 2025-13', 10, 'inserted:2025-03-14'],
  ['inserted:2025-02-30', 'inserted is a day', 10, 'inserted:2025-03-14'],
  ['has_raw:maybe', 'has_raw is yes or no, not maybe', 9, 'has_raw:yes'],
  ['a "b', 'a quote has no end', 3, 'put " behind'],
  ['a - b', 'there is no word here', 4, 'take'],
])('"%s" is wrong: %s, in column %d', (query, message, col, hint) => {
  let error: LumiscopeError | undefined;
  try {
    parseQuery(query);
  } catch (thrown) {
    error = thrown as LumiscopeError;
  }
  expect(error?.message).toContain(message);
  expect(error?.hint).toContain(hint);
  expect(error?.place.col).toBe(col);
});

test('whatever is typed is read, or refused with a place in it', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'run:>"-, .*e5AOD') }), (text) => {
      try {
        for (const { span, matches } of parseQuery(text)) {
          expect(span[1]).toBeGreaterThan(span[0]);
          expect(typeof matches(5)).toBe('boolean');
        }
      } catch (error) {
        const { tag, place } = error as LumiscopeError;
        expect(tag).toBe('expression');
        expect(place.span![0]).toBeLessThanOrEqual(text.length);
      }
    }),
  );
});

describe('a pattern', () => {
  test('matches what a regular expression would', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 6 });
    fc.assert(
      fc.property(pattern, text, (glob, name) => {
        const expression = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matchesGlob(glob, name)).toBe(expression.test(name));
      }),
    );
  });

  test('of many stars takes no time, where a regular expression would take for ever', () => {
    expect(matchesGlob('*a'.repeat(50), 'a'.repeat(5000).concat('b'))).toBe(false);
  });
});
