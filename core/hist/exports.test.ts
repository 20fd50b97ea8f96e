import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Axis } from './axis.ts';
import { combineDatasets, createHistogram } from './contents.ts';
import type { NamedHistogram } from './datasets.ts';
import { EXPORT_FORMATS, type ExportFormat } from './exportFormats.ts';
import { exportAll, exportOne } from './exports.ts';
import type { Histogram } from './histogram.ts';

const X: Axis = { type: 'regular', bins: 3, lo: 0, hi: 6, scale: 'linear', name: 'x', label: 'm(μμ)', unit: 'GeV' };
const S: Axis = { type: 'strCategory', categories: ['a', 'it: "b"'], name: 's' };

function filled(axes: Axis[], storage: Histogram['storage'], first: number): Histogram {
  const histogram = createHistogram(axes, storage, { title: 'Dimuon "mass"' });
  const { values, variances, means, deltas } = histogram;
  values.forEach((_, i) => {
    values[i] = first + i;
    if (variances) variances[i] = 4 * (first + i);
    if (means) means[i] = i / 2;
    if (deltas) deltas[i] = i;
  });
  return { ...histogram, entries: 30 };
}

const parts = (['Data 2012', 'Z → μμ', 'tt'] as const).map((dataset, i) => ({
  dataset,
  histogram: filled([X], 'weighted', 10 * (i + 1)),
}));
const ALL: NamedHistogram[] = [
  { name: 'm/μμ', histogram: combineDatasets(parts) },
  { name: 'm_μμ', histogram: filled([X, S], 'count', 1) },
  { name: 'profile', histogram: filled([X], 'mean', 0) },
];

test('every format names its file after the histogram', () => {
  for (const format of Object.keys(EXPORT_FORMATS) as ExportFormat[]) {
    const { name, text } = exportOne(ALL[0], format);
    expect(name).toMatch(/^m_μμ(\.pyhf)?\.(csv|json|yaml|py)$/);
    expect(text.length).toBeGreaterThan(100);
  }
});

test('files of names that look alike are kept apart', () => {
  expect(exportAll(ALL, 'csv', 'all').map(({ name }) => name)).toEqual(['m_μμ.csv', 'm_μμ_2.csv', 'profile.csv']);
  expect(exportAll(ALL, 'hepdata', 'all').map(({ name }) => name)).toEqual([
    'submission.yaml',
    'm_μμ.yaml',
    'm_μμ_2.yaml',
    'profile.yaml',
  ]);
  expect(exportAll(ALL, 'python', 'my analysis').map(({ name }) => name)).toEqual(['my_analysis.py']);
});

test('means are no counts for a fit', () => {
  expect(() => exportOne(ALL[2], 'pyhf')).toThrow("profile can't be written as pyhf workspace: means are no counts");
  expect(() => exportAll([ALL[2]], 'pyhf', 'all')).toThrow('no histogram can be written as pyhf workspace');
});

