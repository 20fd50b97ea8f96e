import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Axis, axisExtent } from '../../core/hist/axis.ts';
import { axisIndexer } from '../../core/hist/indexer.ts';
import { splitDouble } from '../numbers/split.ts';
import { testAdapter } from '../testing/softwareGpu.ts';
import type { AxisKind } from './axes.ts';
import { histogramOf, linear, programOf } from './testing/fillPrograms.ts';
import { FillRig, testMath } from './testing/fillRig.ts';
import { axisThresholds, singleBeside, singleFrom } from './thresholds.ts';

/** Events of each kind of value that are not near any edge. */
const RANDOM = 1500;

const NUMERIC: Extract<Axis, { type: 'regular' | 'variable' }>[] = [
  { type: 'regular', scale: 'linear', bins: 100, lo: 0, hi: 200 },
  { type: 'regular', scale: 'linear', bins: 7, lo: -0.3, hi: 0.9 },
  { type: 'regular', scale: 'linear', bins: 50_000, lo: -Math.PI, hi: 1 / 3 },
  { type: 'regular', scale: 'linear', bins: 5, lo: 1e-30, hi: 3e-29 },
  { type: 'regular', scale: 'linear', bins: 3, lo: -1e38, hi: 5e38 },
  { type: 'regular', scale: 'log', bins: 300, lo: 0.25, hi: 300 },
  { type: 'regular', scale: 'log', bins: 3, lo: 1, hi: 1000 },
  { type: 'regular', scale: 'sqrt', bins: 40, lo: 0, hi: 400 },
  { type: 'regular', scale: 'sqrt', bins: 20, lo: 3, hi: 77 },
  { type: 'variable', edges: [-1, 0, 0.1, 0.25, 16777217, 1e60] },
];

let device: GPUDevice | undefined;
beforeAll(async () => {
  device = await (await testAdapter())?.requestDevice();
});
afterAll(() => device?.destroy());

/** Runs values through one histogram an axis, and holds the bins against the reference; gives the positions of those in doubt. */
async function binAll(axes: readonly Axis[], kind: 'single' | 'num', values: readonly number[]): Promise<number[]> {
  const fills = axes.map((_, k) => `  fill_${k}(bin_${k}_0(x));`).join('\n');
  const load = kind === 'single' ? 'single(0u, e)' : 'Num(single(0u, e), single(1u, e), single(2u, e))';
  const event = `fn event(e: u32) {\n  let x = ${load};\n${fills}\n  commit(1u, false);\n}`;
  const program = programOf(axes.map((axis) => histogramOf([axis])));
  const rig = await FillRig.make(
    device!,
    { program, kinds: axes.map(() => [kind]), event, math: testMath, limits: { workgroupBytes: 512 } },
    3,
  );
  const { partial, doubts, doubtCount } = await rig.run(numColumns(values), values.length);
  expect(doubtCount).toBe(doubts.length);
  expect(partial.events).toBe(values.length - doubts.length);
  const isDoubtful = new Set(doubts);
  axes.forEach((axis, k) => {
    const indexOf = axisIndexer(axis, testMath);
    const expected = new Float64Array(axisExtent(axis));
    values.forEach((value, e) => {
      if (!isDoubtful.has(e)) expected[indexOf(value)]++;
    });
    expect(differences(partial.histograms[k].values, expected), JSON.stringify(axis)).toEqual([]);
  });
  return doubts;
}

const differences = (found: Float64Array, expected: Float64Array) =>
  [...expected.keys()].filter((bin) => found[bin] !== expected[bin]).map((bin) => [bin, found[bin], expected[bin]]);

/** The three words of a `Num`, as lowering holds a float64 column. */
function numColumns(values: readonly number[]): Uint32Array[] {
  const columns = [0, 1, 2].map(() => new Uint32Array(values.length));
  const parts = new Uint32Array(2);
  const floats = new Float32Array(parts.buffer);
  values.forEach((value, e) => {
    splitDouble(value, parts, 0);
    columns[0][e] = parts[0];
    columns[1][e] = parts[1];
    const left = Math.abs(value - floats[0] - floats[1]);
    columns[2][e] = new Uint32Array(Float32Array.of(left === 0 ? 0 : Math.max(2 ** -126, left * 1.01)).buffer)[0];
  });
  return columns;
}

