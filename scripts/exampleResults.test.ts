/** What the examples give on the simulated data: both engines alike, and the numbers that physics asks for. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compileDocument } from '../core/analysis/compile.ts';
import type { AnalysisDocument } from '../core/analysis/document.ts';
import { parseDocument } from '../core/analysis/yaml.ts';
import { fitHistogram } from '../core/fit/fit.ts';
import { axisEdges } from '../core/hist/edges.ts';
import type { Histogram } from '../core/hist/histogram.ts';
import { buildSchema } from '../core/schema/build.ts';
import type { ColumnData, Values } from '../core/schema/column.ts';
import { expectSameResult } from '../workers/engine/testing/compare.ts';
import { ENGINE_NAMES, testedEngine } from '../workers/engine/testing/engines.ts';
import { openEventFile } from '../workers/formats/open.ts';
import { openSourceInNode } from '../workers/io/nodeFile.ts';
import { createNodeSession } from '../workers/nodeSession.ts';
import type { RunResult } from '../workers/session.ts';
import { root } from './upToDate.ts';

const IDS = ['demo-dimuon', 'demo-top', 'dimuon', 'z-mumu', 'w-mass', 'higgs-4l', 'trigger', 'top-agc'];

/** The interpreter keeps nothing: definitions within loops within definitions take it milliseconds an event. */
const SLOW: Record<string, number> = { 'higgs-4l': 100 };

function read(id: string): AnalysisDocument {
  const { document } = parseDocument(readFileSync(join(root, 'public/examples', `${id}.yaml`), 'utf8'));
  return document!;
}

const pathOf = (file: unknown) => ({ kind: 'path' as const, path: join(root, 'public', String(file)) });

describe.each(IDS)('the example %s', (id) => {
  it('gives the same in both engines, over the first events of each file', async () => {
    const document = read(id);
    for (const { files } of document.datasets) {
      const { source, file: opened } = await openSourceInNode(pathOf(files[0]), { counter: { requests: 0, bytes: 0 } });
      const file = await openEventFile(source, opened);
      const { program } = compileDocument(document, buildSchema(file.summary.columns));
      const columns = (await file.readChunk(0, program!.columns)).map((column) =>
        firstEvents(column, SLOW[id] ?? 3000),
      );
      const results = [];
      for (const name of ENGINE_NAMES) {
        const run = (await (await testedEngine(name)).prepare(program!)).start(columns);
        run.run(0, columns[0]!.length);
        results.push(run.result());
      }
      expectSameResult(results[1]!, results[0]!);
    }
  }, 60_000);
});

