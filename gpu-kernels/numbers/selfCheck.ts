/** Whether a device computes as the proofs of this folder say: its compiler may reorder sums, its divisions may be worse than they should be. */
import { type Operands, type Probe, prepareProbes } from './evaluate.ts';
import { splitConstant, splitDouble } from './split.ts';

const ARGUMENTS = 256;

interface Check extends Probe {
  /** What a person is told when it fails. */
  about: string;
  arguments: [a: number, b: number][];
  /** Words of the operands, where they are not those of `num_const`. */
  words?: (a: number, b: number) => Uint32Array;
  /** Whether (x, y, z, doubt) is right: as words, and as singles. */
  accepts: (a: number, b: number, words: Uint32Array, singles: Float32Array) => boolean;
}

/** Numbers that look random, from −1 to 1, the same each time. */
const scattered = (k: number): number => ((k * 0.6180339887498949 + 0.5) % 1) * 2 - 1;

/** `ARGUMENTS` pairs of singles. */
function singles(
  a: (x: number, k: number) => number,
  b: (x: number, k: number) => number = () => 0,
): [number, number][] {
  return Array.from({ length: ARGUMENTS }, (_, k) => [
    Math.fround(a(scattered(k), k)),
    Math.fround(b(scattered(k + 7919), k)),
  ]);
}

const spread = (x: number, k: number): number => (1 + x) * 2 ** ((k % 24) - 12) * (k % 2 ? 1 : -1);

/** The pair is the value exactly: the nearest single, and the rest. */
const exactly =
  (value: (a: number, b: number) => number): Check['accepts'] =>
  (a, b, words, [x, y]) => {
    const wanted = value(a, b);
    return words[3] === 0 && x === Math.fround(wanted) && y === wanted - Math.fround(wanted);
  };

/** The value lies within the number's error (and what `Math` is off: four units in the last place), which is small. */
const within =
  (value: (a: number, b: number) => number): Check['accepts'] =>
  (a, b, words, [hi, lo, err]) => {
    const wanted = value(a, b);
    const size = Math.abs(wanted);
    return (
      words[3] === 0 && Math.abs(wanted - hi! - lo!) <= err! + size * 2 ** -50 && err! <= (size + 0.001) * 2 ** -36
    );
  };

/** In doubt exactly where `value` has none; else its words. */
const loads =
  (value: (a: number) => number | undefined): Check['accepts'] =>
  (a, _, words, [x]) => {
    const wanted = value(a);
    return wanted === undefined ? words[3] !== 0 : words[3] === 0 && x === wanted;
  };

const AWKWARD = [NaN, Infinity, -Infinity, 1e-45, -1e-40, 2 ** -126, -3e38, 0, 1, -2.5].map((x): [number, number] => [
  x,
  0,
]);
const isNormal = (x: number): boolean => x === 0 || Math.abs(x) >= 2 ** -126;
const near = (a: number, b: number): number => a * (1 + b * 2 ** -20);

