import { expect, test } from 'vitest';
import { buildSchema } from '../schema/build.ts';
import type { AnalysisDocument } from './document.ts';
import { suggestedValues } from './eventValue.ts';

test('a table starts with what the document says of an event', () => {
  const schema = buildSchema([
    { name: 'nMuon', type: 'uint32', depth: 0, nullable: false },
    { name: 'Muon_pt', type: 'float32', depth: 1, nullable: false },
    { name: 'MET_pt', type: 'float32', depth: 0, nullable: false },
  ]);
  const document: AnalysisDocument = {
    lumiscope: 1,
    datasets: [],
    define: [
      { name: 'threshold', expression: '20' },
      { name: 'good', expression: 'Muon[Muon.pt > threshold]' },
      { name: 'lead', expression: 'good[0].pt' },
      { name: 'broken', expression: 'nothing + 1' },
      { name: 'four', expression: 'good[0]' },
    ],
    select: [],
    histograms: [
      { name: 'a', axes: [{ value: 'MET.pt', bins: 1, range: [0, 1] }] },
      { name: 'b', axes: [{ value: 'good.pt', bins: 1, range: [0, 1] }] },
      { name: 'c', axes: [{ value: 'lead', bins: 1, range: [0, 1] }] },
    ],
    defaults: {},
  };
  expect(suggestedValues(document, schema)).toEqual(['len(good)', 'lead', 'MET.pt']);
});
