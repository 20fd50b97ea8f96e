import { byDataset, type NamedHistogram } from './datasets.ts';
import type { Histogram } from './histogram.ts';
import { forEachInRange } from './inRange.ts';
import { writeJson } from './json.ts';

/**
 * Histograms as a pyhf workspace (JSON schema 1.0.0, pyhf.github.io): a channel for each histogram, its bins in range in row-major order;
 * a sample for each data set.
 *
 * - The observation is the data set whose name starts with `data`, as plots draw it; without one, the sum of all samples
 *   (Asimov data).
 * - Each sample has a `staterror` of √Σw² in each bin, shared by the samples of a channel (Barlow–Beeston lite), and a
 *   `normfactor` `mu_NAME`. The parameter of interest is the first sample's; the others are fixed at 1 until somebody frees them.
 */
export function toPyhf(histograms: readonly NamedHistogram[]): string {
  const channels = histograms.map(channelOf);
  const samples = [...new Set(channels.flatMap(({ samples }) => samples.map(({ name }) => name)))];
  const parameters = samples.slice(1).map((name) => ({ name: factorOf(name), inits: [1], fixed: true }));
  return `${writeJson({
    channels: channels.map(({ name, samples }) => ({ name, samples })),
    observations: channels.map(({ name, observed }) => ({ name, data: observed })),
    measurements: [{ name: 'measurement', config: { poi: factorOf(samples[0]), parameters } }],
    version: '1.0.0',
  })}\n`;
}

/** pyhf (0.7) takes names of modifiers apart at slashes: U+2215 looks the same. */
const inModifier = (name: string) => name.replaceAll('/', '∕');
const factorOf = (sample: string) => `mu_${inModifier(sample)}`;

function channelOf({ name, histogram }: NamedHistogram) {
  const sets = byDataset(histogram).map((set) => ({ name: set.name || 'events', ...inRange(set.histogram) }));
  const observed = sets.find((set) => sets.length > 1 && /^data/i.test(set.name));
  const samples = sets.filter((set) => set !== observed);
  return {
    name,
    observed: observed?.values ?? samples[0].values.map((_, i) => samples.reduce((sum, set) => sum + set.values[i], 0)),
    samples: samples.map((set) => ({
      name: set.name,
      data: set.values,
      modifiers: [
        { name: factorOf(set.name), type: 'normfactor', data: null },
        { name: `staterror_${inModifier(name)}`, type: 'staterror', data: set.errors },
      ],
    })),
  };
}

function inRange(histogram: Histogram): { values: number[]; errors: number[] } {
  const { values, variances = values } = histogram;
  const found = { values: [] as number[], errors: [] as number[] };
  forEachInRange(histogram, (flat) => {
    found.values.push(values[flat]);
    found.errors.push(Math.sqrt(variances[flat]));
  });
  return found;
}
