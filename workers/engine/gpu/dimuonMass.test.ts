/** Masses of pairs on the GPU, from columns of singles: few of them are in doubt between 300 logarithmic bins. */
import { afterAll, expect, it } from 'vitest';
import { compileDocument } from '../../../core/analysis/compile.ts';
import { parseDocument } from '../../../core/analysis/yaml.ts';
import { buildSchema } from '../../../core/schema/build.ts';
import type { ColumnData, ColumnInfo } from '../../../core/schema/column.ts';
import { repeatable } from '../../../gpu-kernels/numbers/testing/operands.ts';
import { testedEngine } from '../testing/engines.ts';
import { testGpu } from '../testing/gpu.ts';
import { runOnGpu } from '../testing/runOnGpu.ts';

const EVENTS = 60_000;

const DOCUMENT = `lumiscope: 1
datasets: [{ name: muons, files: [muons.root] }]
histograms:
  mass:
    axes: [{ value: '(Muon[0] + Muon[1]).mass', bins: 300, range: [0.25, 300], scale: log }]
`;

/** Two muons an event, in turn anywhere, near one another (light pairs), and of equal directions to 10⁻⁴. */
function muons(): Map<string, ColumnData> {
  const random = repeatable(5);
  const fields = ['pt', 'eta', 'phi', 'mass'].map(() => new Float32Array(2 * EVENTS));
  const offsets = Uint32Array.from({ length: EVENTS + 1 }, (_, k) => 2 * k);
  for (let event = 0; event < EVENTS; event++) {
    const near = [1, 0.1, 0.0001][event % 3]!;
    const first = [3 - 20 * Math.log(1 - random()), 4.8 * random() - 2.4, Math.PI * (2 * random() - 1)];
    const second = [3 - 20 * Math.log(1 - random()), 4.8 * random() - 2.4, Math.PI * (2 * random() - 1)];
    if (near < 1) for (const k of [1, 2]) second[k] = first[k]! + near * (2 * random() - 1);
    for (const [m, muon] of [first, second].entries())
      for (const [k, field] of fields.entries()) field[2 * event + m] = muon[k] ?? 0.10566;
  }
  return new Map(
    ['pt', 'eta', 'phi', 'mass'].map((name, k) => [
      `Muon_${name}`,
      { type: 'float32', length: EVENTS, offsets: [offsets], values: fields[k]! },
    ]),
  );
}

const gpu = await testGpu();
afterAll(() => gpu?.host.destroy());

it.skipIf(!gpu)('of masses of pairs hardly any is in doubt, and counts are right', async () => {
  const columns = muons();
  const infos = [...columns.keys()].map((name): ColumnInfo => ({ name, type: 'float32', depth: 1, nullable: false }));
  const { program } = compileDocument(parseDocument(DOCUMENT).document!, buildSchema(infos));
  const lowered = gpu!.lower(program!, new Map(infos.map(({ name, ...shape }) => [name, shape])));
  if ('reason' in lowered) throw new Error(lowered.reason);
  const exact = await (await testedEngine('wasm')).prepare(program!);
  const { result, doubtful } = await runOnGpu(gpu!.host, lowered, program!, exact, [columns]);
  const loop = exact.start(program!.columns.map((name) => columns.get(name)!));
  loop.run(0, EVENTS);
  expect(result.histograms).toEqual(loop.result().histograms);
  const inDoubt = doubtful.reduce((sum, { rows }) => sum + rows.length, 0);
  expect(inDoubt).toBeLessThanOrEqual(EVENTS * 1e-5);
});
