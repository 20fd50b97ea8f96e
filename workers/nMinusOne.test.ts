import { afterEach, expect, test } from 'vitest';
import { conditionsOf, nMinusOneDocument } from '../core/analysis/nMinusOne.ts';
import { suitedAxis, wideAxis } from '../core/analysis/nMinusOneAxes.ts';
import { parseDocument } from '../core/analysis/yaml.ts';
import { binValues } from '../core/hist/contents.ts';
import { buildSchema } from '../core/schema/build.ts';
import type { FileAddress } from './io/byteSource.ts';
import { createNodeSession } from './nodeSession.ts';
import type { DataSession } from './session.ts';
import { sharedData } from './testing/sharedData.ts';

const SINGLE_MU = sharedData('Run2012B_SingleMu-1000.parquet');

const sessions: DataSession[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});

test.skipIf(!SINGLE_MU)(
  'N−1 plots of real events are those of a run with the other cuts alone (needs shared/data)',
  async () => {
    const session = createNodeSession({ workers: 2 });
    sessions.push(session);
    const { document } = parseDocument(`
lumiscope: 1
datasets: [{ name: d, files: [f] }]
lumis: { "194711": [[1, 999]] }
define: { good: "Muon[Muon.pt > 20]" }
select:
  muon: len(good) >= 1 and MET.pt > 15
  trigger: HLT_IsoMu24 & (abs(good[0].eta) < 1.5)
  off: { cut: len(Jet) > 99, enabled: false }
weight: 1 + MET.pt / 50
`);
    const file: FileAddress = { kind: 'path', path: SINGLE_MU! };
    const { columns } = await session.open(file);
    const conditions = conditionsOf(document!, buildSchema(columns));
    expect(conditions.map(({ kind }) => kind)).toEqual(['int', 'float', 'bool', 'float']);
    const wide = await session.run(nMinusOneDocument(document!, conditions, conditions.map(wideAxis), 'count'), [
      [file],
    ]);
    const axes = conditions.map((condition, k) => suitedAxis(condition, wide.histograms[k]!.histogram));
    const { histograms } = await session.run(nMinusOneDocument(document!, conditions, axes), [[file]]);
    for (const [k, axis] of axes.entries()) {
      const select = conditions
        .filter((_, other) => other !== k)
        .map(({ text }, other) => ({ name: `c${other}`, expression: text, enabled: true }));
      const direct = await session.run({ ...document!, select, histograms: [{ name: 'x', axes: [axis] }] }, [[file]]);
      const { histogram } = direct.histograms[0]!;
      expect(histogram.entries).toBeGreaterThan(100);
      expect([...binValues(histograms[k]!.histogram)]).toEqual([...binValues(histogram)]);
      // Nearly all values are within the axis, and what is in the bins that pass is what passes all cuts.
      const all = await session.run(document!, [[file]]);
      const last = all.cutflow[0]!.rows.at(-1)!;
      const { keeps } = conditions[k]!;
      if (!keeps || !axis.range) continue;
      const values = [...binValues(histogram)];
      const width = (axis.range[1] - axis.range[0]) / axis.bins!;
      const place = (limit: number) => Math.round((limit - axis.range![0]) / width) + 1;
      const from = Number.isFinite(keeps[0]) ? place(keeps[0]) : 0;
      const to = Number.isFinite(keeps[1]) ? place(keeps[1]) : values.length;
      const kept = values.slice(from, to).reduce((sum, w) => sum + w, 0);
      expect(kept).toBeCloseTo(last.sumw, 9);
      expect(values[0]! + values.at(-1)!).toBeLessThan(0.05 * kept);
    }
  },
);