const CHECKS: Check[] = [
  {
    about: 'sums of singles',
    expression: 'two_sum(a.hi, b.hi)',
    result: 'pair',
    arguments: singles(spread, (x, k) => (k % 3 ? spread(x, k * 5) : -near(spread(scattered(k), k), x))),
    accepts: exactly((a, b) => a + b),
  },
  {
    about: 'sums of a large single and a small one',
    expression: 'fast_two_sum(a.hi, b.hi)',
    result: 'pair',
    arguments: singles(spread).map(([a], k) => [a, Math.fround(a * (1 + scattered(k) / 4) * 2 ** -(1 + (k % 24)))]),
    accepts: exactly((a, b) => a + b),
  },
  {
    about: 'products of singles',
    expression: 'two_prod(a.hi, b.hi)',
    result: 'pair',
    arguments: singles(spread, (x, k) => spread(x, k * 7)),
    accepts: exactly((a, b) => a * b),
  },
  {
    about: 'quotients',
    expression: 'num_div(a, b)',
    result: 'number',
    arguments: singles(spread, (x, k) => spread(x, k * 7) || 1),
    accepts: within((a, b) => a / b),
  },
  {
    about: 'roots',
    expression: 'num_sqrt(a)',
    result: 'number',
    arguments: singles((x, k) => Math.abs(spread(x, k))),
    accepts: within(Math.sqrt),
  },
  {
    about: 'rounding',
    expression: 'num_round(a)',
    result: 'number',
    arguments: singles((x, k) => (k % 2 ? (k - 127) / 4 : x * 1000)),
    accepts: within((a) => {
      const below = Math.floor(a);
      return a - below === 0.5 ? below + (below % 2 === 0 ? 0 : 1) : Math.round(a);
    }),
  },
  {
    about: 'NaN, infinities and subnormal numbers in columns of singles',
    expression: 'bitcast<u32>(raw_f32(w[0]))',
    result: 'word',
    arguments: AWKWARD.map(([x]) => [Math.fround(x), 0]),
    words: (a) => new Uint32Array(Float32Array.of(a).buffer),
    accepts: loads((a) => (Number.isFinite(a) && isNormal(a) ? a : undefined)),
  },
  {
    about: 'NaN and infinities in columns of doubles',
    expression: 'load_f64(w[0], w[1])',
    result: 'number',
    arguments: [...AWKWARD, [1e300, 0]].filter(([x = 0]) => isNormal(x)) as [number, number][],
    words: (a) => {
      const words = new Uint32Array(2);
      splitDouble(a, words, 0);
      return words;
    },
    accepts: loads((a) => (Math.abs(a) < 2 ** 100 ? (Math.abs(a) < 2 ** -100 ? 0 : a) : undefined)),
  },
  {
    about: 'sines and cosines',
    expression: 'trig_series(turned(a), i32(b.hi))',
    result: 'number',
    arguments: singles(
      (x, k) => x * 4 ** (k % 6),
      (_, k) => k % 2,
    ),
    accepts: within((a, b) => (b === 0 ? Math.sin(a) : Math.cos(a))),
  },
  {
    about: 'exponentials',
    expression: 'num_sinh(a)',
    result: 'number',
    arguments: singles((x, k) => x * 2 ** (k % 6)),
    accepts: within(Math.sinh),
  },
  {
    about: 'logarithms',
    expression: 'num_log(a)',
    result: 'number',
    arguments: singles((x, k) => Math.abs(spread(x, k)) + 2 ** -20),
    accepts: within(Math.log),
  },
  {
    about: 'angles',
    expression: 'num_atan2(a, b)',
    result: 'number',
    arguments: singles((x, k) => spread(x, k * 5) || 1, spread),
    accepts: within(Math.atan2),
  },
];

function wordsOf({ arguments: given, words }: Check): Operands {
  const all = new Uint32Array(6 * given.length);
  given.forEach(([a, b], k) => {
    if (words) all.set(words(a, b), 6 * k);
    else all.set([...splitConstant(a), ...splitConstant(b)], 6 * k);
  });
  return all;
}

/** Checks that one pipeline makes: they are compiled at the same time. */
const GROUPS: readonly Check[][] = [CHECKS.slice(0, -4), ...CHECKS.slice(-4).map((check) => [check])];

/**
 * Tries a device before anything is counted on it, against values of the host: exact sums and products, bits of awkward numbers, and the functions that all
 * others are composed of. It takes a software adapter 0.5 s of a processor, nearly all for compiling.
 *
 * @returns why its numbers can't be relied on; undefined where they can
 */
export async function selfCheck(device: GPUDevice): Promise<string | undefined> {
  const failures = await Promise.all(GROUPS.map((group) => checkGroup(device, group)));
  return failures.find((failure) => failure !== undefined);
}

async function checkGroup(device: GPUDevice, group: readonly Check[]): Promise<string | undefined> {
  const run = await prepareProbes(device, group);
  for (const [which, check] of group.entries()) {
    const words = await run(which, wordsOf(check));
    for (const [k, [a, b]] of check.arguments.entries()) {
      const found = words.slice(4 * k, 4 * k + 4);
      if (!check.accepts(a, b, found, new Float32Array(found.buffer)))
        return `its ${check.about} are not what they should be (for ${a}${b === 0 ? '' : ` and ${b}`})`;
    }
  }
  return undefined;
}
