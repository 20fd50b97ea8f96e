/** The elementary functions of the WebGPU engine against the one libm, which lies within the error that each claims. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Float1, Float2 } from '../../../core/expr/typedForm.ts';
import { prepareProbes } from '../../../gpu-kernels/numbers/evaluate.ts';
import { expectWithin, type Verdict } from '../../../gpu-kernels/numbers/testing/judge.ts';
import {
  blurred,
  double,
  type Operand,
  operandWords,
  single,
  spread,
} from '../../../gpu-kernels/numbers/testing/operands.ts';
import { testAdapter } from '../../../gpu-kernels/testing/softwareGpu.ts';
import { instantiateLibm, type Libm } from '../libm/libm.ts';
import { float1, float2 } from './scalars.ts';

const ONE: Record<
  Exclude<Float1, 'sqrt' | 'floor' | 'ceil' | 'round' | 'abs' | 'sign'>,
  [least: number, most: number]
> = {
  exp: [1e-6, 60],
  log: [1e-12, 1e12],
  log10: [1e-12, 1e12],
  sin: [1e-6, 1e3],
  cos: [1e-6, 1e3],
  tan: [1e-6, 1e3],
  asin: [1e-6, 0.9999],
  acos: [1e-6, 0.9999],
  atan: [1e-6, 1e6],
  sinh: [1e-6, 40],
  cosh: [1e-6, 40],
  tanh: [1e-6, 15],
  asinh: [1e-6, 1e6],
};
const names = Object.keys(ONE) as (keyof typeof ONE)[];
const TWO = ['atan2', 'hypot', 'pow'] as const satisfies Float2[];
const POSITIVE = new Set<string>(['log', 'log10', 'pow']);

let libm: Libm;
let device: GPUDevice | undefined;

beforeAll(async () => {
  libm = await instantiateLibm(new WebAssembly.Memory({ initial: 1 }));
  device = await (await testAdapter())?.requestDevice();
});
afterAll(() => device?.destroy());

/** One pipeline a function: all of them in one take longer to compile. */
const pipelines = new Map<string, ReturnType<typeof prepareProbes>>();
function compiled(name: string): ReturnType<typeof prepareProbes> {
  const expression = TWO.includes(name as 'pow') ? `num_${name}(a, b)` : `num_${name}(a)`;
  const known = pipelines.get(name) ?? prepareProbes(device!, [{ expression, result: 'number' }]);
  pipelines.set(name, known);
  return known;
}

async function holds(
  name: string,
  reference: (a: number, b: number) => number,
  a: readonly Operand[],
  b: readonly Operand[] = a,
): Promise<Verdict> {
  const values = a.map((one, k) => reference(one.value, b[k]!.value));
  const words = await (await compiled(name))(0, operandWords(a, b));
  return expectWithin(name, words, values, a, b);
}

