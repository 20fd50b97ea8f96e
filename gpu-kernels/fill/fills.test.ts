import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Axis, axisExtent } from '../../core/hist/axis.ts';
import { binCount, emptyContents } from '../../core/hist/contents.ts';
import { axisIndexer } from '../../core/hist/indexer.ts';
import { testAdapter } from '../testing/softwareGpu.ts';
import type { GpuLimits, GpuPartial } from '../types.ts';
import { eventsAtMost } from './decode.ts';
import { resultLayout } from './layout.ts';
import { QUEUE_FILLS } from './plan.ts';
import { binOf, histogramOf, linear, perItem, programOf, someValue } from './testing/fillPrograms.ts';
import { FillRig, type Rig, testMath } from './testing/fillRig.ts';

let device: GPUDevice | undefined;
beforeAll(async () => {
  device = await (await testAdapter())?.requestDevice();
});
afterAll(() => device?.destroy());

const EVENTS = 6000;
const AXES: Axis[] = [linear(4, 0, 1), linear(2, -1, 0.8), linear(3, 0.2, 0.7), { type: 'boolean' }];

/** Columns: x, y, weight, own weight; x < 0.1 fails the cut, 0.1 ≤ x < 0.15 has no weight, y > 0.9 is missing on the histogram of four axes. */
const RIG: Rig = {
  program: programOf(
    [
      histogramOf([AXES[0]]),
      histogramOf(AXES.slice(0, 2), { storage: 'weighted' }),
      histogramOf(AXES.slice(0, 3), { storage: 'weighted', weight: someValue() }),
      histogramOf(AXES),
      histogramOf([AXES[2]], { storage: 'weighted', per: perItem, weight: someValue() }),
      histogramOf([AXES[1]], { per: perItem }),
    ],
    { weight: someValue(), cuts: [{ name: 'x', cond: someValue('bool') }] },
  ),
  kinds: [
    ['single'],
    ['single', 'single'],
    ['single', 'single', 'num'],
    ['single', 'single', 'single', 'bool'],
    ['single'],
    ['single'],
  ],
  event: `
fn exactly(x: f32) -> Num { return Num(x, 0f, 0f); }
fn event(e: u32) {
  let x = single(0u, e);
  let y = single(1u, e);
  let w = exactly(single(2u, e));
  if (x < 0.1f) { fill_0(0u); commit(1u, false, w); return; }
  if (x < 0.15f) { fill_0(0u); commit(2u, true, w); return; }
  let own = exactly(single(3u, e));
  fill_0(bin_0_0(x));
  fill_1(${binOf(AXES.slice(0, 2), ['bin_1_0(x)', 'bin_1_1(y)'])});
  fill_2(${binOf(AXES.slice(0, 3), ['bin_2_0(x)', 'bin_2_1(y)', 'bin_2_2(exactly(x))'])}, own);
  if (y > 0.9f) { missing_3(); } else { fill_3(${binOf(AXES, ['bin_3_0(x)', 'bin_3_1(y)', 'bin_3_2(x)', 'bin_3_3(y > 0f)'])}); }
  for (var i = 0u; i < e % 4u; i++) {
    fill_4(bin_4_0(x + f32(i)), own);
    fill_5(bin_5_0(y - f32(i)));
  }
  commit(2u, false, w);
}`,
  math: testMath,
};

/** The same by doubles, one after the other. */
function expected([x, y, w, own]: Float32Array[]): GpuPartial {
  const partial: GpuPartial = {
    events: x.length,
    cutflow: new Float64Array(6),
    missingWeight: 0,
    histograms: RIG.program.histograms.map(({ axes, storage }) =>
      emptyContents(
        axes.map(({ axis }) => axis),
        storage,
      ),
    ),
  };
  const { cutflow, histograms } = partial;
  const indexers = AXES.map((axis) => axisIndexer(axis, testMath));
  const count = (row: number, weight: number | undefined) => {
    cutflow[3 * row]++;
    if (weight === undefined) return;
    cutflow[3 * row + 1] += weight;
    cutflow[3 * row + 2] += weight * weight;
  };
  const fill = (k: number, weight: number, ...at: [axis: number, value: number | boolean][]) => {
    const bin = at.reduce((sum, [a, value]) => sum * axisExtent(AXES[a]) + indexers[a](value), 0);
    const { values, variances } = histograms[k];
    histograms[k].entries++;
    values[bin] += variances ? weight : 1;
    if (variances) variances[bin] += weight * weight;
  };
  for (let e = 0; e < x.length; e++) {
    const hasNoWeight = x[e] >= Math.fround(0.1) && x[e] < Math.fround(0.15);
    count(0, hasNoWeight ? undefined : w[e]);
    if (x[e] < Math.fround(0.1)) continue;
    count(1, hasNoWeight ? undefined : w[e]);
    if (hasNoWeight) {
      partial.missingWeight++;
      continue;
    }
    fill(0, w[e], [0, x[e]]);
    fill(1, w[e], [0, x[e]], [1, y[e]]);
    fill(2, own[e], [0, x[e]], [1, y[e]], [2, x[e]]);
    if (y[e] > Math.fround(0.9)) histograms[3].missing++;
    else fill(3, w[e], [0, x[e]], [1, y[e]], [2, x[e]], [3, y[e] > 0]);
    for (let i = 0; i < e % 4; i++) {
      fill(4, own[e], [2, Math.fround(x[e] + i)]);
      fill(5, w[e], [1, Math.fround(y[e] - i)]);
    }
  }
  return partial;
}

