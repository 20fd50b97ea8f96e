/** Cuts that are dragged: what an index of the compared values leaves is what the cut leaves. */
import { expect, test } from 'vitest';
import { BrushScope } from '../../core/analysis/brushCondition.ts';
import { cubePlan } from '../../core/analysis/cube.ts';
import { CubeIndex } from '../../core/analysis/cubeIndex.ts';
import { HIDDEN, passing, withHidden } from '../../core/analysis/cutBrush.ts';
import { cutConstants } from '../../core/analysis/cutConstants.ts';
import { parseDocument } from '../../core/analysis/yaml.ts';
import { buildSchema } from '../../core/schema/build.ts';
import type { ColumnData, ColumnInfo } from '../../core/schema/column.ts';
import { instantiateLibm } from './libm/libm.ts';
import { runOver } from './testing/brushCases.ts';
import { testedEngine } from './testing/engines.ts';

const FLOATS = [
  Number.NEGATIVE_INFINITY,
  -Number.MAX_VALUE,
  -1,
  -0,
  2,
  3,
  Number.MAX_VALUE,
  Number.POSITIVE_INFINITY,
  Number.NaN,
  1,
];
const infos: ColumnInfo[] = [
  { name: 'x', type: 'float64', depth: 0, nullable: true },
  { name: 'n', type: 'int32', depth: 0, nullable: false },
];
const columns = new Map<string, ColumnData>([
  [
    'x',
    {
      type: 'float64',
      length: FLOATS.length,
      values: Float64Array.from(FLOATS),
      valid: Uint8Array.from(FLOATS, (_, k) => (k < 9 ? 1 : 0)),
      offsets: [],
    },
  ],
  ['n', { type: 'int32', length: FLOATS.length, values: Int32Array.from(FLOATS, (_, k) => k - 4), offsets: [] }],
]);

test.each(['x > 2', 'x >= 2', 'x < 2', '2 >= x', 'n > 2', 'n <= 2', '-1 <= x < 2'])('%s', async (cut) => {
  const engine = await testedEngine('wasm');
  const { document } = parseDocument(`
lumiscope: 1
datasets: [{ name: d, files: [f] }]
select: { c: "${cut}" }
histograms: { n: { axes: [{ value: n, bins: 12, range: [-5, 7] }] } }
`);
  const schema = buildSchema(infos);
  const chunk = { columns, events: FLOATS.length };
  const stops = [-3, -2, -1, 0, 1, 2, 3, 4, 5];
  const constant = cutConstants(document!.select).at(-1)!;
  const hidden = withHidden(document!, constant, stops)!;
  const scope = new BrushScope(hidden, schema, await instantiateLibm(new WebAssembly.Memory({ initial: 1 })));
  const plan = cubePlan(scope, HIDDEN, [0], [], 'fine')!;
  const run = await runOver(engine, plan.document, { schema, chunk });
  const parts = CubeIndex.parts(plan, run!.histograms);
  let step = parts.next();
  while (!step.done) step = parts.next();
  for (const stop of stops) {
    const [from, to] = constant.span;
    const expression = cut.slice(0, from) + stop + cut.slice(to);
    const moved = { ...document!, select: [{ name: 'c', expression, enabled: true }] };
    const wanted = await runOver(engine, moved, { schema, chunk });
    const [low, high] = passing(constant.op, stop)!;
    const brush = step.value.nearest({ histogram: HIDDEN, ranges: [{ axis: 0, from: low, to: high }] });
    expect(step.value.slice(brush).plots.get('n')!.values, expression).toEqual(wanted!.histograms[0]!.histogram.values);
  }
});
