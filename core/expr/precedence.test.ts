import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LumiscopeError } from '../errors.ts';
import type { Ast } from './ast.ts';
import { parseExpression } from './parse.ts';

type Tree = string | null | Tree[];

/** Expressions with the trees of Python's parser, null where it refuses (see `fixtures/precedence.py`). */
const cases: [string, Tree][] = JSON.parse(
  readFileSync(new URL('./fixtures/precedence.json', import.meta.url), 'utf8'),
);

/** Our tree in the words of the fixture. */
function tree(ast: Ast): Tree {
  switch (ast.kind) {
    case 'number':
    case 'string':
      return String(ast.value);
    case 'boolean':
      return ast.value ? 'True' : 'False';
    case 'none':
      return 'None';
    case 'name':
      return ast.name;
    case 'member':
      return ['.', tree(ast.object), ast.name];
    case 'index':
      return ['[]', tree(ast.object), tree(ast.index)];
    case 'slice':
      return ['[:]', tree(ast.object), ast.start ? tree(ast.start) : null, ast.stop ? tree(ast.stop) : null];
    case 'call':
      return [
        '()',
        tree(ast.callee),
        ...ast.args.map(tree),
        ...ast.keywords.map(({ name, value }) => ['=', name, tree(value)]),
      ];
    case 'unary':
      return [ast.op, tree(ast.operand)];
    case 'binary':
    case 'logic':
      return [ast.op, tree(ast.left), tree(ast.right)];
    case 'compare':
      return ['compare', tree(ast.first), ...ast.rest.flatMap((side, k) => [ast.ops[k], tree(side)])];
    case 'conditional':
      return ['if', tree(ast.test), tree(ast.then), tree(ast.otherwise)];
    case 'lambda':
      return ['lambda', ast.parameters.map(({ name }) => name), tree(ast.body)];
    case 'list':
      return ['list', ...ast.items.map(tree)];
    case 'comprehension':
      return [
        'for',
        tree(ast.element),
        ...ast.clauses.map(({ name, source, conditions }) => [name, tree(source), ...conditions.map(tree)]),
      ];
  }
}

/** Every node with its text. */
function* nodes(ast: Ast): Iterable<Ast> {
  yield ast;
  for (const value of Object.values(ast)) {
    for (const child of [value].flat()) if (child && typeof child === 'object' && 'kind' in child) yield* nodes(child);
  }
}

describe('the tree is that of Python', () => {
  it.each(cases.filter(([, wanted]) => wanted !== null))('%s', (text, wanted) => {
    expect(tree(parseExpression(text))).toEqual(wanted);
  });
});

it('what Python refuses is an error', () => {
  for (const [text] of cases.filter(([, wanted]) => wanted === null)) {
    expect(() => parseExpression(text), text).toThrow(LumiscopeError);
  }
});

it('the span of each part is its text: it reads as the same part', () => {
  for (const [text, wanted] of cases) {
    if (wanted === null) continue;
    for (const node of nodes(parseExpression(text))) {
      if (node.kind === 'comprehension') continue;
      expect(tree(parseExpression(text.slice(...node.span))), text).toEqual(tree(node));
    }
  }
});
