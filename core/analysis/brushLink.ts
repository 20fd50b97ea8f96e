/**
 * Brushes in a link: `&brush=m_mumu:80..100,pt_eta:20..40x-1..1`. A range of another axis than the first (in a box, the second) names it:
 * `abc:3..5@2`.
 */
import type { Brush, BrushRange } from './brush.ts';

const NUMBER = String.raw`-?\d+(?:\.\d+)?(?:e[+-]?\d+)?`;
const RANGE = new RegExp(`^(${NUMBER})\\.\\.(${NUMBER})(?:@([0-8]))?$`);
/** Brushes that a link may hold. */
const MOST = 100;

/** The parameter for brushes on histograms that there are; empty if there are none. */
export function formatBrushes(brushes: readonly Brush[], histograms: readonly string[]): string {
  const known = brushes.filter(({ histogram }) => histograms.includes(histogram));
  const entries = known.map(({ histogram, ranges }) => {
    const parts = ranges.map(({ axis, from, to }, k) => `${from}..${to}${axis === k ? '' : `@${axis}`}`);
    return `${encodeURIComponent(histogram)}:${parts.join('x')}`;
  });
  return entries.length > 0 ? `&brush=${entries.join(',')}` : '';
}

/** The brushes that a hash holds; what is damaged is left aside. Whether the document has a place for them shows when it is known. */
export function parseBrushes(hash: string): Brush[] {
  const list = /&brush=([^&]*)/.exec(hash)?.[1] ?? '';
  const brushes = new Map<string, Brush>();
  for (const entry of list.split(',', MOST)) {
    const [coded = '', value = ''] = entry.split(':');
    const histogram = decoded(coded);
    const ranges = value.split('x', 3).map(parseRange);
    if (histogram === '' || ranges.length > 2 || !ranges.every((range) => range !== undefined)) continue;
    if (ranges[0]?.axis !== ranges[1]?.axis) brushes.set(histogram, { histogram, ranges });
  }
  return [...brushes.values()];
}

function parseRange(text: string, at: number): BrushRange | undefined {
  const [, lo, hi, axis] = RANGE.exec(text) ?? [];
  const [from, to] = [Number(lo), Number(hi)];
  if (lo === undefined || !Number.isFinite(to - from) || !(from < to)) return undefined;
  return { axis: axis === undefined ? at : Number(axis), from, to };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