describe('on the simulated data', () => {
  const session = createNodeSession({ workers: 1 });
  afterAll(() => session.close());
  const run = (id: string): Promise<RunResult> => {
    const document = read(id);
    const addresses = document.datasets.map(({ files }) => files.map(pathOf));
    return session.run(document, addresses, {});
  };

  /** Places of the peaks that an example fits, in its order. */
  const fittedMeans = async (id: string): Promise<(number | undefined)[]> => {
    const { histograms } = await run(id);
    return read(id).histograms.flatMap(({ name, fits = [] }) =>
      fits.map((spec) => {
        const fit = fitHistogram(named(histograms, name), spec);
        expect(fit.failure, name).toBeUndefined();
        return fit.parameters?.find((parameter) => parameter.name === 'μ')?.value;
      }),
    );
  };

  it('every histogram of every example holds events, and every cut lets some pass', async () => {
    for (const id of IDS) {
      const { histograms, cutflow } = await run(id);
      for (const { name, histogram } of histograms) expect(histogram.entries, `${id}: ${name}`).toBeGreaterThan(100);
      for (const { rows } of cutflow) expect(rows.at(-1)!.events, id).toBeGreaterThan(100);
    }
  });

  it('fits find the resonances at their masses, within a thousandth', async () => {
    const expected = { dimuon: [3.0969, 3.6861, 9.4604, 91.1876], 'z-mumu': [91.1876] };
    for (const [id, masses] of Object.entries(expected)) {
      const means = await fittedMeans(id);
      expect(means).toHaveLength(masses.length);
      for (const [i, mass] of masses.entries()) expect(Math.abs(means[i]! / mass - 1), `${mass}`).toBeLessThan(1e-3);
    }
  });

  it('the transverse mass of W → μν breaks off behind 80 GeV', async () => {
    const { histograms } = await run('w-mass');
    const [low, peak, above] = [
      [0, 50],
      [60, 85],
      [100, 150],
    ].map((range) => sum(histograms, 'transverse mass', range as [number, number]));
    expect(peak).toBeGreaterThan(5 * low!);
    expect(peak).toBeGreaterThan(50 * above!);
  });

  it('the Higgs boson is a narrow peak at 125 GeV over less background', async () => {
    const { histograms } = await run('higgs-4l');
    const [jets, zz, signal] = [0, 1, 2].map((set) => sum(histograms, 'four leptons', [118, 130], set));
    expect(centre(histograms, 'four leptons', [100, 150], 2)).toBeCloseTo(125, 0);
    expect(signal).toBeGreaterThan(0.95 * sum(histograms, 'four leptons', [70, 181], 2));
    expect(signal).toBeGreaterThan(2 * (jets! + zz!));
    // Two real Z bosons need twice their mass.
    expect(sum(histograms, 'four leptons wide', [178, 300], 1)).toBeGreaterThan(
      5 * sum(histograms, 'four leptons wide', [106, 178], 1),
    );
  });

  it('the trigger has a turn-on at 24 GeV and a plateau near 0.93', async () => {
    const { histograms } = await run('trigger');
    const efficiency = (range: [number, number]) =>
      sum(histograms, 'triggered', range) / sum(histograms, 'all muons', range);
    expect(efficiency([0, 22])).toBeLessThan(0.01);
    expect(efficiency([28, 60])).toBeGreaterThan(0.9);
    expect(efficiency([28, 60])).toBeLessThan(0.96);
  });

  it('the trijet of the challenge peaks at the top quark, and its histograms have the bins that it asks for', async () => {
    const { histograms } = await run('top-agc');
    const trijet = named(histograms, '4j2b');
    const fullest = trijet.values.indexOf(Math.max(...trijet.values)) - 1;
    const edges = axisEdges(trijet.axes[0]!);
    expect(edges[fullest]).toBeGreaterThan(149);
    expect(edges[fullest + 1]).toBeLessThan(191);
    for (const name of ['4j2b', '4j1b'])
      expect(named(histograms, name).axes[0]).toMatchObject({ type: 'regular', bins: 25, lo: 50, hi: 550 });
  });
});

function firstEvents({ type, length, offsets, values, dictionary }: ColumnData, most: number): ColumnData {
  const events = Math.min(most, length);
  const [starts] = offsets;
  const last = starts ? starts[events]! : events;
  const rest = dictionary && { dictionary };
  return {
    type,
    length: events,
    offsets: starts ? [starts.slice(0, events + 1)] : [],
    values: values.slice(0, last) as Values,
    ...rest,
  };
}

type Histograms = RunResult['histograms'];

function named(histograms: Histograms, name: string): Histogram {
  return histograms.find((h) => h.name === name)!.histogram;
}

/** Bins of one data set whose centres lie in a range: centres and contents. */
function bins(histograms: Histograms, name: string, [low, high]: [number, number], set = 0): [number, number][] {
  const { axes, values } = named(histograms, name);
  const edges = Array.from(axisEdges(axes.at(-1)!));
  const first = set * (edges.length + 1) + 1;
  return edges
    .slice(0, -1)
    .map((edge, i): [number, number] => [(edge + edges[i + 1]!) / 2, values[first + i]!])
    .filter(([x]) => x > low && x < high);
}

const sum = (...of: Parameters<typeof bins>): number => bins(...of).reduce((total, [, content]) => total + content, 0);

/** Mean of a peak over a flat background, which the outermost bins of the range tell. */
function centre(...of: Parameters<typeof bins>): number {
  const found = bins(...of);
  const ground = Math.min(found[0]![1], found.at(-1)![1]);
  const total = found.reduce((all, [, content]) => all + content - ground, 0);
  return found.reduce((all, [x, content]) => all + x * (content - ground), 0) / total;
}
