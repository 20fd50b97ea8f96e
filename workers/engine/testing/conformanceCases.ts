/** Hand-made typed forms, op by op, with the values that every engine must give. */
import type { Expr, List } from '../../../core/expr/typedForm.ts';
import { flat, jagged, strings } from './data.ts';
import * as f from './forms.ts';
import type { ProbeData, ProbeValue } from './probe.ts';

const NAN = Number.NaN;
const INF = Number.POSITIVE_INFINITY;
export const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** Four events; the second one has no muon, the third one no jet. */
export const data: ProbeData = {
  events: 4,
  columns: {
    Muon_pt: jagged('float64', [[30, 20], [], [NAN], [5, 50, 5]]),
    Muon_charge: jagged('int32', [[1, -1], [], [1], [-1, 1, -1]]),
    Muon_jetIdx: jagged('int32', [[0, -1], [], [0], [1, 2, 0]]),
    Muon_iso: jagged('float32', [[0.5, undefined], [], [undefined], [NAN, 2, 1]]),
    Muon_tight: jagged('bool', [[true, false], [], [false], [true, true, true]]),
    Jet_pt: jagged('float32', [[40], [60, 25], [], [33, 44]]),
    event: flat('uint64', [1n, 2n ** 53n + 1n, 2n ** 64n - 1n, 2n ** 63n]),
    run: flat('int64', [MAX, MIN, -7n, 0n]),
    met: flat('float32', [10.5, undefined, NAN, -0]),
    flag: flat('bool', [true, false, undefined, true]),
    name: strings(['mu', 'e', undefined, 'mu']),
  },
  collections: [
    { name: 'Muon', columns: ['Muon_pt', 'Muon_charge', 'Muon_jetIdx', 'Muon_iso', 'Muon_tight'] },
    { name: 'Jet', columns: ['Jet_pt'] },
  ],
};

export const MUON = f.itemOf('Muon');
const JET = f.itemOf('Jet');
export const muons = (): List => f.base('Muon');
const jets = (): List => f.base('Jet');
export const muon = (id: number, optional = false): Expr => f.variable(id, MUON, optional);
export const pt = (item: Expr): Expr => f.field(item, 'Muon_pt', f.FLOAT);
export const charge = (item: Expr): Expr => f.field(item, 'Muon_charge', f.INT);
export const iso = (item: Expr): Expr => f.field(item, 'Muon_iso', f.FLOAT, true);
const jetPt = (item: Expr): Expr => f.field(item, 'Jet_pt', f.FLOAT);
export const met = f.column('met', f.FLOAT, true);
export const run = f.column('run', f.INT);
export const event = f.column('event', f.UINT);
export const flag = f.column('flag', f.BOOL, true);

export const everywhere = (value: ProbeValue): ProbeValue[] => [value, value, value, value];

// Numbers for which another order of the sum gives another E.
const [PT, ETA, PHI, MASS] = [21.7, 1.37, -2.13, 5.1].map(f.float) as [Expr, Expr, Expr, Expr];
const times = (a: Expr, b: Expr): Expr => f.arith('mul', a, b);
const plus = (a: Expr, b: Expr): Expr => f.arith('add', a, b);
/** px, py, pz, E of the typed form's words, op by op. */
function composed(): Expr[] {
  const px = times(PT, f.float1('cos', PHI));
  const py = times(PT, f.float1('sin', PHI));
  const pz = times(PT, f.float1('sinh', ETA));
  const p2 = plus(plus(times(px, px), times(py, py)), times(pz, pz));
  return [px, py, pz, f.float1('sqrt', plus(p2, times(MASS, f.float1('abs', MASS))))];
}
const bitEqual = composed().map((e, k): [string, Expr, ProbeValue] => [
  `component ${k} of a vector has the bits of single operations`,
  f.compare('eq', f.component(f.vector('ptEtaPhiM', PT, ETA, PHI, MASS), k as 0 | 1 | 2 | 3), e),
  true,
]);

