import { expect, it } from 'vitest';
import { datasetText } from './declaration.ts';

it('a dataset has one name: others for its place in the catalogue are refused, with that one', () => {
  const name = 'data18_13TeV.00358031.physics_Main.merge.AOD.r13286_p4910_tid18340510_00';
  for (const right of [name, name.slice(0, name.indexOf('_tid')), 'mc20_13TeV.410470.ttbar.deriv.DAOD_PHYS.e1_p2'])
    expect(datasetText.parse(right)).toBe(right);
  for (const other of [name.replace('.00358031', '.358031'), name.replace('tid18340510_00', 'tid18340510')])
    expect(datasetText.safeParse(other).error?.issues).toMatchObject([{ message: `is spelt ${name}` }]);
  for (const wrong of [name.replace('tid18340510', 'tid00000000'), 'a.b', `data18_13TeV:${name}`])
    expect(datasetText.safeParse(wrong).success).toBe(false);
});
