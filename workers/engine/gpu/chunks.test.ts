/** Chunks on a GPU with small buffers, which splits them by events and their results by windows: the same result as in one piece. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compileDocument } from '../../../core/analysis/compile.ts';
import { parseDocument } from '../../../core/analysis/yaml.ts';
import { buildSchema } from '../../../core/schema/build.ts';
import type { ColumnData, ColumnInfo } from '../../../core/schema/column.ts';
import { openGpu } from '../../../gpu-kernels/device/open.ts';
import { numbers } from '../../../gpu-kernels/device/testing/columns.ts';
import { lowerProgram } from '../../../gpu-kernels/lower/lowerProgram.ts';
import { nodeGpu, testAdapter } from '../../../gpu-kernels/testing/softwareGpu.ts';
import type { GpuHost } from '../../../gpu-kernels/types.ts';
import { OrderedMerge } from '../../schedule/merge.ts';
import { instantiateLibm } from '../libm/libm.ts';
import { expectSameResult, FIXED_POINT } from '../testing/compare.ts';
import { flat, jagged, strings } from '../testing/data.ts';
import { testedEngine } from '../testing/engines.ts';
import { runOnGpu } from '../testing/runOnGpu.ts';

const EVENTS = 1500;
const CHUNKS = 2;
/** A chunk and the results take more. */
const BINDING_BYTES = 2 ** 15;

const TEXT = `
lumiscope: 1
datasets: [{ name: data, files: [] }]
define:
  good: Muon[Muon.pt > 20]
select:
  stream: stream == 'muons'
  some: len(good) >= 1
weight: w
histograms:
  pt: { axes: [{ value: good.pt, bins: 4000, range: [0, 100] }] }
  met: { axes: [{ value: met, bins: 50, range: [0, 50] }, { value: len(Muon), bins: 6, range: [0, 6] }], storage: count }
`;

const infos: ColumnInfo[] = [
  { name: 'Muon_pt', type: 'float32', depth: 1, nullable: false },
  { name: 'nMuon', type: 'uint32', depth: 0, nullable: false },
  { name: 'stream', type: 'string', depth: 0, nullable: false },
  { name: 'w', type: 'float64', depth: 0, nullable: false },
  { name: 'met', type: 'float32', depth: 0, nullable: true },
];

function chunkOf(seed: number): Map<string, ColumnData> {
  const lists = numbers(EVENTS, 6, seed).map((count, e) =>
    numbers(count, 1e6, seed + e + 1).map((n) => Math.fround(n / 1e4)),
  );
  const drawn = (most: number, k: number) => numbers(EVENTS, most, 1e6 * k + seed);
  return new Map([
    ['Muon_pt', jagged('float32', lists)],
    [
      'nMuon',
      flat(
        'uint32',
        lists.map((list) => list.length),
      ),
    ],
    ['stream', strings(drawn(3, 1).map((n) => ['electrons', 'muons', 'jets'][n]!))],
    [
      'w',
      flat(
        'float64',
        drawn(1100, 2).map((n) => (n - 100) / 7),
      ),
    ],
    [
      'met',
      flat(
        'float32',
        drawn(6e5, 3).map((n) => (n % 10 === 0 ? undefined : Math.fround(n / 1e4))),
      ),
    ],
  ]);
}

let host: GpuHost | undefined;
beforeAll(async () => {
  if (await testAdapter()) host = await openGpu(await nodeGpu(), { bindingBytes: BINDING_BYTES });
});
afterAll(() => host?.destroy());

it('chunks that are split, and results that come in windows, are those of WebAssembly, twice the same bits', async ({
  skip,
}) => {
  if (!host) return skip('no adapter');
  const { document } = parseDocument(TEXT);
  const { program, errors } = compileDocument(document!, buildSchema(infos));
  expect(errors).toEqual([]);
  const shapes = new Map(infos.map((info) => [info.name, info]));
  const math = await instantiateLibm(new WebAssembly.Memory({ initial: 1 }));
  const lowered = lowerProgram(program!, shapes, { math, limits: host.info.limits });
  if ('reason' in lowered) throw new Error(lowered.reason);
  expect(4 * lowered.layout.words).toBeGreaterThan(BINDING_BYTES);

  const chunks = [1, 2].map((seed) => chunkOf(1e4 * seed));
  const exact = await (await testedEngine('wasm')).prepare(program!);
  const parts = chunks.map((chunk) => {
    const run = exact.start(program!.columns.map((name) => chunk.get(name)!));
    run.run(0, EVENTS);
    const part = run.result();
    run.release();
    return part;
  });
  const wanted = new OrderedMerge(parts[0]!);
  for (const [k, part] of parts.slice(1).entries()) wanted.add(k, part);

  const { result, doubtful } = await runOnGpu(host, lowered, program!, exact, chunks);
  expect(host.bytes()).toBeGreaterThan(CHUNKS * BINDING_BYTES);
  expectSameResult(result, wanted.sum(), FIXED_POINT);
  expect(result.histograms[0]!.entries).toBeGreaterThan(1000);
  expect(await runOnGpu(host, lowered, program!, exact, chunks)).toEqual({ result, doubtful });
});
