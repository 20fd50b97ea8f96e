import { expect, test } from 'vitest';
import { chainsOf, namePattern, TriggerMenu } from './menu.ts';

const menu = new TriggerMenu(2695, [
  { level: 2, bit: 7, chain: 'HLT_mu26_ivarmedium', seed: 'L1_MU20' },
  { level: 1, bit: 9, chain: 'L1_MU20', seed: '' },
  { level: 1, bit: 2, chain: 'L1_EM22VHI', seed: '' },
]);

test('a menu has its chains by level and bit', () => {
  expect(menu.chains.map(({ chain }) => chain)).toEqual(['L1_EM22VHI', 'L1_MU20', 'HLT_mu26_ivarmedium']);
  expect(menu.chainAt(1, 9)?.chain).toBe('L1_MU20');
  expect(menu.chainAt(2, 9)).toBeUndefined();
});

test('lists of bits become chains, with the decisions that each passed, and bits without a name', () => {
  expect(chainsOf(menu, { tbp: [2, 9], tap: [9], tav: [9], ph: [7], rs: [4000], lph: [1] })).toEqual([
    { level: 1, bit: 2, chain: 'L1_EM22VHI', lists: ['tbp'] },
    { level: 1, bit: 9, chain: 'L1_MU20', lists: ['tbp', 'tap', 'tav'] },
    { level: 2, bit: 7, chain: 'HLT_mu26_ivarmedium', lists: ['ph'] },
    { level: 2, bit: 4000, chain: undefined, lists: ['rs'] },
    { level: 3, bit: 1, chain: undefined, lists: ['lph'] },
  ]);
  expect(chainsOf(undefined, { tbp: [2] })).toEqual([{ level: 1, bit: 2, chain: undefined, lists: ['tbp'] }]);
});

test('names are found by wildcards', () => {
  const found = (pattern: string) => ['HLT_mu26', 'HLT_2mu14', 'HLT_e26', 'L1_MU20'].filter(namePattern(pattern));
  expect(found('')).toEqual(['HLT_mu26', 'HLT_2mu14', 'HLT_e26', 'L1_MU20']);
  expect(found('*mu*')).toEqual(['HLT_mu26', 'HLT_2mu14', 'L1_MU20']);
  expect(found('HLT_?26')).toEqual(['HLT_e26']);
  expect(found('HLT_*, -*mu*')).toEqual(['HLT_e26']);
  expect(found('HLT_e26 L1_MU20')).toEqual(['HLT_e26', 'L1_MU20']);
  expect(found('HLT.*')).toEqual([]);
});
