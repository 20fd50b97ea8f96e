import { expect, test } from 'vitest';
import { columnsNamed, parseBlocks } from './eventCondition.ts';

test.each([
  ['', undefined],
  ['100', [100, 100]],
  ['100-250', [100, 250]],
  [' 100 – 250 ', [100, 250]],
  ['100-', [100, 0xffff_ffff]],
  ['-20', [0, 20]],
])('%j are the luminosity blocks %j', (text, range) => {
  expect(parseBlocks(text)).toEqual(range);
});

test.each(['20-10', 'x', '-', '1-2-3', '99999999999'])('%j is no range of luminosity blocks', (text) => {
  expect(() => parseBlocks(text)).toThrow(`${text} is no range of luminosity blocks`);
});

test('a condition reads the columns that it names', () => {
  expect(columnsNamed("LB > 3 AND fired(tbp, 7) OR guid(guid_hi, guid_lo) = 'x'")).toEqual([
    'guid_hi',
    'guid_lo',
    'lb',
    'tbp',
  ]);
});