describe.skipIf(!(await testAdapter()))('elementary functions of the GPU', () => {
  const n = 6000;
  it.each(names)('%s holds the reference within its error', async (fn) => {
    const [least, most] = ONE[fn];
    const reference = (x: number) => float1(libm, fn, x);
    const positive = POSITIVE.has(fn);
    const inside = (ones: Operand[]) => ones.filter(({ value }) => Math.abs(value) <= most);
    const usual = await holds(fn, reference, inside(spread(1, n, least, most, positive)));
    expect(usual.doubtful).toBeLessThan(0.02);
    const doubles = await holds(
      fn,
      reference,
      inside(spread(2, n, least, most, positive).map((one) => double(one.value))),
    );
    expect(doubles.median).toBeLessThan(2 ** -40);
    expect(doubles.doubtful).toBe(0);
    await holds(fn, reference, spread(3, n, 2 ** -99, 2 ** 99));
  });

  /** Doubles and singles beside `points`, some with an error. */
  const beside = (points: readonly number[]): Operand[] =>
    Array.from({ length: n }, (_, k) => {
      const point = points[k % points.length]!;
      const value = point + Math.sin(k) * 2 ** -(3 + (k % 41)) * (point || 1);
      return k % 3 === 0
        ? single(value)
        : k % 3 === 1
          ? double(value)
          : blurred(value, 2 ** -(8 + (k % 37)), Math.cos(k));
    });

  it('roots, poles and ends of ranges are no exception', async () => {
    const turns = Array.from({ length: 40 }, (_, k) => ((k - 20) * Math.PI) / 2);
    const points: Partial<Record<(typeof names)[number], number[]>> = {
      exp: [0, 1, -1, -60, -68, -70, -100, 69, 88, 100],
      log: [1, 1e-3, 1.5, 0, -1],
      log10: [1, 10, 0.1, 1000],
      sin: turns,
      cos: turns,
      tan: turns,
      asin: [0, 1, -1, 0.5],
      acos: [0, 1, -1, -0.5],
      atan: [0, 1, -1],
      sinh: [0, 0.35, -0.35, 5],
      cosh: [0, 1],
      tanh: [0, 0.2, 20, -20, 100],
      asinh: [0, 1, -1],
    };
    for (const [name, some] of Object.entries(points))
      await holds(name, (x) => float1(libm, name as (typeof names)[number], x), beside(some));
  });

  it('what is exact is so in both', async () => {
    const only = async (name: string, x: number, y = 0) => {
      const verdict = await holds(
        name,
        (a, b) => (name in ONE ? float1(libm, name as 'exp', a) : float2(libm, name as 'pow', a, b)),
        [single(x)],
        [single(y)],
      );
      return verdict.exact === 1;
    };
    expect(await only('sinh', 0)).toBe(true);
    expect(await only('sin', 0)).toBe(true);
    expect(await only('cos', 0)).toBe(true);
    expect(await only('log', 1)).toBe(true);
    expect(await only('atan2', 0, 2)).toBe(true);
    expect(await only('pow', 2.5, 2)).toBe(true);
    expect(await only('pow', -3, 3)).toBe(true);
    expect(await only('pow', 0, 2)).toBe(true);
    expect(await only('pow', 7, 0)).toBe(true);
    expect(await only('pow', 4, -2)).toBe(true);
  });

  it('atan2 holds the reference within its error all around, and is in doubt on the cut', async () => {
    const angles = beside(Array.from({ length: 33 }, (_, k) => ((k - 16) * Math.PI) / 16));
    const radii = spread(4, n, 1e-3, 1e5, true);
    const y = angles.map((one, k) => (k % 2 ? double : single)(radii[k]!.value * Math.sin(one.value)));
    const x = angles.map((one, k) => (k % 2 ? double : single)(radii[k]!.value * Math.cos(one.value)));
    const around = await holds('atan2', Math.atan2, y, x);
    expect(around.median).toBeLessThan(2 ** -40);
    expect(around.doubtful).toBe(0);
    const usual = await holds('atan2', (a, b) => libm.atan2(a, b), spread(5, n, 1e-6, 1e6), spread(6, n, 1e-6, 1e6));
    expect(usual.doubtful).toBeLessThan(0.01);
    await holds('atan2', (a, b) => libm.atan2(a, b), spread(7, n, 2 ** -99, 2 ** 99), spread(8, n, 2 ** -99, 2 ** 99));
    const blurry = y.map((one, k) => blurred(one.value, 2 ** -(k % 20), Math.sin(k)));
    await holds('atan2', (a, b) => libm.atan2(a, b), blurry, x);
    expect((await holds('atan2', () => Math.PI, [single(0), single(0)], [single(-1), single(0)])).doubtful).toBe(1);
  });

  it('hypot and pow hold the reference within their errors', async () => {
    const hypot = await holds('hypot', (a, b) => libm.hypot(a, b), spread(9, n, 1e-6, 1e6), spread(10, n, 1e-6, 1e6));
    expect(hypot.median).toBeLessThan(2 ** -40);
    const power = (a: number, b: number) => float2(libm, 'pow', a, b);
    const bases = spread(11, n, 1e-4, 1e4, true);
    const usual = await holds(
      'pow',
      power,
      bases.map((one) => double(one.value)),
      spread(12, n, 0.01, 8).map((one) => double(one.value)),
    );
    expect(usual.median).toBeLessThan(2 ** -38);
    expect(usual.doubtful).toBe(0);
    await holds('pow', power, bases, spread(13, n, 0.01, 8));
    const whole = bases.map((_, k) => single((k % 45) - 22));
    await holds('pow', power, spread(14, n, 1e-4, 1e4), whole);
    await holds('pow', power, spread(15, n, 2 ** -99, 2 ** 99), spread(16, n, 2 ** -40, 2 ** 40));
  });
});