/** @param size about how large weights are */
function someColumns(size: number): Float32Array[] {
  let state = 12345;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const columns = [0, 1, 2, 3].map(() => new Float32Array(EVENTS));
  for (let e = 0; e < EVENTS; e++) {
    // Half of them in one bin.
    columns[0][e] = e % 2 ? 0.55 : next() * 1.1;
    columns[1][e] = e % 2 ? 0.15 : next() * 2 - 1;
    columns[2][e] = size * (next() < 0.2 ? -1 : 1) * (next() < 0.1 ? 1e-7 : next());
    columns[3][e] = size * size * (next() - 0.4) * 2;
  }
  return columns;
}

const words = (columns: Float32Array[]) => columns.map((column) => new Uint32Array(column.buffer));

/** Sums agree to a unit of their fixed point for each fill; all else is equal. */
function expectSums(found: GpuPartial, sums: GpuPartial, resolution: number): void {
  expect([found.events, found.missingWeight]).toEqual([sums.events, sums.missingWeight]);
  const close = (a: Float64Array, b: Float64Array, largest: number, what: string) =>
    expect(
      a.findIndex((value, i) => !(Math.abs(value - b[i]) <= largest * EVENTS * resolution)),
      what,
    ).toBe(-1);
  const columns = [0, 1, 2].map((k) => [found, sums].map(({ cutflow }) => cutflow.filter((_, i) => i % 3 === k)));
  expect(columns[0][0]).toEqual(columns[0][1]);
  for (const [a, b] of columns.slice(1)) close(a, b, Math.max(...b.map(Math.abs)) / EVENTS, 'cutflow');
  for (const [k, one] of found.histograms.entries()) {
    const other = sums.histograms[k];
    expect([one.entries, one.missing, one.values.length]).toEqual([other.entries, other.missing, other.values.length]);
    if (!one.variances || !other.variances) {
      expect(one.values, `histogram ${k}`).toEqual(other.values);
      continue;
    }
    const largest = Math.max(...other.variances) / EVENTS;
    close(one.values, other.values, Math.sqrt(largest), `Σw of ${k}`);
    close(one.variances, other.variances, largest, `Σw² of ${k}`);
  }
}

describe('fills of one to four axes, with counts, weights, weights of their own, and per item', () => {
  const limits: [string, Partial<GpuLimits>][] = [
    ['in workgroup memory', {}],
    ['in global memory', { workgroupBytes: 512 }],
    ['in windows', { bindingBytes: 1024 }],
  ];
  const rigs = new Map<string, FillRig>();
  const runs = new Map<string, Uint32Array>();

  it.each(limits)(
    '%s',
    async (name, some) => {
      if (!device) return;
      const rig = await FillRig.make(device, { ...RIG, limits: some }, 4);
      rigs.set(name, rig);
      const columns = someColumns(1);
      const run = await rig.run(words(columns), EVENTS);
      expect(run.doubtCount).toBe(0);
      expectSums(run.partial, expected(columns), 1e-9);
      runs.set(name, run.words);
      const layout = resultLayout(RIG.program);
      expect(name === 'in windows').toBe(layout.words * 4 > (some.bindingBytes ?? 2 ** 27));
      expect(rig.text.includes('fn add_1(bin: u32, w: vec2<u32>, square: vec2<u32>) {\n  let place')).toBe(
        name !== 'in global memory',
      );
    },
    90_000,
  );

  it('the ways give the same bits, and so do runs in other orders', async () => {
    if (!device) return;
    const [first, ...others] = runs.values();
    for (const one of others) expect(one).toEqual(first);
    const again = await rigs.get('in workgroup memory')!.run(words(someColumns(1)), EVENTS, { groups: 7 });
    expect(again.words).toEqual(first);
  });

  it.each([1e-15, 3e-9, 7e4, 1e18])('with weights about %s', async (size) => {
    if (!device) return;
    const columns = someColumns(size);
    const { partial, doubtCount } = await rigs.get('in workgroup memory')!.run(words(columns), EVENTS);
    expect(doubtCount).toBe(0);
    expectSums(partial, expected(columns), 1e-9);
  });

  it('a weight far past those of the probe leaves its event in doubt', async () => {
    if (!device) return;
    const columns = someColumns(1);
    const probed = 2000;
    const largest = Math.max(...columns[2].subarray(0, probed).map(Math.abs));
    columns[2][3001] = 7.9 * largest;
    columns[2][3003] = -40 * largest;
    columns[3][3005] = 1e9;
    const { partial, doubts } = await rigs.get('in workgroup memory')!.run(words(columns), EVENTS, { probed });
    expect(doubts).toEqual([3003, 3005]);
    const rest = columns.map((column) => column.filter((_, e) => !doubts.includes(e)));
    expect(partial.events).toBe(EVENTS - 2);
    expect(partial.cutflow[1]).toBeCloseTo(
      rest[2].reduce(
        (sum, w, e) => sum + (rest[0][e] >= Math.fround(0.1) && rest[0][e] < Math.fround(0.15) ? 0 : w),
        0,
      ),
      5,
    );
  });
});

