import type { AxisProgram, HistogramProgram } from '../../../core/expr/typedForm.ts';
import { type Axis, axisExtent } from '../../../core/hist/axis.ts';
import { isTiled } from '../../../core/hist/contents.ts';
import { type Code, F64, I32, I64, type Label, type Local, V128 } from './code.ts';
import { cells } from './frame.ts';
import type { ConstantArray, Generator } from './generator.ts';
import type { Held } from './layout.ts';
import { walk } from './lists.ts';
import { tiledAddress } from './tileFill.ts';

/** Private copies of a small histogram, and of the cutflow's sums: fills in a row don't wait for each other's sum. A power of two. */
export const COPIES = 4;
/** Up to so many bins: four copies of Σw and Σw² then fit a second-level cache easily. */
const MAX_BINS_FOR_COPIES = 2048;

/** How a histogram lies in memory: `copies` times `stride` bytes; a bin is a count (i64), or Σw and Σw² (two f64), after them
 * the mean and Σw(s − mean)² where there is a sample. */
export interface BinLayout {
  /** Tiles, wherever they are; the rest is of dense histograms. */
  tiled: boolean;
  bins: number;
  binBytes: 8 | 16 | 32;
  copies: number;
  /** A power of two where there is more than one copy. */
  stride: number;
}

const BIN_BYTES = { count: 8, weighted: 16, mean: 32 } as const;

export function binLayout(histogram: HistogramProgram): BinLayout {
  const bins = histogram.axes.reduce((product, { axis }) => product * axisExtent(axis), 1);
  const binBytes = BIN_BYTES[histogram.storage];
  const tiled = isTiled(histogram.axes.map(({ axis }) => axis));
  // A mean depends on the order of its fills: they all go to one place.
  if (bins > MAX_BINS_FOR_COPIES || histogram.storage === 'mean')
    return { tiled, bins, binBytes, copies: 1, stride: bins * binBytes };
  return { tiled, bins, binBytes, copies: COPIES, stride: 2 ** Math.ceil(Math.log2(Math.max(1, bins * binBytes))) };
}

/** Where the mean and Σw(s − mean)² stand in a bin. */
const MEAN = 16;
const DELTAS = 24;

/** What fills of one histogram change, kept in locals during a slice. */
interface Counters {
  entries: Local;
  missing: Local;
  copy: Local;
}

/** Code for one histogram's fills: counters are loaded, filled and stored back by three pieces of code. */
export class Filler {
  private readonly g: Generator;
  private readonly k: number;
  private readonly histogram: HistogramProgram;
  private readonly layout: BinLayout;
  private readonly counters: Counters;

  constructor(g: Generator, k: number, histogram: HistogramProgram) {
    this.g = g;
    this.k = k;
    this.histogram = histogram;
    this.layout = binLayout(histogram);
    this.counters = { entries: g.code.local(I64), missing: g.code.local(I64), copy: g.code.local(I32) };
  }

  load(): void {
    const { g, k, counters } = this;
    g.code
      .get(g.framePointer)
      .mem('i64.load', g.frame.wide(cells.entries(k)))
      .set(counters.entries);
    g.code
      .get(g.framePointer)
      .mem('i64.load', g.frame.wide(cells.missing(k)))
      .set(counters.missing);
    g.code
      .get(g.framePointer)
      .mem('i32.load', g.frame.cell(cells.copy(k)))
      .set(counters.copy);
  }

  store(): void {
    const { g, k, counters } = this;
    g.code
      .get(g.framePointer)
      .get(counters.entries)
      .mem('i64.store', g.frame.wide(cells.entries(k)));
    g.code
      .get(g.framePointer)
      .get(counters.missing)
      .mem('i64.store', g.frame.wide(cells.missing(k)));
    g.code
      .get(g.framePointer)
      .get(counters.copy)
      .mem('i32.store', g.frame.cell(cells.copy(k)));
  }

  /** Fills for one event. @param eventWeight the document's weight, which is there; none where it has none */
  fill(eventWeight: Local | undefined): void {
    const { g, histogram } = this;
    const { per } = histogram;
    if (!per) return this.once(eventWeight, g.event);
    walk(g, per.list, (item) => g.within([[per.var, item]], () => this.once(eventWeight, undefined)));
  }

