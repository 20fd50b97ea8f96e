/** What a cube's run filled, as sums from which any brush is read off in a time that hangs on the bins of the plots alone. */
import { axisExtent, hasUnderflow } from '../hist/axis.ts';
import { binCount } from '../hist/contents.ts';
import { Cumulative, type EdgeRange } from '../hist/cumulative.ts';
import type { Histogram } from '../hist/histogram.ts';
import type { Brush, BrushRange } from './brush.ts';
import type { BrushRow } from './brushed.ts';
import type { CubePart, CubePartKind, CubePlan } from './cube.ts';
import { snapRange } from './fineAxis.ts';

/** A number for each bin of a plot, or one for each data set, as the sum of parts. */
interface Answer {
  histogram: Histogram;
  parts: { kind: CubePartKind; values: Cumulative; variances?: Cumulative }[];
}

export class CubeIndex {
  readonly plan: CubePlan;
  readonly #plots = new Map<string, Answer>();
  readonly #rows: { brush: number; what: 'events' | 'weights'; answer: Answer }[] = [];
  readonly #shown = new Map<string, Histogram>();

  private constructor(plan: CubePlan) {
    this.plan = plan;
  }

  /**
   * The index of a run, part by part: each takes some milliseconds at most, and between them others may have the thread.
   * @param result histograms of the run of `plan.document`
   * @returns with the last part the index
   * @throws Error where the histograms are those of another document
   */
  static *parts(
    plan: CubePlan,
    result: readonly { name: string; histogram: Histogram }[],
  ): Generator<undefined, CubeIndex> {
    const filled = new Map(result.map(({ name, histogram }) => [name, histogram]));
    const hasSets = plan.document.datasets.length > 1;
    const index = new CubeIndex(plan);
    for (const { plot, row, parts, fixed } of plan.answers) {
      const answer =
        fixed === undefined ? answerOf(parts, filled, hasSets) : { histogram: found(filled, fixed), parts: [] };
      if (plot !== undefined) {
        index.#plots.set(plot, answer);
        index.#shown.set(plot, answer.histogram);
      }
      if (row) index.#rows.push({ ...row, answer });
      yield;
    }
    return index;
  }

  /** The bounds of the index that are nearest to a brush's. @throws Error where the brush is on other axes */
  nearest(brush: Brush): Brush {
    const { axes, bounds } = this.plan;
    const ranges = axes.map((axis, k): BrushRange => {
      const range = brush.ranges.find((one) => one.axis === axis);
      if (!range) throw new Error(`the index is not by axis ${axis}`);
      const fine = { kind: 'numbers' as const, edges: bounds[k], bounds: bounds[k] };
      const [from, to] = snapRange(fine, range.from, range.to);
      return { axis, from, to };
    });
    return { ...brush, ranges };
  }

