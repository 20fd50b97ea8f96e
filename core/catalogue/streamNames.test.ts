import { expect, it } from 'vitest';
import { shortStreamNames } from './streamNames.ts';

const name = (run: string, type: string) => `data18_13TeV.${run}.physics_Main.deriv.${type}.r13286_p4910`;

it('names the derivations of a dataset by their data types', () => {
  expect(shortStreamNames([name('00358031', 'DAOD_EGAM7'), name('00358031', 'DAOD_PHYS')])).toEqual([
    'DAOD_EGAM7',
    'DAOD_PHYS',
  ]);
});

it('keeps each part that differs somewhere, and names of another kind', () => {
  expect(
    shortStreamNames([
      name('00358031', 'DAOD_EGAM7'),
      name('00358096', 'DAOD_EGAM7'),
      name('00358096', 'AOD'),
      'my list',
    ]),
  ).toEqual(['00358031.DAOD_EGAM7', '00358096.DAOD_EGAM7', '00358096.AOD', 'my list']);
});

it('leaves one name, and two of the same, as they are', () => {
  expect(shortStreamNames([name('00358031', 'AOD'), 'list'])).toEqual([name('00358031', 'AOD'), 'list']);
  expect(shortStreamNames([name('1', 'AOD'), name('1', 'AOD')])).toEqual([name('1', 'AOD'), name('1', 'AOD')]);
});
