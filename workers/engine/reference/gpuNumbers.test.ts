/** The numbers of the WebGPU engine against the reference's doubles: these lie within the error that each number claims. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Float1 } from '../../../core/expr/typedForm.ts';
import { type Probe, prepareProbes } from '../../../gpu-kernels/numbers/evaluate.ts';
import { splitDouble } from '../../../gpu-kernels/numbers/split.ts';
import { expectWithin, judge, type Verdict } from '../../../gpu-kernels/numbers/testing/judge.ts';
import {
  blurred,
  double,
  type Operand,
  operandWords,
  repeatable,
  single,
  spread,
} from '../../../gpu-kernels/numbers/testing/operands.ts';
import { testAdapter } from '../../../gpu-kernels/testing/softwareGpu.ts';
import { instantiateLibm, type Libm } from '../libm/libm.ts';
import { arith, bits, compare, float1, intFunction } from './scalars.ts';

const ARITH = ['add', 'sub', 'mul', 'div', 'floordiv', 'mod'] as const;
const COMPARE = ['lt', 'le', 'eq'] as const;
const ONE = ['sqrt', 'floor', 'ceil', 'round', 'abs', 'sign'] as const satisfies Float1[];

const INT = ['add', 'sub', 'mul', 'floordiv', 'mod', 'neg', 'abs', 'shl', 'shr'] as const;
const intProbe = (fn: (typeof INT)[number]): Probe => ({
  expression: fn === 'neg' || fn === 'abs' ? `int_${fn}(i32(w[0]))` : `int_${fn}(i32(w[0]), i32(w[3]))`,
  result: 'word',
});

const number = (expression: string): Probe => ({ expression, result: 'number' });
const PROBES: Probe[] = [
  ...ARITH.map((fn) => number(`num_${fn}(a, b)`)),
  ...ONE.map((fn) => number(`num_${fn}(a)`)),
  ...COMPARE.map((fn): Probe => ({ expression: `num_${fn}(a, b)`, result: 'bool' })),
  ...INT.map(intProbe),
  number('num_const(a.hi, a.lo, a.err)'),
  number('load_f32(w[0])'),
  number('load_f64(w[0], w[1])'),
  number('num_from_int(i32(w[0]))'),
  { expression: 'bitcast<u32>(raw_f32(w[0]))', result: 'word' },
];

let libm: Libm;
let device: GPUDevice | undefined;
let run: Awaited<ReturnType<typeof prepareProbes>>;

beforeAll(async () => {
  libm = await instantiateLibm(new WebAssembly.Memory({ initial: 1 }));
  device = await (await testAdapter())?.requestDevice();
  if (device) run = await prepareProbes(device, PROBES);
});
afterAll(() => device?.destroy());

const runWords = (expression: string, words: Uint32Array<ArrayBuffer>) =>
  run(
    PROBES.findIndex((probe) => probe.expression === expression),
    words,
  );

const evaluate = (expression: string, a: readonly Operand[], b?: readonly Operand[]) =>
  runWords(expression, operandWords(a, b));

const transpose = (pairs: readonly [Operand, Operand][]): [Operand[], Operand[]] => [
  pairs.map(([a]) => a),
  pairs.map(([, b]) => b),
];

const bitsOf = (x: number): number => new Uint32Array(Float32Array.of(x).buffer)[0]!;

/** Fails where the reference lies outside of a number's error; -0 and 0 are one. */
async function holds(
  expression: string,
  reference: (a: number, b: number) => number,
  a: readonly Operand[],
  b: readonly Operand[] = a,
): Promise<Verdict> {
  const values = a.map((one, k) => reference(one.value, b[k]!.value));
  return expectWithin(expression, await evaluate(expression, a, b), values, a, b);
}

