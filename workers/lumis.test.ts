import { afterEach, describe, expect, test } from 'vitest';
import { parseDocument } from '../core/analysis/yaml.ts';
import { createNodeSession } from './nodeSession.ts';
import type { DataSession, RunResult } from './session.ts';
import { sharedData } from './testing/sharedData.ts';

const SINGLE_MU = sharedData('Run2012B_SingleMu-1000.parquet');
const DIMUON = sharedData('nano_dimuon.parquet');
const SIMULATED = sharedData('nano_dy.parquet');

const sessions: DataSession[] = [];
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
});

async function run(lumis: string, ...files: (string | undefined)[]): Promise<RunResult> {
  const session = createNodeSession({ workers: 1 });
  sessions.push(session);
  const datasets = files.map(
    (file, k) => `  - { name: d${k}, files: [f]${file === SIMULATED ? ', lumis: false' : ''} }`,
  );
  const text = `lumiscope: 1\ndatasets:\n${datasets.join('\n')}\nlumis: ${lumis}\nselect:\n  a muon: len(Muon) >= 1\n`;
  const { document, errors } = parseDocument(text);
  if (!document) throw new Error(errors[0].message);
  return session.run(
    document,
    files.map((path) => [{ kind: 'path', path: path! }]),
  );
}
const rows = ({ cutflow }: RunResult) => cutflow.map((flow) => flow.rows.map(({ name, events }) => [name, events]));

// As counted in Python: 693 events of run 194711, block 299, and 307 of run 195916, block 64; all of nano_dimuon is 315267, 205.
describe.skipIf(!SINGLE_MU || !DIMUON || !SIMULATED)('certified runs of real events (needs shared/data)', () => {
  test.each([
    ['{ 194711: [[1, 298], [300, 999]], 195916: [[64, 64]] }', 307],
    ['{ 194711: [[299, 299]], 195916: [[1, 63], [65, 70]] }', 693],
    ['{ 194711: [[200, 400]], 195916: [[1, 100]] }', 1000],
    ['{ 194710: [[1, 999]], 195917: [[1, 100]] }', 0],
  ])('%s', async (lumis, count) => {
    const [flow] = rows(await run(lumis, SINGLE_MU));
    expect(flow.slice(0, 2)).toEqual([
      ['all events', 1000],
      ['certified runs', count],
    ]);
  });

  test('leave simulated events alone, and the cutflows line up', async () => {
    const [data, simulated] = rows(await run('{ 315267: [[205, 205]] }', DIMUON, SIMULATED));
    expect(data.slice(0, 2)).toEqual([
      ['all events', 40],
      ['certified runs', 40],
    ]);
    expect(simulated.slice(0, 2)).toEqual([
      ['all events', 40],
      ['certified runs', 40],
    ]);
    expect(data.map(([name]) => name)).toEqual(simulated.map(([name]) => name));
  });
});
