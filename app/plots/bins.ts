import { axisBins, hasOverflow, hasUnderflow } from '../../core/hist/axis.ts';
import { formatNumber } from '../numbers.ts';
import { binCentre, binName, type Ruler, type Series } from './series.ts';

/** A bin as it is drawn. */
export interface Bin {
  lo: number;
  hi: number;
  centre: number;
  /** Position along the axis: −1 for underflow, the number of bins for overflow. */
  at: number;
}

/** A bin with what it holds. */
export interface FilledBin extends Bin {
  content: number;
  error: number;
}

/** The bins of an axis in their order, flow bins beside them where they are wanted and there are any. */
export function binsOf(r: Ruler, flow: boolean): Bin[] {
  const bins: Bin[] = Array.from({ length: axisBins(r.axis) }, (_, at) => ({
    lo: r.edges[at]!,
    hi: r.edges[at + 1]!,
    centre: binCentre(r, at),
    at,
  }));
  const first = bins[0];
  const last = bins.at(-1);
  if (!flow || !first || !last) return bins;
  const width = flowWidth(r);
  const centre = (lo: number, hi: number) => (r.log ? Math.sqrt(lo * hi) : (lo + hi) / 2);
  if (hasUnderflow(r.axis)) {
    const lo = r.log ? first.lo / width : first.lo - width;
    bins.unshift({ lo, hi: first.lo, centre: centre(lo, first.lo), at: -1 });
  }
  if (hasOverflow(r.axis)) {
    const hi = r.log ? last.hi * width : last.hi + width;
    bins.push({ lo: last.hi, hi, centre: centre(last.hi, hi), at: last.at + 1 });
  }
  return bins;
}

/** What a bin is called: `60 – 62 GeV`, the category, or which flow bin it is. Writing numbers takes longer than drawing their bins. */
export function nameOf(r: Ruler, { at }: Bin): string {
  const unit = r.axis.unit ? ` ${r.axis.unit}` : '';
  if (at < 0) return `underflow: < ${formatNumber(r.edges[0]!, 5)}${unit}`;
  if (at < axisBins(r.axis)) return binName(r, at);
  return r.labels ? 'others' : `overflow: ≥ ${formatNumber(r.edges.at(-1)!, 5)}${unit} or NaN`;
}

/** The bins of a series as they are drawn. */
export function filledBins(one: Series, r: Ruler, flow: boolean): FilledBin[] {
  const last = one.contents.length;
  return binsOf(r, flow).map((bin) => {
    if (bin.at < 0) return { ...bin, ...one.underflow };
    if (bin.at >= last) return { ...bin, ...one.overflow };
    return { ...bin, content: one.contents[bin.at]!, error: one.errors[bin.at]! };
  });
}

/** The positions of the edges of bins in a row: one more than the bins. */
export function edgesOf(bins: readonly Bin[]): number[] {
  return [...bins.map((b) => b.lo), ...bins.slice(-1).map((b) => b.hi)];
}

/** Width of a drawn flow bin: 4 % of the axis, a factor on log axes; one bin of categories. */
function flowWidth(r: Ruler): number {
  const lo = r.edges[0]!;
  const hi = r.edges.at(-1)!;
  if (r.labels) return 1;
  return r.log ? (hi / lo) ** 0.04 : (hi - lo) * 0.04;
}
