import { expect, test } from 'vitest';
import { fileNameOf, stemOf } from './stem.ts';

test.each([
  ['https://host/a/Run%202012.root?x=/y', 'Run 2012.root', 'Run 2012'],
  ['https://host/100%.root', '100%.root', '100%'],
  ['https://host/%ff.root', '%ff.root', '%ff'],
  ['https://host/', '', 'data'],
])('%s is called %s', (address, name, stem) => {
  expect(fileNameOf(address)).toBe(name);
  expect(stemOf(address)).toBe(stem);
});
