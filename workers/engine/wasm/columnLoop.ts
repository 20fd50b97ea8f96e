import type { Expr, HistogramProgram, Program } from '../../../core/expr/typedForm.ts';
import { type Code, I32, type Local, V128 } from './code.ts';
import { binLayout, COPIES, type Filler, MAX_QUICK_BINS, quickMargin, regularLimits, TO_WHOLE } from './fill.ts';
import { cells } from './frame.ts';
import type { ColumnShape, Generator } from './generator.ts';

/**
 * The plainest histogram, a column of floats in equal bins, is also the commonest: a click on a column asks for it. Its values are
 * taken two at a time, with the same operations as one at a time, and filled four at a time, each into its own private copy.
 */
export interface ColumnFill {
  values: Column;
  weights?: Column;
}

interface Column {
  name: string;
  type: 'float32' | 'float64';
}

type Shapes = ReadonlyMap<string, ColumnShape>;

/** The column that an expression is, if it is one of floats that are always there. */
function floatColumn(expr: Expr | undefined, shapes: Shapes): Column | undefined {
  if (expr?.op !== 'column' && expr?.op !== 'field') return undefined;
  const shape = shapes.get(expr.column);
  if (!shape || shape.nullable || (shape.type !== 'float32' && shape.type !== 'float64')) return undefined;
  return { name: expr.column, type: shape.type };
}

/** Whether Σw over all events is all that the cutflow needs: then no event has to be looked at by itself for it. */
export function plainWeight(program: Program, shapes: Shapes): Column | 'none' | undefined {
  if (program.cuts.length > 0) return undefined;
  if (!program.weight) return 'none';
  return program.weight.op === 'column' ? floatColumn(program.weight, shapes) : undefined;
}

/** What to fill from, where a histogram is a column in equal bins and the cutflow needs no event loop. */
export function columnFill(program: Program, histogram: HistogramProgram, shapes: Shapes): ColumnFill | undefined {
  const { per, axes, select, weight } = histogram;
  const eventWeight = plainWeight(program, shapes);
  const [{ axis, value }] = axes;
  if (!eventWeight || select || axes.length > 1 || axis.type !== 'regular' || axis.scale !== 'linear') return undefined;
  if (axis.bins > MAX_QUICK_BINS || binLayout(histogram).copies !== COPIES) return undefined;
  const values = floatColumn(value, shapes);
  if (!values) return undefined;
  if (per) {
    const own = value.op === 'field' && value.item.op === 'var' && value.item.id === per.var && per.list.op === 'base';
    return own && eventWeight === 'none' && !weight ? { values } : undefined;
  }
  if (value.op !== 'column') return undefined;
  if (!weight) return eventWeight === 'none' ? { values } : { values, weights: eventWeight };
  const weights = weight.op === 'column' ? floatColumn(weight, shapes) : undefined;
  return weights && eventWeight === 'none' ? { values, weights } : undefined;
}

const size = ({ type }: Column): number => (type === 'float32' ? 4 : 8);

/** Two values of a column from `position` + `skip` on, as doubles, on the stack. */
function loadPair(g: Generator, column: Column, position: Local, skip: number): void {
  const { code } = g;
  const shift = Math.log2(size(column));
  code
    .get(position)
    .i32(shift)
    .op('i32.shl')
    .get(g.pointer(cells.values(column.name)))
    .op('i32.add');
  if (column.type === 'float32') code.v128Load64(skip * 4).simd('f64x2.promote_low_f32x4');
  else code.v128Load(skip * 8);
}

/** Runs `fours` for aligned groups of four positions, `one` for what is left over or where `fours` declines. */
function byFours(g: Generator, position: Local, end: Local, fours: (taken: () => void) => void, one: () => void): void {
  const { code } = g;
  code.block((done) => {
    code.loop((again) => {
      code.get(position).get(end).op('i32.ge_u').brIf(done);
      code
        .get(position)
        .i32(COPIES - 1)
        .op('i32.and')
        .op('i32.eqz');
      code.get(end).get(position).op('i32.sub').i32(COPIES).op('i32.ge_u').op('i32.and');
      code.if(() => fours(() => code.get(position).i32(COPIES).op('i32.add').set(position).br(again)));
      one();
      code.get(position).i32(1).op('i32.add').set(position).br(again);
    });
  });
}