function random(count: number): () => number {
  let state = count;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Values spread over an axis and past its ends. */
function spread(axis: (typeof NUMERIC)[number], count: number): number[] {
  const [lo, hi] = axis.type === 'regular' ? [axis.lo, axis.hi] : [axis.edges[0], 100];
  const next = random(count);
  return Array.from({ length: count }, () => lo + (hi - lo) * (1.2 * next() - 0.1));
}

const smallAxes = NUMERIC.filter((axis) => axis.type === 'variable' || axis.bins < 1000);

it('singles fall into the bins of the reference, at every edge and beside it, without doubt', async ({ skip }) => {
  if (!device) return skip();
  const edges = smallAxes.flatMap((axis) =>
    [...axisThresholds(axis, testMath).at].flatMap((edge) => {
      const x = singleFrom(edge);
      return [singleBeside(x, -1), x, singleBeside(x, 1), Math.fround(edge)];
    }),
  );
  const values = [
    ...NUMERIC.flatMap((axis) => spread(axis, RANDOM)).map(Math.fround),
    ...edges,
    0,
    -0,
    -1,
    3e38,
    -3e38,
  ].filter((x) => Number.isFinite(x) && (x === 0 || Math.abs(x) >= 2 ** -126));
  expect(await binAll(NUMERIC, 'single', values)).toEqual([]);
});

it('doubles fall into the bins of the reference, or are in doubt', async ({ skip }) => {
  if (!device) return skip();
  const isHeld = (x: number) => x === 0 || (Math.abs(x) > 1e-30 && Math.abs(x) < 3e38);
  const far = NUMERIC.flatMap((axis) => spread(axis, RANDOM)).filter(isHeld);
  const near = smallAxes.flatMap((axis) =>
    [...axisThresholds(axis, testMath).at].flatMap((edge) =>
      [-3, -1, 0, 1, 2].map((k) => edge * (1 + k * 2 ** -52)).filter(isHeld),
    ),
  );
  const exact = [0, 10, 100, 16777216, 16777217, 16777218, 0.25, 1 + 2 ** -40, 200, 1000, 400, -1];
  const values = [...far, ...near, ...exact];
  const doubts = await binAll(NUMERIC, 'num', values);
  const kept = values.length - exact.length;
  expect(
    doubts.filter((e) => e >= kept).map((e) => values[e]),
    'exact values on edges',
  ).toEqual([]);
  expect(doubts.filter((e) => e < far.length).length / far.length).toBeLessThan(5e-4);
  // The zones of doubt end: most doubles beside an edge share its two singles, and no other does.
  expect(doubts.length).toBeGreaterThan(near.length / 4);
});

it('what is known less well is in doubt as far as it is', async ({ skip }) => {
  if (!device) return skip();
  const axis = linear(10, 0, 10);
  const program = programOf([histogramOf([axis])]);
  const event = 'fn event(e: u32) { fill_0(bin_0_0(Num(single(0u, e), 0f, 0.125f))); commit(1u, false); }';
  const rig = await FillRig.make(device, { program, kinds: [['num']], event, math: testMath }, 1);
  const values = Float32Array.of(-1, -0.1, 0.1, 0.126, 4.874, 4.876, 5, 5.124, 5.126, 10.2, -0.126);
  const { doubts } = await rig.run([new Uint32Array(values.buffer)], values.length);
  expect(doubts.map((e) => values[e])).toEqual([-0.1, 0.1, 4.876, 5, 5.124].map(Math.fround));
});

it('categories are found by value', async ({ skip }) => {
  if (!device) return skip();
  const whole: Axis = { type: 'intCategory', categories: [13n, -11n, 2n ** 40n, 7n, -(2n ** 31n)] };
  const words: Axis = { type: 'strCategory', categories: ['mu', 'e', 'never'] };
  const axes: [Axis, AxisKind, string][] = [
    [whole, 'int', 'bitcast<i32>(word(0u, e))'],
    [whole, 'single', 'f32(bitcast<i32>(word(0u, e)))'],
    [whole, 'num', 'Num(f32(bitcast<i32>(word(0u, e))), 0f, select(0f, 0.5f, word(0u, e) == 8u))'],
    [words, 'word', 'word(1u, e)'],
    [{ type: 'boolean' }, 'bool', 'word(1u, e) > 1u'],
  ];
  const event = `fn event(e: u32) {\n${axes.map(([, , x], k) => `  fill_${k}(bin_${k}_0(${x}));\n`).join('')}  commit(1u, false);\n}`;
  const codes = new Map([
    ['e', 1],
    ['mu', 2],
  ]);
  const program = programOf(axes.map(([axis]) => histogramOf([axis])));
  const rig = await FillRig.make(
    device,
    { program, kinds: axes.map(([, kind]) => [kind]), event, math: testMath, codes },
    2,
  );
  const ints = Int32Array.of(13, -11, 7, 6, -(2 ** 31), 0, 13, 2 ** 31 - 1, 14);
  const strings = Uint32Array.of(1, 2, 3, 0, 1, 1, 0xfffffffe, 2, 0);
  const { partial, doubts } = await rig.run([new Uint32Array(ints.buffer), strings], ints.length);
  expect(doubts).toEqual([]);
  axes.forEach(([axis, kind], k) => {
    const indexOf = axisIndexer(axis, testMath);
    const expected = new Float64Array(axisExtent(axis));
    for (let e = 0; e < ints.length; e++) {
      const text = ['other', 'e', 'mu'][strings[e]] ?? 'other';
      expected[indexOf(kind === 'word' ? text : kind === 'bool' ? strings[e] > 1 : ints[e])]++;
    }
    expect([...partial.histograms[k].values], `axis ${k}`).toEqual([...expected]);
  });
});