it('an event whose fills pass the queue, or whose weight is not well known, adds nothing and is noted', async () => {
  if (!device) return;
  const axis = linear(4, 0, 1);
  const program = programOf([histogramOf([axis], { per: perItem }), histogramOf([axis])], { weight: someValue() });
  const event = `fn event(e: u32) {
  for (var i = 0u; i < word(0u, e); i++) { fill_0(bin_0_0(0.6f)); }
  fill_1(bin_1_0(0.1f));
  commit(1u, false, Num(1f, 0f, single(1u, e)));
}`;
  const rig = await FillRig.make(device, { program, kinds: [['single'], ['single']], event, math: testMath }, 2);
  const fills = Uint32Array.from({ length: 1000 }, (_, e) =>
    e % 100 === 7 ? QUEUE_FILLS + 1 : e % 100 === 8 ? QUEUE_FILLS : e % 3,
  );
  const errors = Float32Array.from({ length: 1000 }, (_, e) => (e % 100 === 9 ? 1e-8 : 1e-10));
  const columns = [fills, new Uint32Array(errors.buffer)];
  const isBad = (e: number) => fills[e] > QUEUE_FILLS || errors[e] > 1e-9;
  const bad = [...fills.keys()].filter(isBad);
  const { partial, doubts } = await rig.run(columns, 1000);
  expect(doubts).toEqual(bad);
  const good = fills.filter((_, e) => !isBad(e));
  expect([partial.events, partial.cutflow[1]]).toEqual([980, 980]);
  expect(partial.histograms[0].entries).toBe(good.reduce((a, b) => a + b, 0));
  expect([...partial.histograms[1].values]).toEqual([0, 980, 0, 0, 0, 0]);
  const short = await rig.run(columns, 1000, { doubtRoom: 5 });
  expect(short.doubtCount).toBe(20);
  expect(short.doubts.length).toBe(5);
  expect(short.behindDoubts).toEqual([0, 0, 0, 0]);
  expect(new Set(short.doubts).size).toBe(5);
  expect(short.doubts.filter((e) => !isBad(e))).toEqual([]);
});

it('documents that differ in ranges alone have one text', async () => {
  if (!device) return;
  const text = async (axis: Axis) => {
    const program = programOf([histogramOf([axis])]);
    const event = 'fn event(e: u32) { fill_0(bin_0_0(single(0u, e))); commit(1u, false); }';
    return (await FillRig.make(device!, { program, kinds: [['single']], event, math: testMath }, 1)).text;
  };
  expect(await text(linear(10, 0, 1))).toBe(await text(linear(10, -3, 400)));
  expect(await text(linear(10, 0, 1))).not.toBe(await text(linear(11, 0, 1)));
});

it('so many events come together that no sum overflows', () => {
  const axis = linear(4, 0, 1);
  expect(eventsAtMost(resultLayout(programOf([histogramOf([axis])])))).toBe(2 ** 32 - 1);
  const weighted = resultLayout(programOf([histogramOf([axis], { per: perItem })], { weight: someValue() }));
  expect(eventsAtMost(weighted) * QUEUE_FILLS).toBe(2 ** 30);
  expect(binCount([axis])).toBe(weighted.histograms[0].binCount);
});

it('weights of events in doubt do not count for the scale', async () => {
  if (!device) return;
  const axis = linear(4, 0, 1);
  const program = programOf([histogramOf([axis], { storage: 'weighted', weight: someValue() })]);
  const event = `fn event(e: u32) {
  doubt = word(0u, e) == 1u;
  fill_0(bin_0_0(0.1f), Num(select(0.1f, 1e30f, doubt), 0f, 0f));
  commit(1u, false);
}`;
  const rig = await FillRig.make(device, { program, kinds: [['single']], event, math: testMath }, 1);
  const { partial, doubts } = await rig.run([Uint32Array.from({ length: 100 }, (_, e) => Number(e === 5))], 100);
  expect(doubts).toEqual([5]);
  expect(partial.histograms[0].values[1]).toBeCloseTo(9.9, 6);
});

it('an event with more values missing than fills have room for is in doubt: what counts them has 32 bits', async () => {
  if (!device) return;
  const program = programOf([histogramOf([linear(4, 0, 1)], { per: perItem })]);
  const event = `fn event(e: u32) {
  for (var i = 0u; i < word(0u, e); i++) { missing_0(); }
  commit(1u, false);
}`;
  const rig = await FillRig.make(device, { program, kinds: [['single']], event, math: testMath }, 1);
  const { partial, doubts } = await rig.run([Uint32Array.of(3, QUEUE_FILLS, QUEUE_FILLS + 1, 4000)], 4);
  expect(doubts).toEqual([2, 3]);
  expect(partial.histograms[0].missing).toBe(3 + QUEUE_FILLS);
});
