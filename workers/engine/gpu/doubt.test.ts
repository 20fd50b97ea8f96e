/** Which events are in doubt: those that 32 bits and lists of fixed room can't do, and no others. */
import { expect, it } from 'vitest';
import { compileDocument } from '../../../core/analysis/compile.ts';
import { parseDocument } from '../../../core/analysis/yaml.ts';
import { buildSchema } from '../../../core/schema/build.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import type { ColumnShape } from '../../../gpu-kernels/types.ts';
import { expectSameResult } from '../testing/compare.ts';
import { flat, jagged } from '../testing/data.ts';
import { testedEngine } from '../testing/engines.ts';
import { testGpu } from '../testing/gpu.ts';
import { runOnGpu } from '../testing/runOnGpu.ts';

const DOCUMENT = `
lumiscope: 1
select:
  exact: x > 0.1
  whole: n + 1 > 0
histograms:
  least:
    axes: [{ value: "sort(Jet, key=Jet.pt)[0].pt", bins: 10, range: [0, 10] }]
`;

const jets = (count: number) => Array.from({ length: count }, (_, k) => count - k);
/** The single that is nearest to 0.1 lies above it. */
const ABOVE = Math.fround(0.1);
const BELOW = ABOVE - 2 ** -27;

/** Number n, x, jets; and whether the event is in doubt. */
const EVENTS: [n: bigint, x: number, jets: number[], inDoubt: boolean][] = [
  [1n, 1, jets(3), false],
  [1n, ABOVE, jets(32), false],
  [1n, BELOW, jets(3), false],
  [1n, 1, jets(33), true],
  [1n, 1, [], false],
  [1n, 1, [Number.NaN, 2], true],
  [1n, Number.POSITIVE_INFINITY, [1], true],
  // Subnormal, which a GPU may take for 0.
  [1n, 1e-40, [1], true],
  [2n ** 31n - 2n, 1, [1], false],
  [2n ** 31n - 1n, 1, [1], true],
  [-(2n ** 40n), 1, [1], true],
  // Cut before anything is asked that could be in doubt.
  [2n ** 40n, 0, jets(33), false],
  [-1n, 1, jets(33), false],
];

it('events are in doubt that 32 bits or a list’s room can not do', async ({ skip }) => {
  const gpu = await testGpu();
  if (!gpu) return skip('no adapter on this machine');
  const columns: Record<string, ColumnData> = {
    n: flat(
      'int64',
      EVENTS.map(([n]) => n),
    ),
    x: flat(
      'float32',
      EVENTS.map(([, x]) => x),
    ),
    Jet_pt: jagged(
      'float32',
      EVENTS.map(([, , pt]) => pt),
    ),
  };
  const infos = Object.entries(columns).map(([name, { type, offsets }]) => ({
    name,
    type,
    depth: offsets.length,
    nullable: false,
  }));
  const { program } = compileDocument(parseDocument(DOCUMENT).document!, buildSchema(infos));
  const lowered = gpu.lower(program!, new Map(infos.map((info): [string, ColumnShape] => [info.name, info])));
  if ('reason' in lowered) throw new Error(lowered.reason);
  const exact = await (await testedEngine('wasm')).prepare(program!);
  const chunk = new Map(Object.entries(columns));
  const { result, doubtful } = await runOnGpu(gpu.host, lowered, program!, exact, [chunk]);
  const expected = EVENTS.flatMap(([, , , inDoubt], row) => (inDoubt ? [row] : []));
  expect(doubtful.flatMap(({ rows }) => [...rows])).toEqual(expected);
  const run = exact.start(program!.columns.map((name) => columns[name]!));
  run.run(0, EVENTS.length);
  expectSameResult(result, run.result());
}, 120_000);
