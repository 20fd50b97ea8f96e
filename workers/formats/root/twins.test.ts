/** The same events as a tree, as Parquet and as an ntuple: one document gives the same bits over each, and over all of them. */
import { expect, it } from 'vitest';
import { parseDocument } from '../../../core/analysis/yaml.ts';
import { createSession } from '../../createSession.ts';
import { createEngine } from '../../engine/createEngine.ts';
import { openSourceInNode } from '../../io/nodeFile.ts';
import { localThreads } from '../../testing/localThreads.ts';
import { sharedData } from '../../testing/sharedData.ts';
import { openEventFile } from '../open.ts';

const TWINS = ['nano_dimuon.root', 'nano_dimuon.parquet', 'nano_dimuon_rntuple.root'].map(sharedData);

/** Flat columns of every kind, lists, counters, references, and names that only a schema makes. */
const DOCUMENT = parseDocument(`
lumiscope: 1
datasets: [{ name: twins, files: [nano_dimuon.root] }]
define:
  good: Muon[(Muon.pt > 3) & Muon.looseId & (abs(Muon.eta) < 2.4)]
  pair: combinations(good, 2)
select:
  run: run == 315267
  two muons: len(good) >= 2
histograms:
  mass: { axes: [{ value: (pair.a + pair.b).mass, bins: 60, range: [0, 120] }] }
  n: { axes: [{ value: "nMuon + len(Jet) + Muon_charge[0]", bins: 20, range: [0, 20] }] }
  jet: { axes: [{ value: good.jet.pt, bins: 20, range: [0, 200] }], weight: 1 + HLT.IsoMu24 }
  event: { axes: [{ value: event % 97, bins: 97, range: [0, 97] }] }
  met: { axes: [{ value: MET.pt, bins: 30, range: [0, 150] }], weight: PV_npvs * 0.1 }
`).document!;

it.skipIf(TWINS.includes(undefined))('a document over nano_dimuon in three formats (needs shared/data)', async () => {
  const { spawn } = localThreads({ openSource: openSourceInNode, openEventFile, createEngine });
  const session = createSession(spawn, { workers: 2 });
  const run = async (paths: readonly (string | undefined)[]) => {
    const { cutflow, histograms } = await session.run(DOCUMENT, [paths.map((path) => ({ kind: 'path', path: path! }))]);
    return { rows: cutflow[0]!.rows, histograms: histograms.map(({ histogram }) => histogram) };
  };
  try {
    const [tree, ...others] = await Promise.all(TWINS.map((path) => run([path])));
    expect(tree!.rows.map(({ events }) => events)[0]).toBe(40);
    for (const { values } of tree!.histograms) expect(values.some((value) => value > 0)).toBe(true);
    for (const other of others) expect(other).toEqual(tree);
    const all = await run(TWINS);
    const thrice = (values: ArrayLike<number>) => Array.from(values, (value) => 3 * value);
    expect(all.rows.map(({ events }) => events)).toEqual(thrice(tree!.rows.map(({ events }) => events)));
    expect(Array.from(all.histograms[1]!.values)).toEqual(thrice(tree!.histograms[1]!.values));
  } finally {
    session.close();
  }
});
