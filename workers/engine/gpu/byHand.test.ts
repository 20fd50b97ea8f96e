/** Documents that random ones seldom come by, on the GPU: the counts of the reference interpreter. */
import { beforeAll, expect, it } from 'vitest';
import { compileDocument } from '../../../core/analysis/compile.ts';
import { parseDocument } from '../../../core/analysis/yaml.ts';
import { buildSchema } from '../../../core/schema/build.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import type { ColumnShape } from '../../../gpu-kernels/types.ts';
import { referenceEngine } from '../reference/engine.ts';
import { expectSameResult, FIXED_POINT } from '../testing/compare.ts';
import { flat, jagged } from '../testing/data.ts';
import { testedEngine } from '../testing/engines.ts';
import { type GpuUnderTest, testGpu } from '../testing/gpu.ts';
import { runOnGpu } from '../testing/runOnGpu.ts';

const PT = [[1, 2, 3], [], [5], [7, 7, 2], [4, 1]];
const COLUMNS = {
  x: flat('float32', [0.5, 1.5, -1, 200, 3]),
  n: flat('int32', [1, 2, 3, -4, 0]),
  Jet_pt: jagged('float32', PT),
  Jet_muonIdx: jagged('int32', [[0, -1, 1], [], [5], [0, 0, 7], [1, -1]]),
  Muon_pt: jagged('float32', [[3, 4], [2], [], [9], [1, 1.5]]),
};

let gpu: GpuUnderTest | undefined;
beforeAll(async () => {
  gpu = await testGpu();
});

/** @returns how many events were in doubt */
async function compare(text: string, columns: Record<string, ColumnData> = COLUMNS): Promise<number> {
  if (!gpu) return 0;
  const infos = Object.entries(columns).map(([name, { type, offsets }]) => ({
    name,
    type,
    depth: offsets.length,
    nullable: false,
  }));
  const { document, errors: wrong } = parseDocument(`lumiscope: 1\n${text}`);
  expect(wrong).toEqual([]);
  const { program, errors } = compileDocument(document!, buildSchema(infos));
  expect(errors).toEqual([]);
  const lowered = gpu.lower(program!, new Map(infos.map((info): [string, ColumnShape] => [info.name, info])));
  if ('reason' in lowered) throw new Error(lowered.reason);
  const exact = await (await testedEngine('wasm')).prepare(program!);
  const { result, doubtful } = await runOnGpu(gpu.host, lowered, program!, exact, [new Map(Object.entries(columns))]);
  const reference = (await referenceEngine.prepare(program!)).start(program!.columns.map((name) => columns[name]!));
  reference.run(0, PT.length);
  expectSameResult(result, reference.result(), FIXED_POINT);
  return doubtful.reduce((sum, { rows }) => sum + rows.length, 0);
}

it('strings that no column has differ from one another', async () => {
  const doubtful = await compare(`
histograms:
  kind:
    axes: [{ value: "'low' if x < 1 else 'high'", categories: [high, low] }]
    select: "('few' if n < 2 else 'many') == 'many'"
`);
  expect(doubtful).toBe(0);
}, 60_000);

it('positions from the end are counted as Python does, whatever they are', async () => {
  await compare(`
histograms:
  a:
    axes: [{ value: "Jet[-2].pt", bins: 4, range: [0, 8] }]
  b:
    axes: [{ value: "Jet[-2147483648].pt", bins: 4, range: [0, 8] }]
  c:
    axes: [{ value: "sum(Jet[-2:].pt)", bins: 4, range: [0, 8] }]
  d:
    axes: [{ value: "sum(Jet[n:-1].pt)", bins: 4, range: [0, 8] }]
`);
}, 60_000);

it('references that lead nowhere are items of pairs, too', async () => {
  await compare(`
define:
  both: cartesian(Jet.muon, Muon)
  two: combinations(Jet.muon, 2)
histograms:
  a:
    axes: [{ value: "both.a.pt + both.b.pt", bins: 4, range: [0, 8] }]
  b:
    axes: [{ value: "two.a.pt + two.b.pt", bins: 4, range: [0, 8] }]
  c:
    axes: [{ value: "len(two)", bins: 4, range: [0, 8] }]
`);
}, 60_000);

it('columns of one collection with different numbers of items are refused', async ({ skip }) => {
  if (!gpu) return skip('no adapter on this machine');
  const text = 'histograms:\n  a:\n    axes: [{ value: Jet.pt + Jet.eta, bins: 4, range: [0, 8] }]\n';
  const eta = jagged('float32', [[1, 2], [1], [5], [7, 7, 2], [4, 1]]);
  await expect(compare(text, { ...COLUMNS, Jet_eta: eta })).rejects.toMatchObject({
    kind: 'code',
    message: 'columns Jet_pt and Jet_eta have different numbers of items',
  });
}, 60_000);