  /** One fill. @param position what tells the private copy; a counter of the fills does where there is none */
  once(eventWeight: Local | undefined, position: Local | undefined): void {
    const { g, histogram } = this;
    const { code } = g;
    code.block((skip) => {
      g.within([], () => {
        if (histogram.select) {
          g.prepare([histogram.select]);
          code.get(g.value(histogram.select).slots[0]).op('i32.eqz').brIf(skip);
        }
        const values = [histogram.weight, histogram.sample, ...histogram.axes.map((axis) => axis.value)];
        g.prepare(values.filter((value) => value !== undefined));
        const weight = this.weight(eventWeight, skip);
        const sample = histogram.sample && this.demand(g.value(histogram.sample), skip);
        const bin = this.bin(skip);
        if (sample) this.addSample(bin, weight, sample);
        else this.add(bin, weight, position);
      });
    });
  }

  /** Leaves the fill, counted as missing, where a value is not there. */
  private demand(value: Held, skip: Label): Local {
    const { code } = this.g;
    if (value.valid) {
      const { missing } = this.counters;
      code
        .get(value.valid)
        .op('i32.eqz')
        .if(() => code.get(missing).i64(1n).op('i64.add').set(missing).br(skip));
    }
    return value.slots[0];
  }

  private weight(eventWeight: Local | undefined, skip: Label): Local | undefined {
    const { g, histogram } = this;
    if (!histogram.weight) return eventWeight;
    const own = this.demand(g.value(histogram.weight), skip);
    return eventWeight ? g.code.get(eventWeight).get(own).op('f64.mul').hold(F64) : own;
  }

  /** Index of the bin among all, row-major; 64 bits wide for a histogram in tiles. */
  private bin(skip: Label): Local {
    const { g, histogram } = this;
    const indices = histogram.axes.map((axis) => axisIndex(g, axis, this.demand(g.value(axis.value), skip)));
    const extent = (k: number) => axisExtent(histogram.axes[k + 1].axis);
    const { code } = g;
    code.get(indices[0]);
    if (!this.layout.tiled) {
      for (const [k, index] of indices.slice(1).entries()) code.i32(extent(k)).op('i32.mul').get(index).op('i32.add');
      return code.hold(I32);
    }
    code.op('i64.extend_i32_u');
    for (const [k, index] of indices.slice(1).entries())
      code
        .i64(BigInt(extent(k)))
        .op('i64.mul')
        .get(index)
        .op('i64.extend_i32_u')
        .op('i64.add');
    return code.hold(I64);
  }

  private add(bin: Local, weight: Local | undefined, position: Local | undefined): void {
    const { g, layout, counters } = this;
    const { code } = g;
    this.binAddress(bin);
    if (layout.copies > 1 && position) {
      code
        .get(position)
        .i32(COPIES - 1)
        .op('i32.and')
        .i32(Math.log2(layout.stride))
        .op('i32.shl')
        .op('i32.add');
    } else if (layout.copies > 1) {
      code.get(counters.copy).op('i32.add');
      const last = layout.stride * layout.copies - 1;
      code.get(counters.copy).i32(layout.stride).op('i32.add').i32(last).op('i32.and').set(counters.copy);
    }
    let pair: Local | undefined;
    if (weight && layout.binBytes === 16) {
      weightAndSquare(code, weight);
      pair = code.hold(V128);
    }
    this.increase(code.hold(I32), 0, pair);
    this.countEntries(1);
  }

  /** Adds to a bin of private copy `copy`. @param pair w and w²; 1 and 1 where there is none */
  addAt(bin: Local, copy: number, pair: Local | undefined): void {
    this.binAddress(bin);
    this.increase(this.g.code.hold(I32), copy * this.layout.stride, pair);
  }

  /** `fillMean` of `core/hist/mean.ts`. */
  private addSample(bin: Local, weight: Local | undefined, sample: Local): void {
    const { code } = this.g;
    this.countEntries(1);
    this.binAddress(bin);
    const at = code.hold(I32);
    const w = weight ?? code.f64(1).hold(F64);
    const fill = () => {
      code.get(at).get(at).v128Load();
      weightAndSquare(code, w);
      code.simd('f64x2.add').v128Store();
      const before = code.get(at).mem('f64.load', MEAN).hold(F64);
      const weighted = code.get(w).get(sample).get(before).op('f64.sub').op('f64.mul').hold(F64);
      const mean = code.get(before).get(weighted).get(at).mem('f64.load').op('f64.div').op('f64.add').hold(F64);
      code.get(at).get(mean).mem('f64.store', MEAN);
      code.get(at).get(at).mem('f64.load', DELTAS);
      code.get(weighted).get(sample).get(mean).op('f64.sub').op('f64.mul').op('f64.add').mem('f64.store', DELTAS);
    };
    if (weight) code.get(w).f64(0).op('f64.ne').if(fill);
    else fill();
  }

