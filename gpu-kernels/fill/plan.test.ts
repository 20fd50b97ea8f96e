import { expect, it } from 'vitest';
import type { Axis } from '../../core/hist/axis.ts';
import { refuseFills, resultLayout } from './layout.ts';
import { planFills } from './plan.ts';
import { histogramOf, linear, perItem, programOf, someValue } from './testing/fillPrograms.ts';

const LIMITS = { workgroupBytes: 16_384, workgroupThreads: 1024, bindingBytes: 2 ** 27 };
const layoutOf = (...bins: number[]) =>
  resultLayout(programOf(bins.map((count) => histogramOf([linear(count, 0, 1)]))));

it('small histograms lie in workgroup memory, with copies while they are few words', () => {
  const plan = planFills(layoutOf(98, 48), LIMITS);
  expect(plan.shared.map((one) => one?.copies)).toEqual([8, 8]);
  const [second, first] = plan.shared.map((one) => one!.at);
  expect(first).toBe(4);
  expect(second).toBe(first + 8 * 50);
  expect(plan.sharedWords).toBe(second + 8 * 100);
  expect(planFills(layoutOf(698), LIMITS).shared[0]?.copies).toBe(2);
});

it('what does not fit is filled in global memory, the largest ones first', () => {
  const plan = planFills(layoutOf(3000, 200, 5000), LIMITS);
  expect(plan.shared.map((one) => one?.copies)).toEqual([1, 1, undefined]);
  expect(4 * plan.sharedWords).toBeLessThanOrEqual(LIMITS.workgroupBytes);
  expect(planFills(layoutOf(10), { ...LIMITS, workgroupBytes: 512 }).shared).toEqual([undefined]);
});

it('a workgroup has the threads that a device allows', () => {
  expect(planFills(layoutOf(10), LIMITS).workgroup).toBe(256);
  expect(planFills(layoutOf(10), { ...LIMITS, workgroupThreads: 128 }).workgroup).toBe(128);
});

it('results past a binding are filled in windows', () => {
  expect(planFills(layoutOf(1000), LIMITS).windowed).toBe(false);
  expect(planFills(layoutOf(1000), { ...LIMITS, bindingBytes: 4000 }).windowed).toBe(true);
});

it('a weight of 1 costs nothing: bins are counts, and so is the cutflow', () => {
  const one = { op: 'const', value: 1, type: { kind: 'float' }, optional: false } as const;
  const weighted = histogramOf([linear(4, 0, 1)], { storage: 'weighted' });
  const plain = resultLayout(programOf([weighted], { weight: one }));
  expect(plain.cutflowSums).toBeUndefined();
  expect(plain.histograms[0]).toMatchObject({ binWords: 1, storage: 'weighted' });
  expect(plain.histograms[0].weight).toBeUndefined();
  const own = resultLayout(programOf([{ ...weighted, weight: someValue() }, weighted], { weight: someValue() }));
  expect(own.histograms.map(({ weight, ownWeight }) => [weight, ownWeight])).toEqual([
    [1, true],
    [0, undefined],
  ]);
  expect(own.cutflowSums).toBeDefined();
});

it('says which histograms a GPU does not fill', () => {
  const reason = (axes: Axis[], more = {}) =>
    refuseFills(programOf([histogramOf(axes, { name: 'm', ...more })]))?.reason;
  expect(reason([linear(4, 0, 1)], { storage: 'mean' })).toBe('histogram "m" has the storage mean');
  expect(reason([linear(2 ** 20, 0, 1)])).toMatch(/axis of more than a million bins/);
  expect(reason([linear(5000, 0, 1), linear(5000, 0, 1)])).toMatch(/too large/);
  expect(reason([linear(4000, 0, 1), linear(4000, 0, 1)], { per: perItem })).toBeUndefined();
});
