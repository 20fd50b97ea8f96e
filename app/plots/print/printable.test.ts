import { expect, it } from 'vitest';
import type { Brush } from '../../../core/analysis/brush.ts';
import { axisOf } from '../../../core/analysis/compile.ts';
import { parseDocument } from '../../../core/analysis/yaml.ts';
import { createHistogram } from '../../../core/hist/contents.ts';
import type { ExplorerState } from '../../store/state.ts';
import { printables } from './printable.ts';

const document = parseDocument(`lumiscope: 1
datasets: [{ name: demo, files: [a.parquet] }]
histograms:
  mass: { axes: [{ value: m, bins: 10, range: [0, 100], label: m(μμ), unit: GeV }] }
  met: { axes: [{ value: MET.pt, bins: 10, range: [0, 100] }] }
`).document!;
const histograms = document.histograms.map(({ name, axes }) => ({
  name,
  histogram: createHistogram(axes.map(axisOf), 'count'),
}));
const saved = [{ name: 'old.json', histograms: [{ name: 'other', histogram: histograms[0]!.histogram }] }];

const said = (brushes: Brush[]) => {
  const state = { document, result: { histograms }, views: {}, saved, savedUse: 'over', brushes };
  return Object.fromEntries(printables(state as unknown as ExplorerState).map(({ name, brushed }) => [name, brushed]));
};

it('a figure says which events it shows, where brushes of other plots count', () => {
  expect(said([])).toEqual({ mass: undefined, met: undefined, other: undefined });
  const onMass = { histogram: 'mass', ranges: [{ axis: 0, from: 80, to: 100 }] };
  const shows = 'Only events with 80 ≤ m(μμ) < 100 GeV';
  expect(said([onMass])).toEqual({ mass: undefined, met: shows, other: undefined });
  expect(said([onMass, { ...onMass, histogram: 'gone' }]).met).toBe(shows);
});