  countEntries(fills: number): void {
    const { entries } = this.counters;
    this.g.code.get(entries).i64(BigInt(fills)).op('i64.add').set(entries);
  }

  /** Leaves the address of a bin in the first copy on the stack. */
  private binAddress(bin: Local): void {
    const { g, layout } = this;
    if (layout.tiled) {
      g.code.get(tiledAddress(g, this.k, bin, layout.binBytes));
      return;
    }
    const bins = g.pointer(cells.histogram(this.k));
    g.code.get(bin).i32(Math.log2(layout.binBytes)).op('i32.shl').get(bins).op('i32.add');
  }

  private increase(address: Local, offset: number, pair: Local | undefined): void {
    const { code } = this.g;
    code.get(address).get(address);
    if (this.layout.binBytes === 8) {
      code.mem('i64.load', offset).i64(1n).op('i64.add').mem('i64.store', offset);
      return;
    }
    // Σw and Σw² lie side by side: one addition for both.
    code.v128Load(offset);
    if (pair) code.get(pair);
    else code.f64(1).simd('f64x2.splat');
    code.simd('f64x2.add').v128Store(offset);
  }
}

/** w and w², side by side on the stack. */
export function weightAndSquare(code: Code, weight: Local): void {
  code.get(weight).simd('f64x2.splat').get(weight).get(weight).op('f64.mul').replaceLane(1);
}

/** Index of a value on an axis, flow bins included: the formulas of `core/hist`'s `axisIndexer`. */
function axisIndex(g: Generator, { axis, value }: AxisProgram, x: Local): Local {
  switch (axis.type) {
    case 'regular':
      return regularIndex(g, axis, x);
    case 'variable':
      return variableIndex(g, axis.edges, x);
    case 'boolean':
      return x;
    case 'intCategory': {
      const kind = value.type.kind;
      if (kind === 'float')
        return categoryIndex(g, { f64: axis.categories.map(Number) }, axis.categories.length, x, 'f64.eq');
      // An int column never holds what is past its range, a uint column nothing negative: such categories stay empty.
      const fits = (category: bigint) =>
        kind === 'uint' ? BigInt.asUintN(64, category) === category : BigInt.asIntN(64, category) === category;
      return categoryIndex(g, { i64: axis.categories }, axis.categories.length, x, 'i64.eq', axis.categories.map(fits));
    }
    case 'strCategory':
      for (const category of axis.categories) g.stringId(category);
      return categoryIndex(g, { strings: axis.categories }, axis.categories.length, x, 'i32.eq');
  }
}

/** Past so many bins the quick way's error could reach the distance that it keeps from the edges. */
export const MAX_QUICK_BINS = 1 << 20;

/** How near to a whole number the quick way is not to be trusted. */
export const quickMargin = ({ bins }: { bins: number }): number => bins * 2 ** -50;

/** Added and taken away again, it leaves the nearest whole number, whose low bits then stand at the end of the sum. */
export const TO_WHOLE = 1.5 * 2 ** 52;

/**
 * ⌊z · bins⌋ with z = (x − lo) / (hi − lo). The division is what costs: y = (x − lo) times bins / (hi − lo) differs from z · bins by less
 * than 2⁻⁵¹ of itself, so that both have the same floor unless a whole number is that near. Then, and for NaN, the formula itself is
 * used. Elsewhere ⌊y⌋ is y − ½ rounded to the nearest.
 */