/** Expressions with the value that they have in all events. */
export const constants: [string, Expr, ProbeValue][] = [
  ...bitEqual,
  ['int addition wraps', f.arith('add', f.int(MAX), f.int(1)), MIN],
  ['int subtraction wraps', f.arith('sub', f.int(MIN), f.int(1)), MAX],
  ['int multiplication wraps', f.arith('mul', f.int(2n ** 62n), f.int(6)), MIN],
  [
    'int multiplication is exact past 2^53',
    f.arith('mul', f.int(3_037_000_499n), f.int(3_037_000_499n)),
    9223372030926249001n,
  ],
  ['negation of the smallest int wraps', f.neg(f.int(MIN)), MIN],
  ['abs of the smallest int wraps', f.intfn('abs', f.int(MIN)), MIN],
  ['abs of an int', f.intfn('abs', f.int(-5)), 5n],
  ['sign of an int', f.intfn('sign', f.int(-5)), -1n],
  ['floor division of ints goes down', f.arith('floordiv', f.int(-7), f.int(2)), -4n],
  ['floor division of ints goes down for a negative divisor', f.arith('floordiv', f.int(7), f.int(-2)), -4n],
  ['floor division of the smallest int by −1 wraps', f.arith('floordiv', f.int(MIN), f.int(-1)), MIN],
  ['mod of the smallest int by −1', f.arith('mod', f.int(MIN), f.int(-1)), 0n],
  ['mod of ints has the sign of the divisor', f.arith('mod', f.int(-7), f.int(3)), 2n],
  ['mod of ints by a negative divisor', f.arith('mod', f.int(7), f.int(-3)), -2n],
  ['floor division by zero is missing', f.arith('floordiv', f.int(1), f.int(0)), undefined],
  ['mod by zero is missing', f.arith('mod', f.float(1), f.float(-0)), undefined],
  ['mod of floats', f.arith('mod', f.float(-7.5), f.float(2)), 0.5],
  ['mod of floats keeps the divisor’s sign on zero', f.arith('mod', f.float(6), f.float(-3)), -0],
  ['floor division of floats', f.arith('floordiv', f.float(1), f.float(0.1)), 9],
  ['floor division of floats gives −0', f.arith('floordiv', f.float(-0), f.float(3)), -0],
  ['division by zero is infinite', f.arith('div', f.float(-1), f.float(0)), -INF],
  ['0 / 0 is NaN', f.arith('div', f.float(0), f.float(0)), NAN],
  ['shift left', f.bits('shl', f.int(1), f.int(63)), MIN],
  ['shift left by 64 gives 0', f.bits('shl', f.int(1), f.int(64)), 0n],
  ['shift left by a negative count gives 0', f.bits('shl', f.int(1), f.int(-1)), 0n],
  ['shift right is arithmetic', f.bits('shr', f.int(-8), f.int(1)), -4n],
  ['shift right by 64 of a negative number', f.bits('shr', f.int(-8), f.int(64)), -1n],
  ['shift right by 64 of a positive number', f.bits('shr', f.int(8), f.int(100)), 0n],
  ['shift right by a negative count', f.bits('shr', f.int(-8), f.int(-1)), -1n],
  ['bitwise and, or, xor', f.bits('xor', f.bits('or', f.bits('and', f.int(12), f.int(10)), f.int(1)), f.int(-1)), -10n],
  ['invert', f.invert(f.int(5)), -6n],
  ['round is half to even', f.float1('round', f.float(2.5)), 2],
  ['round of 0.5 − ε', f.float1('round', f.float(0.49999999999999994)), 0],
  ['round keeps −0', f.float1('round', f.float(-0.4)), -0],
  ['round of a number that is large', f.float1('round', f.float(2251799813685249.5)), 2251799813685250],
  ['floor', f.float1('floor', f.float(-0.5)), -1],
  ['ceil keeps −0', f.float1('ceil', f.float(-0.5)), -0],
  ['sign of NaN', f.float1('sign', f.float(NAN)), NAN],
  ['sign of −0', f.float1('sign', f.float(-0)), 0],
  ['sign of a float', f.float1('sign', f.float(-3)), -1],
  ['abs of −0', f.float1('abs', f.float(-0)), 0],
  ['negation of 0', f.neg(f.float(0)), -0],
  ['sqrt of a negative number', f.float1('sqrt', f.float(-1)), NAN],
  ['exp', f.float1('exp', f.float(1)), Math.E],
  ['log of a negative number', f.float1('log', f.float(-1)), NAN],
  ['asinh', f.float1('asinh', f.float(0)), 0],
  ['atan2', f.float2('atan2', f.float(-0), f.float(-1)), -Math.PI],
  ['hypot', f.float2('hypot', f.float(3), f.float(-4)), 5],
  ['pow', f.float2('pow', f.float(2), f.float(-1)), 0.5],
  ['anything to the 0', f.float2('pow', f.float(NAN), f.float(0)), 1],
  ['NaN differs from itself', f.compare('ne', f.float(NAN), f.float(NAN)), true],
  ['NaN is not less', f.compare('lt', f.float(NAN), f.float(1)), false],
  ['NaN is not at least', f.compare('ge', f.float(NAN), f.float(1)), false],
  ['−0 equals 0', f.compare('eq', f.float(-0), f.float(0)), true],
  ['a uint past 2^63 is more than any int', f.compare('gt', f.uint(2n ** 63n), f.int(MAX)), true],
  ['a negative int is less than a uint', f.compare('lt', f.int(-1), f.uint(2n ** 64n - 1n)), true],
  ['a negative int is not the uint of its bits', f.compare('eq', f.int(-1), f.uint(2n ** 64n - 1n)), false],
  ['uints compare unsigned', f.compare('le', f.uint(2n ** 63n), f.uint(1n)), false],
  ['bools compare', f.compare('eq', f.bool(true), f.bool(false)), false],
  ['strings compare', f.compare('ne', f.string('a'), f.string('b')), true],
  ['a uint past 2^63 as float', f.toFloat(f.uint(2n ** 64n - 1n)), 2 ** 64],
  ['an int as float, tie to even', f.toFloat(f.int(2n ** 53n + 1n)), 2 ** 53],
  ['a uint as float, just above a tie', f.toFloat(f.uint(2n ** 63n + 1025n)), 2 ** 63 + 2048],
  ['a uint as int has the same bits', f.toInt(f.uint(2n ** 64n - 1n)), -1n],
  ['a bool as int', f.toInt(f.bool(true)), 1n],
  ['a bool as float', f.toFloat(f.bool(true)), 1],
  ['in a range', f.inRanges(f.int(3), f.int(5), [1, 5, 5], [3, 1, 4], [3, 5, 7], [4, 0, 9]), true],
  ['at the end of a range', f.inRanges(f.int(3), f.int(7), [3, 1, 4], [3, 5, 7]), true],
  ['between ranges', f.inRanges(f.int(3), f.int(5), [3, 1, 4], [3, 6, 7]), false],
  ['in a range of another key', f.inRanges(f.int(3), f.int(5), [2, 0, 9], [4, 0, 9]), false],
  ['before the first range', f.inRanges(f.int(3), f.int(5), [4, 0, 9]), false],
  ['in none of no ranges', f.inRanges(f.int(3), f.int(5)), false],
  ['in a range up to 2^32', f.inRanges(f.int(0xffffffff), f.int(0xffffffff), [0xffffffff, 2, 0xffffffff]), true],
  ['a key past 32 bits', f.inRanges(f.int(2 ** 32 + 3), f.int(5), [3, 0, 9]), false],
  ['a negative key', f.inRanges(f.int(-1), f.int(5), [0xffffffff, 0, 0xffffffff]), false],
  ['a value past 32 bits', f.inRanges(f.int(3), f.int(2 ** 32), [3, 0, 9], [4, 0, 9]), false],
  ['a negative value', f.inRanges(f.int(3), f.int(-1), [2, 0, 0xffffffff], [3, 0, 0xffffffff]), false],
  ['a missing key', f.inRanges(f.none(f.INT), f.int(5), [0, 0, 9]), undefined],
  ['xor', f.logic('xor', f.bool(true), f.bool(true)), false],
  ['false and missing', f.logic('and', f.bool(false), f.none(f.BOOL)), false],
  ['missing and false', f.logic('and', f.none(f.BOOL), f.bool(false)), false],
  ['true and missing', f.logic('and', f.bool(true), f.none(f.BOOL)), undefined],
  ['missing or true', f.logic('or', f.none(f.BOOL), f.bool(true)), true],
  ['false or missing', f.logic('or', f.bool(false), f.none(f.BOOL)), undefined],
  ['true xor missing', f.logic('xor', f.bool(true), f.none(f.BOOL)), undefined],
  ['not missing', f.not(f.none(f.BOOL)), undefined],
  ['a condition that is missing', f.cond(f.none(f.BOOL), f.int(1), f.int(2)), undefined],
  ['the branch not taken may be missing', f.cond(f.bool(true), f.int(1), f.none(f.INT)), 1n],
  ['the branch taken is missing', f.cond(f.bool(false), f.int(1), f.none(f.INT)), undefined],
  ['missing is missing', f.isMissing(f.none(f.INT)), true],
  ['fill of missing', f.fillMissing(f.none(f.INT), f.int(4)), 4n],
  ['fill of 0', f.fillMissing(f.int(0), f.int(4)), 0n],
  ['fill of missing by missing', f.fillMissing(f.none(f.INT), f.none(f.INT)), undefined],
  ['arithmetic with missing', f.arith('add', f.none(f.FLOAT), f.float(1)), undefined],
  ['extreme skips NaN', f.extreme('max', f.float(NAN), f.float(1), f.float(-2)), 1],
  ['extreme of NaN only', f.extreme('min', f.float(NAN), f.float(NAN)), NAN],
  ['extreme takes the first of equals', f.extreme('max', f.float(-0), f.float(0)), -0],
  ['extreme with missing', f.extreme('max', f.int(1), f.none(f.INT)), undefined],
  ['extreme of ints', f.extreme('min', f.int(3), f.int(MIN), f.int(MAX)), MIN],
  ['let of a missing value', f.bind(90, f.none(f.INT), f.int(1)), undefined],
  [
    'let hides an outer let',
    f.bind(90, f.int(1), f.arith('add', f.bind(90, f.int(10), f.variable(90, f.INT)), f.variable(90, f.INT))),
    11n,
  ],
];