test('HEPData reads YAML 1.1, in which a number has a point, and some words are no texts', () => {
  const axis: Axis = { type: 'variable', edges: [1e-7, 2.5e-7, 3, 1e21] };
  const flags: Axis = { type: 'strCategory', categories: ['yes', '2012-01-01', 'a'] };
  const { text } = exportOne({ name: 'x', histogram: createHistogram([axis, flags], 'weighted') }, 'hepdata');
  expect(text).toContain('low: 1.0e-7\n        high: 2.5e-7');
  expect(text).toContain('low: 3\n        high: 1.0e+21');
  expect(text).toContain('- value: 0\n');
  expect(text).toMatch(/value: ["']yes["']/);
  expect(text).toMatch(/value: ["']2012-01-01["']/);
  expect(text).toMatch(/value: a\n/);
});

test('a table of more bins than anybody reads is refused', () => {
  const fine = filled(
    [
      { ...X, bins: 1100 },
      { ...X, bins: 1100 },
    ],
    'count',
    0,
  );
  expect(() => exportOne({ name: 'fine', histogram: fine }, 'csv')).toThrow('1,214,404 bins are too many');
  expect(exportOne({ name: 'fine', histogram: createHistogram([X], 'count') }, 'csv').name).toBe('fine.csv');
});

/** A Python with `hist`, `pyhf` and `hepdata-validator`. */
const PYTHON = process.env.LUMISCOPE_PYTHON;

describe.skipIf(!PYTHON)('as their receivers read them', () => {
  // biome-ignore lint/suspicious/noExplicitAny: what the script prints is compared below
  let found: any;
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), 'lumiscope-exports-'));
    const write = (format: ExportFormat) =>
      exportAll(ALL, format, 'all').map(({ name, text }) => {
        writeFileSync(join(folder, name), text);
        return name;
      });
    const names = { hepdata: write('hepdata'), pyhf: write('pyhf')[0], python: write('python')[0] };
    const script = fileURLToPath(new URL('fixtures/read_exports.py', import.meta.url));
    const { stdout, stderr, status } = spawnSync(PYTHON as string, [script, folder], {
      input: JSON.stringify(names),
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    rmSync(folder, { recursive: true });
    if (status !== 0) throw new Error(stderr);
    found = JSON.parse(stdout);
  }, 120_000);

  test('a HEPData submission is valid, with a table for each histogram', () => {
    const { problems, submission, tables } = found.hepdata;
    expect(problems).toEqual([]);
    expect(submission).toHaveLength(3);
    expect(submission[0]).toEqual({
      name: 'm/μμ',
      description: 'Dimuon "mass"',
      keywords: [],
      data_file: 'm_μμ.yaml',
    });
    const { independent_variables, dependent_variables } = tables['m_μμ.yaml'];
    expect(independent_variables).toEqual([
      {
        header: { name: 'm(μμ)', units: 'GeV' },
        values: [
          { low: 0, high: 2 },
          { low: 2, high: 4 },
          { low: 4, high: 6 },
        ],
      },
    ]);
    expect(dependent_variables).toHaveLength(3);
    expect(dependent_variables[1]).toMatchObject({
      qualifiers: [{ name: 'Data set', value: 'Z → μμ' }],
      values: [21, 22, 23].map((value) => ({ value, errors: [{ symerror: Math.sqrt(4 * value), label: 'stat' }] })),
    });
    const [first, second] = tables['m_μμ_2.yaml'].independent_variables;
    expect(first.values).toHaveLength(6);
    expect(second).toEqual({
      header: { name: 's' },
      values: ['a', 'it: "b"', 'a', 'it: "b"', 'a', 'it: "b"'].map((value) => ({ value })),
    });
    // Row-major with flow: bin (1, 0) is the fourth of x (with underflow) by s (with overflow).
    expect(tables['m_μμ_2.yaml'].dependent_variables[0].values.map((v: { value: number }) => v.value)).toEqual([
      4, 5, 7, 8, 10, 11,
    ]);
    expect(tables['profile.yaml'].dependent_variables[0].values[1]).toMatchObject({ value: 1 });
  });

  test('a workspace is taken by pyhf: data are observed, samples expected, with their errors', () => {
    const { channels, samples, poi, expected, observed, fixed, errors, fit } = found.pyhf;
    expect(channels).toEqual(['m/μμ', 'm_μμ']);
    expect(samples).toEqual(['Z → μμ', 'events', 'tt']);
    expect(poi).toBe('mu_Z → μμ');
    expect(fixed.sort()).toEqual(['mu_events', 'mu_tt']);
    expect(expected.slice(0, 3)).toEqual([21 + 31, 22 + 32, 23 + 33]);
    expect(observed).toEqual([11, 12, 13, 4, 5, 7, 8, 10, 11]);
    expect(expected.slice(3)).toEqual(observed.slice(3));
    expect(errors['m/μμ'][1]).toEqual([31, 32, 33].map((value) => Math.sqrt(4 * value)));
    expect(fit).toBeGreaterThanOrEqual(0);
  });

  test('a Python script makes the histograms of hist', () => {
    expect(Object.keys(found.python)).toEqual(['m/μμ', 'm_μμ', 'profile']);
    expect(found.python.m_μμ).toEqual({
      type: 'hist.Hist',
      storage: 'Int64',
      axes: [
        ['Regular', 'x', 'm(μμ)'],
        ['StrCategory', 's', 's'],
      ],
      values: [...ALL[1].histogram.values],
    });
    expect(found.python.profile).toMatchObject({ storage: 'WeightedMean' });
    expect(found.python['m/μμ'].values).toEqual([...ALL[0].histogram.values]);
  });
});
