/** What is known of the real files (their README), computed by documents. */
import { afterAll, describe, expect, it } from 'vitest';
import { parseDocument } from '../core/analysis/yaml.ts';
import { createSession } from './createSession.ts';
import { createEngine } from './engine/createEngine.ts';
import { openEventFile } from './formats/open.ts';
import { openSourceInNode } from './io/nodeFile.ts';
import { localThreads } from './testing/localThreads.ts';
import { sharedData } from './testing/sharedData.ts';

/** Sums of an expression, over events or items. */
type Sums = Record<string, number>;

const DY: Sums = {
  'len(Muon)': 18,
  'Muon.pt': 538.369,
  'len(Electron)': 25,
  'Jet.pt': 5737.71,
  'MET.pt': 1253.307,
};
const HZZ: Sums = { NMuon: 3825, Muon_Px: -2506.0211, NJet: 2773 };

const KNOWN: [file: string, events: number, sums: Sums, tree?: string][] = [
  ['nano_dy.root', 40, DY, 'Events'],
  ['nano_dy.parquet', 40, DY],
  [
    'nano_tt_v12.root',
    200,
    {
      'len(Muon)': 210,
      'len(Jet)': 1504,
      'Jet.pt': 98137.13,
      'MET.pt': 15488.578,
      genWeight: 66735.305,
    },
  ],
  [
    'nanoAOD_2015_CMS_Open_Data_ttbar.root',
    200,
    { 'len(Muon)': 41, 'len(Jet)': 537, 'Jet.pt': 16785.617, 'MET.pt': 7488.3375 },
  ],
  [
    'open-data-example.root',
    100_000,
    {
      'len(Muon)': 235_286,
      'Muon.pt': 4_010_997.93,
      'len(Muon) == 2 and Muon[0].charge != Muon[1].charge': 37_183,
    },
  ],
  ['Run2012BC_DoubleMuParked_Muons_1000evts_rntuple_v1-0-0-0.root', 1000, { nMuon: 2372, 'Muon.charge': 74 }],
  ['nano_dimuon.root', 40, { 'len(Muon)': 84, 'MET.pt': 1706.53, run: 12_610_680 }, 'Events'],
  ['nano_dimuon.parquet', 40, { 'len(Muon)': 84, 'MET.pt': 1706.53, run: 12_610_680 }],
  ['nano_dimuon_rntuple.root', 40, { 'len(Muon)': 84, 'MET.pt': 1706.53, run: 12_610_680 }],
  ...['zlib', 'lz4', 'lzma', 'zstd', 'uncompressed'].map((how): (typeof KNOWN)[number] => [
    `uproot-HZZ-${how}.root`,
    2421,
    HZZ,
  ]),
];

const { spawn } = localThreads({ openSource: openSourceInNode, openEventFile, createEngine });
const session = createSession(spawn, { workers: 1 });
afterAll(() => session.close());

/** A histogram of one bin with a sum as its weight. */
function documentOf(file: string, sums: Sums, tree?: string): string {
  const histograms = Object.keys(sums).map((expression, k) => {
    const value = /[=]/.test(expression) ? `1 if (${expression}) else 0` : expression;
    return `  h${k}: { axes: [{ value: "${value}", bins: 1, range: [-1e12, 1e12] }], weight: "${value}" }`;
  });
  return [
    'lumiscope: 1',
    `datasets: [{ name: real, files: [${file}]${tree ? `, tree: ${tree}` : ''} }]`,
    'histograms:',
    ...histograms,
  ].join('\n');
}

describe('what is known of real files comes out of documents', () => {
  for (const [file, events, sums, tree] of KNOWN) {
    const path = sharedData(file);
    it.skipIf(!path)(file, async () => {
      const { document } = parseDocument(documentOf(file, sums, tree));
      const address = { kind: 'path' as const, path: path!, ...(tree && { tree }) };
      const result = await session.run(document!, [[address]]);
      expect(result.eventsRead).toBe(events);
      const found = result.histograms.map(({ histogram }) => histogram.values.reduce((sum, value) => sum + value, 0));
      Object.values(sums).forEach((sum, k) => {
        // The README has six to nine digits.
        expect(Math.abs(found[k]! - sum)).toBeLessThanOrEqual(Number.isInteger(sum) ? 0 : 5e-6 * Math.abs(sum));
      });
    });
  }
});
