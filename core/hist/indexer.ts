import type { Axis, RegularAxis } from './axis.ts';

/** A coordinate: a number on numeric axes, else an integer, a string or a boolean. */
export type AxisValue = number | bigint | string | boolean;

/** The elementary functions of the engine at hand: all engines use one libm. √ is exact everywhere. */
export interface AxisMath {
  log(x: number): number;
}

/**
 * The function from a coordinate to its index in `[0, axisExtent(axis))`, flow bins included: on numeric axes 0 is
 * underflow and `bins + 1` overflow; on category axes `bins` is overflow.
 *
 * Formulas are those of boost-histogram (`axis::regular::index`, `axis::variable::index`): upper edges are open, the
 * last one too; NaN is overflow; on a log axis 0 is underflow and a negative number, whose log is NaN, overflow.
 */
export function axisIndexer(axis: Axis, math: AxisMath): (x: AxisValue) => number {
  switch (axis.type) {
    case 'regular':
      return regularIndexer(axis, math) as (x: AxisValue) => number;
    case 'variable':
      return ((x: number) => upperBound(axis.edges, x)) as (x: AxisValue) => number;
    case 'intCategory': {
      const index = new Map(axis.categories.map((category, i) => [category, i]));
      return (x) => (typeof x === 'bigint' || Number.isInteger(x) ? index.get(BigInt(x)) : undefined) ?? index.size;
    }
    case 'strCategory': {
      const index = new Map<AxisValue, number>(axis.categories.map((category, i) => [category, i]));
      return (x) => index.get(x) ?? index.size;
    }
    case 'boolean':
      return (x) => (x ? 1 : 0);
  }
}

function regularIndexer({ bins, lo, hi, scale }: RegularAxis, math: AxisMath): (x: number) => number {
  const forward = scale === 'log' ? math.log : scale === 'sqrt' ? Math.sqrt : (x: number) => x;
  const min = forward(lo);
  const delta = forward(hi) - min;
  return (x) => {
    const z = (forward(x) - min) / delta;
    if (z < 0) return 0;
    return z < 1 ? 1 + Math.floor(z * bins) : bins + 1;
  };
}

/** How many edges are not greater than x; all of them for NaN. */
function upperBound(edges: readonly number[], x: number): number {
  let from = 0;
  let to = edges.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (x < edges[middle]) to = middle;
    else from = middle + 1;
  }
  return from;
}
