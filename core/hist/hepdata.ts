import { type ScalarTag, stringify } from 'yaml';
import { type Axis, hasUnderflow } from './axis.ts';
import { binValues, errors } from './contents.ts';
import { byDataset, type NamedHistogram } from './datasets.ts';
import { axisEdges } from './edges.ts';
import type { Histogram } from './histogram.ts';
import { forEachInRange } from './inRange.ts';

/**
 * Histograms as HEPData takes them (hepdata-submission.readthedocs.io; JSON schemas 1.1.1 of the package `hepdata-validator`): a table
 * for each histogram, with the bins in range of each axis as independent variables and the contents of each data set as a dependent
 * one, whose errors are statistical.
 */

/** A table as YAML. */
export function toHepdataTable(histogram: Histogram): string {
  const sets = byDataset(histogram);
  const { axes } = sets[0].histogram;
  const positions: number[][] = [];
  forEachInRange(sets[0].histogram, (_, position) => positions.push([...position]));
  return write({
    independent_variables: axes.map((axis, k) => {
      const bins = binsOf(axis);
      return { header: header(axis, k), values: positions.map((position) => bins[position[k]]) };
    }),
    dependent_variables: sets.map((set) => ({
      header: { name: WHAT[histogram.storage] },
      ...(set.name !== '' && { qualifiers: [{ name: 'Data set', value: set.name }] }),
      values: contents(set.histogram),
    })),
  });
}

/** A whole submission: the files that go into an archive, `submission.yaml` and a table for each histogram. */
export function toHepdataFiles(
  histograms: readonly NamedHistogram[],
  fileOf: (name: string) => string,
): { name: string; text: string }[] {
  const tables = histograms.map((one) => ({ one, file: `${fileOf(one.name)}.yaml` }));
  const documents = tables.map(({ one: { name, histogram }, file }) =>
    write({
      name,
      description: String(histogram.metadata.title ?? name),
      keywords: [],
      data_file: file,
    }),
  );
  return [
    { name: 'submission.yaml', text: documents.map((text) => `---\n${text}`).join('') },
    ...tables.map(({ one, file }) => ({ name: file, text: toHepdataTable(one.histogram) })),
  ];
}

const WHAT = { count: 'Entries', weighted: 'Sum of weights', mean: 'Mean' };

function header(axis: Axis, position: number) {
  return { name: axis.label ?? axis.name ?? `axis ${position + 1}`, ...(axis.unit && { units: axis.unit }) };
}

function binsOf(axis: Axis): object[] {
  if (axis.type === 'boolean') return [{ value: 'false' }, { value: 'true' }];
  if (!hasUnderflow(axis)) return ('categories' in axis ? axis.categories : []).map((one) => ({ value: String(one) }));
  const edges = axisEdges(axis);
  return Array.from(edges.subarray(1), (high, i) => ({ low: edges[i], high }));
}

/** A bin that has no number, such as the mean of nothing, is `-`, as HEPData writes it. */
function contents(histogram: Histogram): object[] {
  const values = binValues(histogram);
  const error = errors(histogram);
  const bins: object[] = [];
  forEachInRange(histogram, (flat) => {
    const told = Number.isFinite(error[flat]) ? [{ symerror: error[flat], label: 'stat' }] : undefined;
    bins.push(Number.isFinite(values[flat]) ? { value: values[flat], ...(told && { errors: told }) } : { value: '-' });
  });
  return bins;
}

/**
 * HEPData reads YAML 1.1, in which `yes`, `1:30` and a date are no texts unless they are quoted, and `1e-7` is one: a number with an
 * exponent has a point.
 */
function write(value: object): string {
  return stringify(value, {
    version: '1.1',
    aliasDuplicateObjects: false,
    lineWidth: 0,
    customTags: (tags) => [NUMBER, ...tags],
  });
}

const NUMBER: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: (value) => typeof value === 'number',
  // Without a test, another tag is taken.
  test: /^-?\d/,
  resolve: Number,
  stringify: ({ value }) => String(value).replace(/^(-?\d+)e/, '$1.0e'),
};