/** Expressions with their value in each of the four events. */
export const perEvent: [string, Expr, ProbeValue[]][] = [
  ['a nullable float32 column', met, [10.5, undefined, NAN, -0]],
  ['an int64 column', run, [MAX, MIN, -7n, 0n]],
  ['a uint64 column', event, [1n, 2n ** 53n + 1n, 2n ** 64n - 1n, 2n ** 63n]],
  ['a nullable bool column', flag, [true, false, undefined, true]],
  [
    'a string column',
    f.compare('eq', f.column('name', f.STRING, true), f.string('mu')),
    [true, false, undefined, true],
  ],
  [
    'a string that is in no dictionary',
    f.compare('ne', f.column('name', f.STRING, true), f.string('tau')),
    [true, true, undefined, true],
  ],
  ['isnan', f.isnan(met), [false, undefined, true, false]],
  ['int against uint', f.compare('lt', run, event), [false, true, true, true]],
  ['mod by a column that may be zero', f.arith('mod', f.int(10), run), [10n, MIN + 10n, -4n, undefined]],
  ['len', f.len(muons()), [2n, 0n, 1n, 3n]],
  ['sum skips nothing but missing', f.reduce('sum', muons(), 1, pt(muon(1))), [50, 0, NAN, 60]],
  ['sum of ints', f.reduce('sum', muons(), 1, charge(muon(1))), [0n, 0n, 1n, -1n]],
  ['sum skips missing', f.reduce('sum', muons(), 1, iso(muon(1))), [0.5, 0, 0, NAN]],
  ['sum of −0 starts from 0', f.reduce('sum', muons(), 1, f.neg(f.float(0))), everywhere(0)],
  ['mean', f.reduce('mean', muons(), 1, pt(muon(1))), [25, undefined, NAN, 20]],
  ['mean of what is there', f.reduce('mean', muons(), 1, iso(muon(1))), [0.5, undefined, undefined, NAN]],
  [
    'min skips NaN; of nothing else it is missing',
    f.reduce('min', muons(), 1, pt(muon(1))),
    [20, undefined, undefined, 5],
  ],
  ['max of ints', f.reduce('max', muons(), 1, charge(muon(1))), [1n, undefined, 1n, 1n]],
  ['argmin takes the first of equals', f.reduce('argmin', muons(), 1, pt(muon(1))), [1n, undefined, undefined, 0n]],
  [
    'argmax counts missing positions',
    f.reduce('argmax', muons(), 1, f.neg(iso(muon(1)))),
    [0n, undefined, undefined, 2n],
  ],
  ['any', f.reduce('any', muons(), 1, f.compare('gt', pt(muon(1)), f.float(25))), [true, false, false, true]],
  ['all', f.reduce('all', muons(), 1, f.compare('gt', pt(muon(1)), f.float(4))), [true, true, false, true]],
  [
    'any takes missing for false',
    f.reduce('any', muons(), 1, f.compare('lt', iso(muon(1)), f.float(9))),
    [true, false, false, true],
  ],
  [
    'all takes missing for false',
    f.reduce('all', muons(), 1, f.compare('lt', iso(muon(1)), f.float(9))),
    [false, true, false, false],
  ],
  ['first item', pt(f.at(muons(), f.int(0))), [30, undefined, NAN, 5]],
  ['last item', pt(f.at(muons(), f.int(-1))), [20, undefined, NAN, 5]],
  ['index past the start', pt(f.at(muons(), f.int(-2))), [30, undefined, undefined, 50]],
  ['index far out', pt(f.at(muons(), f.int(MIN))), everywhere(undefined)],
  ['pick of the smallest key', charge(f.pick('min', muons(), 1, f.neg(pt(muon(1))))), [1n, undefined, undefined, 1n]],
  ['pick skips missing and NaN keys', pt(f.pick('max', muons(), 1, iso(muon(1)))), [30, undefined, undefined, 50]],
  [
    'a reference out of range is missing',
    f.reduce('sum', muons(), 1, jetPt(f.reference('Jet', f.field(muon(1), 'Muon_jetIdx', f.INT)))),
    [40, 0, 0, 77],
  ],
  ['a reference by a huge index', jetPt(f.reference('Jet', f.int(2n ** 32n))), everywhere(undefined)],
  [
    'is the last jet the one of muon 0',
    f.same(f.at(jets(), f.int(-1)), f.reference('Jet', f.field(f.at(muons(), f.int(0)), 'Muon_jetIdx', f.INT))),
    [true, undefined, undefined, true],
  ],
  [
    'a component of a vector',
    f.component(f.vector('pxPyPzE', f.float(1), f.float(2), f.float(3), met), 3),
    [10.5, undefined, NAN, -0],
  ],
  [
    'E of a vector with negative mass squared',
    f.component(f.vector('ptEtaPhiM', f.float(3), f.float(0), f.float(0), f.float(-4)), 3),
    everywhere(0),
  ],
  [
    'sum of vectors, minus one, scaled',
    f.component(
      f.vectorScale(
        f.vectorArith(
          'sub',
          f.reduce('sum', muons(), 1, f.vector('pxPyPzE', pt(muon(1)), f.float(0), f.float(0), f.float(1))),
          f.vector('pxPyPzE', f.float(1), f.float(0), f.float(0), f.float(0)),
        ),
        f.float(2),
      ),
      0,
    ),
    [98, -2, NAN, 118],
  ],
  [
    'any over pairs of jets inside a sum over muons',
    f.reduce(
      'sum',
      muons(),
      1,
      f.toFloat(f.reduce('any', jets(), 2, f.compare('lt', pt(muon(1)), jetPt(f.variable(2, JET))))),
    ),
    [2, 0, 0, 2],
  ],
  [
    'an inner loop hides the outer one’s variable',
    f.reduce(
      'sum',
      muons(),
      1,
      f.arith('add', f.toFloat(f.reduce('sum', muons(), 1, charge(muon(1)))), f.toFloat(charge(muon(1)))),
    ),
    [0, 0, 2, -4],
  ],
];

