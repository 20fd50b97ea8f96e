import { expect, it } from 'vitest';
import { parseDatasetTemplate } from './datasetTemplate.ts';

it('a dataset of data has one run, one of simulation has none', () => {
  const data = parseDatasetTemplate('data12_8TeV.193621.physics_Muons.merge.NTUP_NANO.f1');
  expect(data).toMatchObject({ name: 'data12_8TeV.00193621.physics_Muons.merge.NTUP_NANO.f1', run: 193621 });
  expect(parseDatasetTemplate('mc20_13TeV.410470.ttbar.deriv.DAOD_PHYS.e1_p2').run).toBeUndefined();
});

it('{run} makes a name for each run', () => {
  const template = parseDatasetTemplate('data12_8TeV.{run}.physics_Muons.merge.NTUP_NANO.f1');
  expect(template.name).toBeUndefined();
  expect(template.nameFor(193621)).toBe('data12_8TeV.00193621.physics_Muons.merge.NTUP_NANO.f1');
});

it.each([
  ['mc20_13TeV.{run}.ttbar.deriv.DAOD_PHYS.e1_p2', /simulation/],
  ['data12_8TeV.1.physics_{run}.merge.AOD.f1', /no part of another name/],
  ['data12_8TeV.{run}', /parts/],
  ['nonsense', /parts/],
])('%s is refused', (text, message) => {
  expect(() => parseDatasetTemplate(text)).toThrow(message);
});
