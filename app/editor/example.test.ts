import { expect, test } from 'vitest';
import { exampleText } from './example.ts';

test('an example is short, whatever it is', () => {
  expect(exampleText(null)).toBe('missing');
  expect(exampleText(9007199254740993n)).toBe('9007199254740993');
  expect(exampleText([1.5, null, true])).toBe('[1.5, missing, true]');
  expect(exampleText([1, 2, 3, 4, 5, 6])).toBe('[1, 2, 3, 4, … 6 in all]');
  expect(exampleText([{ pt: 20, eta: -1 }])).toBe('[{ pt: 20, eta: −1 }]');
  expect(exampleText([])).toBe('[]');
});