export const id = (item: Expr): Expr => item;
const tupleSum =
  (n: number) =>
  (tuple: Expr): Expr =>
    Array.from({ length: n }, (_, k) => f.part(tuple, k)).reduce(
      (sum, next) => f.arith('add', f.arith('mul', f.int(10), sum), next),
      f.int(0),
    );
const numbers = f.literal(f.int(1), f.int(2), f.int(3));
export const gappy = f.literal(f.float(3), f.none(f.FLOAT), f.float(NAN), f.float(1), f.float(-0), f.float(0));
const item = (type = f.FLOAT, optional = false): Expr => f.variable(1, type, optional);

/** Lists with their values in each of the four events. */
export const lists: [string, List, (item: Expr) => Expr, ProbeValue[][]][] = [
  ['a base collection', muons(), pt, [[30, 20], [], [NAN], [5, 50, 5]]],
  ['a bool field', muons(), (m) => f.field(m, 'Muon_tight', f.BOOL), [[true, false], [], [false], [true, true, true]]],
  ['a filter', f.filter(muons(), 1, f.compare('gt', pt(muon(1)), f.float(10))), pt, [[30, 20], [], [], [50]]],
  [
    'a filter takes missing for false',
    f.filter(muons(), 1, f.compare('ne', iso(muon(1)), f.float(0))),
    charge,
    [[1n], [], [], [-1n, 1n, -1n]],
  ],
  [
    'a filter of a filter',
    f.filter(
      f.filter(muons(), 1, f.compare('gt', pt(muon(1)), f.float(10))),
      1,
      f.compare('lt', charge(muon(1)), f.int(0)),
    ),
    pt,
    [[20], [], [], []],
  ],
  ['the first two', f.slice(muons(), undefined, f.int(2)), pt, [[30, 20], [], [NAN], [5, 50]]],
  ['all but the first', f.slice(muons(), f.int(1)), pt, [[20], [], [], [50, 5]]],
  ['the last two', f.slice(muons(), f.int(-2)), pt, [[30, 20], [], [NAN], [50, 5]]],
  ['all but the last', f.slice(muons(), undefined, f.int(-1)), pt, [[30], [], [], [5, 50]]],
  ['a slice with bounds that cross', f.slice(muons(), f.int(2), f.int(1)), pt, [[], [], [], []]],
  ['a slice with huge bounds', f.slice(muons(), f.int(MIN), f.int(MAX)), pt, [[30, 20], [], [NAN], [5, 50, 5]]],
  ['a slice with a missing bound', f.slice(muons(), f.none(f.INT)), pt, [[], [], [], []]],
  ['a sort puts NaN last', f.sort(muons(), 1, pt(muon(1))), pt, [[20, 30], [], [NAN], [5, 5, 50]]],
  [
    'a sort is stable',
    f.sort(muons(), 1, pt(muon(1))),
    (m) => f.field(m, 'Muon_jetIdx', f.INT),
    [[-1n, 0n], [], [0n], [1n, 0n, 2n]],
  ],
  [
    'a reverse sort is stable',
    f.sort(muons(), 1, pt(muon(1)), true),
    (m) => f.field(m, 'Muon_jetIdx', f.INT),
    [[0n, -1n], [], [0n], [2n, 1n, 0n]],
  ],
  ['a sort by ints', f.sort(muons(), 1, charge(muon(1))), charge, [[-1n, 1n], [], [1n], [-1n, -1n, 1n]]],
  [
    'a sort by uints is unsigned',
    f.sort(f.literal(f.uint(2n ** 63n), f.uint(1n)), 1, item(f.UINT)),
    id,
    [
      [1n, 2n ** 63n],
      [1n, 2n ** 63n],
      [1n, 2n ** 63n],
      [1n, 2n ** 63n],
    ],
  ],
  [
    'NaN, then missing come last',
    f.sort(gappy, 1, item(f.FLOAT, true)),
    id,
    Array(4).fill([-0, 0, 1, 3, NAN, undefined]),
  ],
  [
    'NaN, then missing come last in reverse',
    f.sort(gappy, 1, item(f.FLOAT, true), true),
    id,
    Array(4).fill([3, 1, -0, 0, NAN, undefined]),
  ],
  ['pairs', f.combinations(numbers, 2), tupleSum(2), Array(4).fill([12n, 13n, 23n])],
  [
    'triples',
    f.combinations(f.literal(f.int(1), f.int(2), f.int(3), f.int(4)), 3),
    tupleSum(3),
    Array(4).fill([123n, 124n, 134n, 234n]),
  ],
  ['too few for a combination', f.combinations(numbers, 4), tupleSum(4), [[], [], [], []]],
  [
    'pairs of muons',
    f.combinations(muons(), 2),
    (t) => f.arith('sub', pt(f.part(t, 0)), pt(f.part(t, 1))),
    [[10], [], [], [-45, 0, 45]],
  ],
  [
    'a cartesian product, last one fastest',
    f.cartesian(numbers, f.literal(f.int(7), f.int(8))),
    tupleSum(2),
    Array(4).fill([17n, 18n, 27n, 28n, 37n, 38n]),
  ],
  [
    'a cartesian product with an empty list',
    f.cartesian(muons(), jets()),
    (t) => jetPt(f.part(t, 1)),
    [[40, 40], [], [], [33, 44, 33, 44, 33, 44]],
  ],
  [
    'a concatenation of two collections',
    f.concatenate(jets(), muons()),
    (u) =>
      f.match(u, [
        { id: 5, body: jetPt(f.variable(5, JET)) },
        { id: 5, body: f.neg(pt(muon(5))) },
      ]),
    [[40, -30, -20], [60, 25], [NAN], [33, 44, -5, -50, -5]],
  ],
  [
    'a concatenation of equal types',
    f.concatenate(f.slice(muons(), f.int(1)), f.slice(muons(), undefined, f.int(1))),
    pt,
    [[20, 30], [], [NAN], [50, 5, 5]],
  ],
  ['a map', f.map(muons(), 1, f.arith('mul', f.float(2), pt(muon(1)))), id, [[60, 40], [], [NAN], [10, 100, 10]]],
  ['a map to missing values', f.map(muons(), 1, iso(muon(1))), id, [[0.5, undefined], [], [undefined], [NAN, 2, 1]]],
  [
    'a map over missing values',
    f.map(f.map(muons(), 1, iso(muon(1))), 2, f.isMissing(f.variable(2, f.FLOAT, true))),
    id,
    [[false, true], [], [true], [false, false, false]],
  ],
  [
    'a flatMap',
    f.flatMap(muons(), 1, f.filter(jets(), 2, f.compare('lt', pt(muon(1)), jetPt(f.variable(2, JET))))),
    jetPt,
    [[40, 40], [], [], [33, 44, 33, 44]],
  ],
  [
    'values of a nested comprehension',
    f.flatMap(muons(), 1, f.map(jets(), 2, f.arith('sub', jetPt(f.variable(2, JET)), pt(muon(1))))),
    id,
    [[10, 20], [], [], [28, 39, -17, -6, 28, 39]],
  ],
];