  /**
   * The other plots under a brush, and all rows that brushes add to the cutflow, by data set. The same objects with other numbers each
   * time; how many entries there were is known of counts alone, and NaN for weights.
   * @throws Error where the brush does not lie on bounds of the index
   */
  slice(brush: Brush): { plots: ReadonlyMap<string, Histogram>; rows: Omit<BrushRow, 'name'>[][] } {
    const edges = this.#edges(brush);
    if (!edges) throw new Error('the brush does not lie on bounds of the index');
    for (const answer of this.#plots.values()) fill(answer, edges);
    for (const { answer } of this.#rows) fill(answer, edges);
    return { plots: this.#shown, rows: this.#allRows() };
  }

  /** Positions of the brush's bounds, in the order of the index's axes. */
  #edges({ histogram, ranges }: Brush): EdgeRange[] | undefined {
    const { active, axes, bounds } = this.plan;
    if (histogram !== active || ranges.length !== axes.length) return undefined;
    const edges = axes.map((axis, k): EdgeRange | undefined => {
      const range = ranges.find((one) => one.axis === axis);
      return range && edgesOf(bounds[k], range);
    });
    return edges.every((one) => one !== undefined) ? edges : undefined;
  }

  #allRows(): Omit<BrushRow, 'name'>[][] {
    const { document, brushes } = this.plan;
    const count = Math.max(1, document.datasets.length);
    const rows = Array.from({ length: count }, () => brushes.map(() => ({ events: 0, sumw: 0, sumw2: 0 })));
    for (const { brush, what, answer } of this.#rows) {
      const { histogram } = answer;
      for (let set = 0; set < count; set++) {
        // Fixed ones have a bin between flow bins; the others are but one number.
        const at = answer.parts.length > 0 ? set : 3 * set + 1;
        const value = histogram.values[at];
        if (what === 'events') rows[set][brush] = { events: value, sumw: value, sumw2: value };
        else Object.assign(rows[set][brush], { sumw: value, sumw2: histogram.variances?.[at] ?? value });
      }
    }
    return rows;
  }
}

function edgesOf(bounds: Float64Array, { from, to }: BrushRange): EdgeRange | undefined {
  const [a, b] = [bounds.indexOf(from), bounds.indexOf(to)];
  return a >= 0 && b > a ? [a, b] : undefined;
}

function found(filled: ReadonlyMap<string, Histogram>, name: string): Histogram {
  const histogram = filled.get(name);
  if (!histogram) throw new Error(`the run has no ${name}`);
  return histogram;
}

/** The parts' sums, and a histogram to add them up in: without the leading axes, with that of the data sets. */
function answerOf(parts: readonly CubePart[], filled: ReadonlyMap<string, Histogram>, hasSets: boolean): Answer {
  const [first] = parts;
  const { axes, storage, metadata } = found(filled, first.name);
  const own = axes.slice((hasSets ? 1 : 0) + leading(first.kind));
  const kept = hasSets ? [axes[0], ...own] : own;
  const size = binCount(kept);
  const histogram: Histogram = {
    axes: kept,
    storage,
    values: new Float64Array(size),
    ...(storage === 'weighted' && { variances: new Float64Array(size) }),
    entries: 0,
    missing: 0,
    metadata,
  };
  return { histogram, parts: parts.map(({ kind, name }) => cumulated(kind, found(filled, name), hasSets)) };
}

const leading = (kind: CubePartKind): number => (kind === 'interval' ? 1 : 2);

function cumulated(kind: CubePartKind, histogram: Histogram, hasSets: boolean): Answer['parts'][number] {
  const { axes, storage, values, variances } = histogram;
  const start = hasSets ? 1 : 0;
  const lead = axes.slice(start, start + leading(kind));
  const shape = {
    outer: hasSets ? axisExtent(axes[0]) : 1,
    stored: lead.map(axisExtent),
    first: lead.map((axis) => (hasUnderflow(axis) ? 1 : 0)),
    bins: lead.map((axis) => axisExtent(axis) - (hasUnderflow(axis) ? 2 : axis.type === 'boolean' ? 0 : 1)),
    inner: binCount(axes.slice(start + lead.length)),
  };
  return {
    kind,
    values: new Cumulative(values, shape, storage === 'count'),
    ...(variances && { variances: new Cumulative(variances, shape, false) }),
  };
}

function fill({ histogram, parts }: Answer, edges: readonly EdgeRange[]): void {
  if (parts.length === 0) return;
  const { values, variances, storage } = histogram;
  values.fill(0);
  variances?.fill(0);
  for (const part of parts) {
    // Of a pair, the value before lies below the brush.
    const ranges: readonly EdgeRange[] = part.kind === 'pairs' ? [[0, edges[0][0]], edges[0]] : edges;
    part.values.add(values, ranges);
    if (variances) part.variances?.add(variances, ranges);
  }
  histogram.entries = storage === 'count' ? values.reduce((sum, n) => sum + n, 0) : Number.NaN;
}