function regularIndex(g: Generator, axis: Extract<Axis, { type: 'regular' }>, x: Local): Local {
  const { code } = g;
  const { bins, scale } = axis;
  const limits = g.constants(regularLimits(axis));
  code.get(x);
  if (scale === 'log') code.call('libm', 'log', [F64], [F64]);
  if (scale === 'sqrt') code.op('f64.sqrt');
  const distance = code.get(g.number(limits, 0)).op('f64.sub').hold(F64);
  const index = code.local(I32);
  const choose = (isOver: () => void, isUnder: () => void) => {
    code.i32(bins + 1).get(index);
    isOver();
    code.op('select').set(index).i32(0).get(index);
    isUnder();
    code.op('select').set(index);
  };
  const exactly = () => {
    const z = code.get(distance).get(limits).mem('f64.load', 8).op('f64.div').hold(F64);
    code.get(z).f64(bins).op('f64.mul').truncI32().i32(1).op('i32.add').set(index);
    choose(
      () => code.get(z).f64(1).op('f64.lt').op('i32.eqz'),
      () => code.get(z).f64(0).op('f64.lt'),
    );
  };
  if (bins > MAX_QUICK_BINS) {
    exactly();
    return index;
  }
  const shifted = code.get(distance).get(g.number(limits, 2)).op('f64.mul').f64(0.5).op('f64.sub').hold(F64);
  const sum = code.get(shifted).f64(TO_WHOLE).op('f64.add').hold(F64);
  code
    .get(shifted)
    .get(sum)
    .f64(TO_WHOLE)
    .op('f64.sub')
    .op('f64.sub')
    .op('f64.abs')
    .f64(0.5 - quickMargin(axis))
    .op('f64.lt');
  code.if(() => {
    code.get(sum).op('i64.reinterpret_f64').op('i32.wrap_i64').i32(1).op('i32.add').set(index);
    choose(
      () =>
        code
          .get(shifted)
          .f64(bins - 0.5)
          .op('f64.ge'),
      () => code.get(shifted).f64(-0.5).op('f64.lt'),
    );
  }, exactly);
  return index;
}

/** Lower end and length of a regular axis in its scale, and bins per unit. The host works out those of a log axis with the libm. */
export function regularLimits({ lo, hi, scale, bins }: Extract<Axis, { type: 'regular' }>): ConstantArray {
  if (scale === 'log') return { logLimits: [lo, hi], bins };
  const [low, high] = scale === 'sqrt' ? [Math.sqrt(lo), Math.sqrt(hi)] : [lo, hi];
  return { f64: [low, high - low, bins / (high - low)] };
}

/** Number of edges that are not above x: NaN is past all of them. */
function variableIndex(g: Generator, edges: readonly number[], x: Local): Local {
  const { code } = g;
  const table = g.constants({ f64: edges });
  const low = code.i32(0).hold(I32);
  const high = code.i32(edges.length).hold(I32);
  code.block((end) => {
    code.loop((again) => {
      code.get(low).get(high).op('i32.ge_u').brIf(end);
      const middle = code.get(low).get(high).op('i32.add').i32(1).op('i32.shr_u').hold(I32);
      code
        .get(x)
        .get(middle)
        .i32(3)
        .op('i32.shl')
        .get(table)
        .op('i32.add')
        .mem('f64.load')
        .op('f64.lt')
        .if(
          () => code.get(middle).set(high),
          () => code.get(middle).i32(1).op('i32.add').set(low),
        );
      code.br(again);
    });
  });
  return low;
}

type Equal = 'f64.eq' | 'i64.eq' | 'i32.eq';

/** Position of the category that x equals; past all of them where there is none. */
function categoryIndex(
  g: Generator,
  array: ConstantArray,
  n: number,
  x: Local,
  equal: Equal,
  possible?: boolean[],
): Local {
  const { code } = g;
  const shift = equal === 'i32.eq' ? 2 : 3;
  const load = equal === 'i32.eq' ? 'i32.load' : equal === 'i64.eq' ? 'i64.load' : 'f64.load';
  const result = code.i32(n).hold(I32);
  const table = g.constants(array);
  if (possible?.some((fits) => !fits) || n <= 4) {
    for (let k = n - 1; k >= 0; k--) {
      if (possible && !possible[k]) continue;
      code
        .i32(k)
        .get(result)
        .get(x)
        .get(table)
        .mem(load, k << shift)
        .op(equal)
        .op('select')
        .set(result);
    }
    return result;
  }
  const index = code.i32(0).hold(I32);
  code.block((end) => {
    code.loop((again) => {
      code.get(index).i32(n).op('i32.ge_u').brIf(end);
      code
        .get(x)
        .get(index)
        .i32(shift)
        .op('i32.shl')
        .get(table)
        .op('i32.add')
        .mem(load)
        .op(equal)
        .if(() => code.get(index).set(result).br(end));
      code.get(index).i32(1).op('i32.add').set(index).br(again);
    });
  });
  return result;
}
