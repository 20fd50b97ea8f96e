import { expect, it } from 'vitest';
import { Nodes } from './nodes.ts';
import { boundIn, knownIn, type Scope } from './scopes.ts';
import type { Expr } from './typedForm.ts';
import { Usage } from './usage.ts';

it('a named value counts until a scope binds a variable that it reads', () => {
  const x: Expr = { op: 'var', type: { kind: 'float' }, optional: false, id: 1 };
  const one = new Nodes().float(1);
  const usage = new Usage([x, one]);
  const outer: Scope<string, string> = {
    parent: undefined,
    variables: new Map([[1, 'outer']]),
    values: new Map<Expr, string>([
      [x, 'named'],
      [one, 'constant'],
    ]),
  };
  const inner: Scope<string, string> = { parent: outer, variables: new Map([[1, 'inner']]), values: new Map() };
  expect(boundIn(inner, 1)).toBe('inner');
  expect(knownIn(outer, x, usage)).toBe('named');
  expect(knownIn(inner, x, usage)).toBeUndefined();
  expect(knownIn(inner, one, usage)).toBe('constant');
});
