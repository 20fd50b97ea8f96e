import { expect, it } from 'vitest';
import { type Bounds, canBeTrue } from './interval.ts';
import type { Expr } from './typedForm.ts';

const int = { type: { kind: 'int' }, optional: false } as const;
const bool = { type: { kind: 'bool' }, optional: false } as const;
const column = (name: string): Expr => ({ ...int, op: 'column', column: name });

it('a product that a double rounds down to 2^53 may be above it', () => {
  const product: Expr = { ...int, op: 'arith', fn: 'mul', a: column('a'), b: column('b') };
  const cond: Expr = { ...bool, op: 'compare', fn: 'gt', a: product, b: { ...int, op: 'const', value: 2n ** 53n } };
  const bounds: Record<string, Bounds> = { a: [3, 3], b: [3002399751580331, 3002399751580331] };
  expect(3n * 3002399751580331n).toBe(2n ** 53n + 1n);
  expect(canBeTrue(cond, (name) => bounds[name])).toBe(true);
  expect(canBeTrue(cond, (name) => (name === 'a' ? [3, 3] : [1, 1000]))).toBe(false);
});
