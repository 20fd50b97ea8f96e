import { type Axis, axisBins } from './axis.ts';
import { exp, log } from './elementary.ts';

/**
 * The edges of an axis's bins, one more than the bins. Regular axes: boost-histogram's
 * `(1 − z)·min + z·max` with z = i / bins, in x, log x or √x; first and last are the axis's own limits. Categories and booleans
 * have a bin of width 1 each, from 0. The same bits on every machine.
 */
export function axisEdges(axis: Axis): Float64Array {
  if (axis.type === 'variable') return Float64Array.from(axis.edges);
  const bins = axisBins(axis);
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => i);
  if (axis.type !== 'regular') return edges;
  const { lo, hi, scale } = axis;
  const forward = { linear: (x: number) => x, log, sqrt: Math.sqrt }[scale];
  const inverse = { linear: (x: number) => x, log: exp, sqrt: (x: number) => x * x }[scale];
  const min = forward(lo);
  const max = forward(hi);
  for (let i = 1; i < bins; i++) {
    const z = i / bins;
    edges[i] = inverse((1 - z) * min + z * max);
  }
  edges[0] = lo;
  edges[bins] = hi;
  return edges;
}

/** Where a bin's content stands in a plot and in means: the middle of its edges, whatever the scale. */
export function axisCentres(axis: Axis): Float64Array {
  const edges = axisEdges(axis);
  return Float64Array.from({ length: edges.length - 1 }, (_, i) => edges[i] + (edges[i + 1] - edges[i]) / 2);
}