/** Fills a histogram from `[position, end)` of its column. @param one the fill of a single position */
export function emitColumnLoop(
  g: Generator,
  histogram: HistogramProgram,
  { values, weights }: ColumnFill,
  [position, end]: [Local, Local],
  filler: Filler,
  one: () => void,
): void {
  const { code } = g;
  const [{ axis }] = histogram.axes;
  if (axis.type !== 'regular') throw new Error('not a regular axis');
  const limits = g.constants(regularLimits(axis));
  const everywhere = (push: () => void) => {
    push();
    return code.simd('f64x2.splat').hold(V128);
  };
  const low = everywhere(() => code.get(g.number(limits, 0)));
  const perUnit = everywhere(() => code.get(g.number(limits, 2)));
  const [half, under, over, whole, margin] = [0.5, -1, axis.bins, TO_WHOLE, 0.5 - quickMargin(axis)].map((value) =>
    everywhere(() => code.f64(value)),
  );
  byFours(
    g,
    position,
    end,
    (taken) => {
      // As in `regularIndex`; what is outside is first moved to the flow bins' own places, −1 and `bins`.
      const sums = [0, 2].map((skip) => {
        loadPair(g, values, position, skip);
        code.get(low).simd('f64x2.sub').get(perUnit).simd('f64x2.mul').get(half).simd('f64x2.sub');
        const place = code.get(under).simd('f64x2.pmax').get(over).simd('f64x2.pmin').hold(V128);
        const sum = code.get(place).get(whole).simd('f64x2.add').hold(V128);
        code.get(place).get(sum).get(whole).simd('f64x2.sub').simd('f64x2.sub').simd('f64x2.abs');
        code.get(margin).simd('f64x2.lt');
        return sum;
      });
      code.simd('v128.and').simd('i64x2.all_true');
      code.if(() => {
        const pairs = weights && [0, 2].flatMap((skip) => weightPairs(g, weights, position, skip));
        for (let k = 0; k < COPIES; k++) {
          code
            .get(sums[k >> 1])
            .extractLaneI32(k % 2 === 0 ? 0 : 2)
            .i32(1)
            .op('i32.add');
          filler.addAt(code.hold(I32), k, pairs?.[k]);
        }
        filler.countEntries(COPIES);
        taken();
      });
    },
    one,
  );
}

/** [w, w²] of two positions. */
function weightPairs(g: Generator, column: Column, position: Local, skip: number): Local[] {
  const { code } = g;
  loadPair(g, column, position, skip);
  const w = code.hold(V128);
  const w2 = code.get(w).get(w).simd('f64x2.mul').hold(V128);
  return [0, 1].map((lane) => code.get(w).get(w2).shuffleLanes(lane).hold(V128));
}

/** Σw and Σw² of events `[position, end)` into the copies of the cutflow's first row. */
export function emitWeightSums(g: Generator, column: Column, [position, end]: [Local, Local]): void {
  const { code, framePointer } = g;
  const at = g.frame.quads(cells.sums(0), COPIES);
  const sums = Array.from({ length: COPIES }, (_, k) =>
    code
      .get(framePointer)
      .v128Load(at + 16 * k)
      .hold(V128),
  );
  const store = () => {
    for (const [k, sum] of sums.entries())
      code
        .get(framePointer)
        .get(sum)
        .v128Store(at + 16 * k);
  };
  byFours(
    g,
    position,
    end,
    (taken) => {
      for (const [k, pair] of [0, 2].flatMap((skip) => weightPairs(g, column, position, skip)).entries()) {
        code.get(sums[k]).get(pair).simd('f64x2.add').set(sums[k]);
      }
      taken();
    },
    () => addOne(code, g, column, position, sums),
  );
  store();
}

/** One event's weight into the copy that its position tells. */
function addOne(code: Code, g: Generator, column: Column, position: Local, sums: Local[]): void {
  code
    .get(position)
    .i32(Math.log2(size(column)))
    .op('i32.shl')
    .get(g.pointer(cells.values(column.name)))
    .op('i32.add');
  if (column.type === 'float32') code.mem('f32.load').op('f64.promote_f32');
  else code.mem('f64.load');
  const w = code.simd('f64x2.splat').hold(V128);
  const pair = code.get(w).get(w).get(w).simd('f64x2.mul').shuffleLanes(0).hold(V128);
  for (const [k, sum] of sums.entries()) {
    code
      .get(position)
      .i32(COPIES - 1)
      .op('i32.and')
      .i32(k)
      .op('i32.eq');
    code.if(() => code.get(sum).get(pair).simd('f64x2.add').set(sum));
  }
}
