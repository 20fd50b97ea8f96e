import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Axis } from './axis.ts';
import { axisEdges } from './edges.ts';
import { axisIndexer } from './indexer.ts';

/** Written by `fixtures/boost_histogram_indices.py`. */
const cases = JSON.parse(readFileSync(new URL('fixtures/boost_histogram_indices.json', import.meta.url), 'utf8')) as {
  axis: Axis;
  values: (number | string | boolean)[];
  indices: number[];
  edges?: (number | string)[];
}[];

const SPECIAL: Record<string, number> = { '-0.0': -0, inf: Infinity, '-inf': -Infinity, nan: Number.NaN };
const double = (x: number | string | boolean) => (typeof x === 'string' ? SPECIAL[x] : Number(x));

function readAxis(axis: Axis): Axis {
  return axis.type === 'intCategory' ? { ...axis, categories: axis.categories.map(BigInt) } : axis;
}

describe('every value lands where boost-histogram puts it', () => {
  test.each(cases.map((c) => [JSON.stringify(c.axis), c] as const))('%s', (_, { axis, values, indices }) => {
    const index = axisIndexer(readAxis(axis), Math);
    const plain = axis.type === 'strCategory' || axis.type === 'boolean';
    expect(values.map((value) => index(plain ? value : double(value)))).toEqual(indices);
  });
});

test.each(cases.filter((c) => c.edges).map((c) => [JSON.stringify(c.axis), c] as const))(
  'edges of %s are those of boost-histogram, to the last few bits',
  (_, { axis, edges = [] }) => {
    const ours = axisEdges(axis);
    expect(ours.length).toBe(edges.length);
    for (const [i, edge] of edges.entries()) {
      expect(Math.abs(ours[i] - double(edge))).toBeLessThanOrEqual(1e-13 * Math.abs(ours[i]));
    }
  },
);

test('integer categories compare by value, whether a bigint or a double holds it', () => {
  const index = axisIndexer({ type: 'intCategory', categories: [3n, -(2n ** 60n)] }, Math);
  expect([3, 3n, -0, 3.5, Number.NaN, -(2n ** 60n), -(2 ** 60), 2n ** 60n].map(index)).toEqual([
    0, 0, 2, 2, 2, 1, 1, 2,
  ]);
});