describe.skipIf(!(await testAdapter()))('numbers of the GPU', () => {
  const n = 8000;
  const close = (ones: readonly Operand[]): Operand[] =>
    ones.map((one, k) => double(one.value * (1 + 2 ** -(8 + (k % 40)))));

  it.each(ARITH)('%s holds the reference within its error', async (fn) => {
    const reference = (x: number, y: number) => arith(libm, fn, x, y) as number;
    const a = spread(1, n, 1e-6, 1e6);
    const b = spread(2, n, 1e-3, 1e4).map((one) => (one.value === 0 ? single(1) : one));
    const usual = await holds(`num_${fn}(a, b)`, reference, a, b);
    expect(usual.median).toBeLessThan(2 ** -30);
    const doubles = a.map((one) => double(one.value));
    const precise = await holds(
      `num_${fn}(a, b)`,
      reference,
      doubles,
      b.map((one) => double(one.value)),
    );
    if (fn !== 'floordiv' && fn !== 'mod') {
      expect(precise.median).toBeLessThan(2 ** -44);
      expect(precise.doubtful).toBe(0);
    }
    await holds(`num_${fn}(a, b)`, reference, a, close(a));
    await holds(`num_${fn}(a, b)`, reference, spread(3, n, 2 ** -99, 2 ** 99), spread(4, n, 2 ** -99, 2 ** 99));
  });

  it.each(ONE)('%s holds the reference within its error', async (fn) => {
    const reference = (x: number) => float1(libm, fn, x);
    const positive = fn === 'sqrt';
    const usual = await holds(`num_${fn}(a)`, reference, spread(5, n, 1e-6, 1e7, positive));
    expect(usual.doubtful).toBeLessThan(0.01);
    const doubles = spread(6, n, 1e-6, 1e7, positive).map((one) => double(one.value));
    expect((await holds(`num_${fn}(a)`, reference, doubles)).median).toBeLessThan(2 ** -44);
    await holds(`num_${fn}(a)`, reference, spread(7, n, 2 ** -99, 2 ** 99, positive));
    // Near whole numbers and halves, and on them.
    const near = Array.from({ length: n }, (_, k) => {
      const half = ((k % 400) - (positive ? 0 : 200)) / 2;
      const value = half + (k < 2000 ? 0 : Math.sin(k) * 2 ** -(12 + (k % 37)));
      return value < 0 && positive ? single(4) : k % 2 ? double(value) : blurred(value, 2 ** -44, Math.cos(k));
    });
    await holds(`num_${fn}(a)`, reference, near);
    const exact = Array.from({ length: 400 }, (_, k) => single(positive ? k * k : (k - 200) / 2));
    expect(await holds(`num_${fn}(a)`, reference, exact)).toMatchObject({ exact: 400, doubtful: 0 });
  });

  it('what singles and small numbers give exactly has no error', async () => {
    const random = repeatable(8);
    const a = Array.from({ length: n }, () => single(random() * 100 - 50));
    const b = Array.from({ length: n }, () => single(random() * 2000 - 1000));
    expect((await holds('num_mul(a, b)', (x, y) => x * y, a, b)).exact).toBe(n);
    expect((await holds('num_add(a, b)', (x, y) => x + y, a, b)).exact).toBeGreaterThan(0.95 * n);
    const halves = Array.from({ length: n }, () => single(Math.round(random() * 1000) / 2));
    const whole = Array.from({ length: n }, () => single(Math.round(random() * 1000) + 1));
    for (const fn of ['add', 'sub', 'mul', 'mod'] as const)
      expect((await holds(`num_${fn}(a, b)`, (x, y) => arith(libm, fn, x, y) as number, halves, whole)).exact).toBe(n);
    const twos = Array.from({ length: n }, (_, k) => single(2 ** ((k % 9) - 4)));
    expect((await holds('num_div(a, b)', (x, y) => x / y, a, twos)).exact).toBe(n);
  });

  it.each(COMPARE)('%s is right, or in doubt', async (fn) => {
    const pairs = spread(9, n, 1e-3, 1e5).map((one, k): [Operand, Operand] => {
      const other = one.value * (1 + Math.sin(k) * 2 ** -(k % 56));
      return [one, k % 3 === 0 ? single(other) : k % 3 === 1 ? double(other) : blurred(other, 2 ** -40, Math.cos(k))];
    });
    const words = await evaluate(`num_${fn}(a, b)`, ...transpose(pairs));
    const wrong = pairs.filter(([a, b], k) => {
      const decided = words[4 * k + 3] === 0;
      return decided && (words[4 * k] === 1) !== compare(fn, a.value, b.value);
    });
    expect(wrong.map(([a, b]) => [a.value, b.value])).toEqual([]);
    // Singles are never in doubt, equal or not; nor is what differs by more than the errors.
    const singles = pairs.map(([a, b], k): [Operand, Operand] => [single(a.value), single(k % 5 ? b.value : a.value)]);
    const sure = await evaluate(`num_${fn}(a, b)`, ...transpose(singles));
    const expected = singles.flatMap(([a, b]) => [Number(compare(fn, a.value, b.value)), 0, 0, 0]);
    expect(sure).toEqual(Uint32Array.from(expected));
    const far = pairs.filter(([a, b]) => Math.abs(a.value - b.value) > 2 ** -29 * Math.abs(a.value));
    const decided = await evaluate(`num_${fn}(a, b)`, ...transpose(far));
    expect(far.filter((_, k) => decided[4 * k + 3] !== 0)).toEqual([]);
    expect(far.length).toBeGreaterThan(n / 3);
  });

  it('what is no finite number, or negative under a root, or divided by 0, is in doubt', async () => {
    const one = single(1);
    const doubtful = async (expression: string, a: Operand, b = one) => (await evaluate(expression, [a], [b]))[3];
    const off: Operand = { value: 0, words: Uint32Array.of(bitsOf(1), 0, bitsOf(2)) };
    expect(await doubtful('num_sqrt(a)', single(-1))).toBe(1);
    expect(await doubtful('num_sqrt(a)', off)).toBe(1);
    expect(await doubtful('num_div(a, b)', one, single(0))).toBe(1);
    expect(await doubtful('num_div(a, b)', one, off)).toBe(1);
    expect(await doubtful('num_mul(a, b)', single(2 ** 60), single(2 ** 60))).toBe(1);
    expect(await doubtful('num_div(a, b)', single(2 ** 60), single(2 ** -60))).toBe(1);
    expect(await doubtful('num_div(a, b)', single(2 ** 30), single(2 ** -60))).toBe(0);
    expect(await doubtful('num_sign(a)', off)).toBe(1);
    for (const value of [NaN, Infinity, -Infinity, 1e300])
      expect(await doubtful('num_const(a.hi, a.lo, a.err)', double(value))).toBe(1);
  });

  it('columns are loaded by their bits', async () => {
    const singles = [
      0,
      -0,
      1.5,
      -(2 ** 35),
      2 ** -66,
      1e-37,
      2 ** -126,
      2 ** -126 - 2 ** -149,
      1e-45,
      NaN,
      Infinity,
      -Infinity,
      3e38,
      2 ** 100,
      2 ** 99,
    ];
    const words = new Uint32Array(Float32Array.from(singles).buffer);
    const given = new Uint32Array(6 * singles.length);
    for (const [k, word] of words.entries()) given[6 * k] = word;
    const loaded = await runWords('load_f32(w[0])', given);
    const verdict = judge(loaded, singles);
    expect(verdict.wrong).toEqual([]);
    const inDoubt = (words: Uint32Array) => singles.filter((_, k) => words[4 * k + 3] !== 0);
    expect(inDoubt(loaded)).toEqual([NaN, Infinity, -Infinity, 3e38, 2 ** 100]);
    expect(verdict.exact).toBe(6);
    const raw = await runWords('bitcast<u32>(raw_f32(w[0]))', given);
    expect(inDoubt(raw)).toEqual([2 ** -126 - 2 ** -149, 1e-45, NaN, Infinity, -Infinity]);
    expect(raw[4 * 2]).toBe(words[2]);
  });

  it('doubles are loaded exactly where 48 bits hold them, and within their error elsewhere', async () => {
    const random = repeatable(10);
    const values = Array.from({ length: n }, (_, k) =>
      k < 2000 ? Math.round(random() * 2 ** 47) / 2 ** (k % 50) : (random() - 0.5) * Math.PI * 2 ** ((k % 140) - 60),
    );
    values.push(
      0,
      NaN,
      Infinity,
      -Infinity,
      1e39,
      -1e308,
      1e-320,
      5e-324,
      0.1,
      1 + 2 ** -52,
      1 + 2 ** -30,
      2 ** -99 + 2 ** -130,
    );
    const given = new Uint32Array(6 * values.length);
    for (const [k, value] of values.entries()) splitDouble(value, given, 6 * k);
    const words = await runWords('load_f64(w[0], w[1])', given);
    const verdict = judge(words, values);
    expect(verdict.wrong.map((k) => values[k])).toEqual([]);
    expect(verdict.median).toBeLessThan(2 ** -48);
    const inDoubt = values.filter((_, k) => words[4 * k + 3] !== 0);
    expect(inDoubt).toEqual([NaN, Infinity, -Infinity, 1e39, -1e308]);
    expect(values.filter((_, k) => k < 2000 && words[4 * k + 2] !== 0)).toEqual([]);
  });

  it('integers of 32 bits become numbers without error', async () => {
    const random = repeatable(11);
    const ints = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 65535, 65536, -65536, -65537, 2 ** 24 + 1];
    while (ints.length < n) ints.push(Math.round((random() - 0.5) * 2 ** (1 + (ints.length % 32))));
    const given = new Uint32Array(6 * n);
    for (const [k, value] of ints.entries()) given[6 * k] = value;
    expect(judge(await runWords('num_from_int(i32(w[0]))', given), ints)).toMatchObject({
      wrong: [],
      exact: n,
      doubtful: 0,
    });
  });

  const INTS: Record<string, (a: bigint, b: bigint) => bigint | undefined> = {
    add: (a, b) => arith(libm, 'add', a, b) as bigint,
    sub: (a, b) => arith(libm, 'sub', a, b) as bigint,
    mul: (a, b) => arith(libm, 'mul', a, b) as bigint,
    floordiv: (a, b) => arith(libm, 'floordiv', a, b) as bigint | undefined,
    mod: (a, b) => arith(libm, 'mod', a, b) as bigint | undefined,
    neg: (a) => arith(libm, 'sub', 0n, a) as bigint,
    abs: (a) => intFunction('abs', a) as bigint,
    shl: (a, b) => bits('shl', a, b),
    shr: (a, b) => bits('shr', a, b),
  };

  it.each(INT)('integers: %s is exact, or in doubt', async (fn) => {
    const random = repeatable(12);
    const some = [
      0,
      1,
      -1,
      2,
      -2,
      3,
      7,
      31,
      32,
      33,
      63,
      64,
      65,
      -64,
      46340,
      46341,
      -46341,
      65536,
      2 ** 31 - 1,
      -(2 ** 31),
      1 - 2 ** 31,
    ];
    const pairs = some.flatMap((a) => some.map((b): [number, number] => [a, b]));
    while (pairs.length < n)
      pairs.push(
        [0, 1].map((k) => Math.round((random() - 0.5) * 2 ** (1 + ((pairs.length * (k + 1)) % 32)))) as [
          number,
          number,
        ],
      );
    const given = new Uint32Array(6 * pairs.length);
    for (const [k, [a, b]] of pairs.entries()) given.set([a, 0, 0, b], 6 * k);
    const words = await runWords(intProbe(fn).expression, given);
    const outside = (value: bigint) => BigInt.asIntN(32, value) !== value;
    let doubtful = 0;
    const wrong: string[] = [];
    pairs.forEach(([a, b], k) => {
      const wanted = INTS[fn]!(BigInt(a), BigInt(b));
      if (wanted === undefined) return;
      const inDoubt = words[4 * k + 3] !== 0;
      if (inDoubt) doubtful += Number(!outside(wanted));
      else if (BigInt(words[4 * k]! | 0) !== wanted) wrong.push(`${fn}(${a}, ${b}) → ${words[4 * k]! | 0}`);
    });
    expect(wrong).toEqual([]);
    expect(doubtful).toBeLessThan(20);
  });
});
