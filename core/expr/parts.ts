import type { Ast, Span } from './ast.ts';
import { parseExpression } from './parse.ts';

/** Parts of one expression at most. */
const MOST = 60;

/**
 * Parts of an expression that have a value of their own, in the order of the text, an outer one before what is in it: not literals, the
 * names of functions, nor what depends on a variable of a comprehension or a lambda. The whole is not among them.
 */
export function partsOf(text: string): Span[] {
  const whole = parseExpression(text);
  const spans: Span[] = [];
  visit(whole, new Set(), (ast) => {
    if (ast !== whole && spans.length < MOST) spans.push(ast.span);
  });
  return spans.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
}

function visit(ast: Ast, bound: ReadonlySet<string>, found: (ast: Ast) => void): void {
  if (hasValue(ast) && !mentions(ast, bound)) found(ast);
  const inner = boundBy(ast, bound);
  for (const child of childrenOf(ast)) visit(child.ast, child.isInside ? inner : bound, found);
}

function hasValue({ kind }: Ast): boolean {
  return !['number', 'string', 'boolean', 'none', 'lambda', 'list'].includes(kind);
}

/** Names within which the parts of `ast` lie. */
function boundBy(ast: Ast, bound: ReadonlySet<string>): ReadonlySet<string> {
  if (ast.kind === 'lambda') return new Set([...bound, ...ast.parameters.map(({ name }) => name)]);
  if (ast.kind === 'comprehension') return new Set([...bound, ...ast.clauses.map(({ name }) => name)]);
  return bound;
}

function mentions(ast: Ast, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  if (ast.kind === 'name') return names.has(ast.name);
  return childrenOf(ast).some((child) => mentions(child.ast, names));
}

interface Child {
  ast: Ast;
  /** Whether it sees what its parent binds. */
  isInside?: boolean;
}

/** The parts that an expression is made of. */
export function childrenOf(ast: Ast): Child[] {
  switch (ast.kind) {
    case 'member':
      return [{ ast: ast.object }];
    case 'index':
      return [{ ast: ast.object }, { ast: ast.index }];
    case 'slice':
      return [ast.object, ast.start, ast.stop].filter((one) => one !== undefined).map((one) => ({ ast: one }));
    case 'call': {
      // The object of a method is a value; the name of a function is none.
      const callee = ast.callee.kind === 'member' ? [ast.callee.object] : [];
      return [...callee, ...ast.args, ...ast.keywords.map(({ value }) => value)].map((one) => ({ ast: one }));
    }
    case 'unary':
      return [{ ast: ast.operand }];
    case 'binary':
    case 'logic':
      return [{ ast: ast.left }, { ast: ast.right }];
    case 'compare':
      return [ast.first, ...ast.rest].map((one) => ({ ast: one }));
    case 'conditional':
      return [ast.test, ast.then, ast.otherwise].map((one) => ({ ast: one }));
    case 'lambda':
      return [{ ast: ast.body, isInside: true }];
    case 'list':
      return ast.items.map((one) => ({ ast: one }));
    case 'comprehension': {
      const [first, ...others] = ast.clauses.map(({ source }) => source);
      const inner = [...others, ...ast.clauses.flatMap(({ conditions }) => conditions), ast.element];
      return [{ ast: first! }, ...inner.map((one) => ({ ast: one, isInside: true }))];
    }
    default:
      return [];
  }
}
