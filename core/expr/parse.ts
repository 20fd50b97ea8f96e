import type { PartialParse, SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@lezer/python';
import type { Ast, Clause, Span } from './ast.ts';
import { expressionError } from './error.ts';
import { parseNumber, parseString } from './literals.ts';
import { climb, type Piece } from './precedence.ts';
import { onOneLine, rejectBrackets, rejectSyntaxErrors } from './syntax.ts';

const MAX_LENGTH = 20_000;
const MAX_DEPTH = 200;
const MAX_OPERATORS = 1000;

/**
 * Parses one Python expression.
 * @throws LumiscopeError `expression` with the span of what is wrong
 */
export function parseExpression(text: string): Ast {
  if (text.length > MAX_LENGTH)
    throw expressionError(`the expression is longer than ${MAX_LENGTH} characters`, [0, text.length]);
  const source = onOneLine(text);
  if (source.trim() === '') throw expressionError('the expression is empty', [0, text.length]);
  rejectBrackets(source, MAX_DEPTH);
  const tree = parseAll(source);
  rejectSyntaxErrors(tree.topNode, source);
  rejectManyOperators(tree, source);
  const statements = children(tree.topNode);
  const [statement] = statements;
  if (statement?.name === 'AssignStatement') {
    const operator = children(statement).find((node) => node.name === 'AssignOp');
    throw expressionError(
      'an expression has no assignment',
      spanOf(operator ?? statement),
      'compare with ==; give a name under define:',
    );
  }
  if (statements.length !== 1 || statement.name !== 'ExpressionStatement') {
    throw expressionError('this is not one expression', statement ? spanOf(statement) : [0, text.length]);
  }
  return new Reader(source, text).read(onlyChild(statement), 0);
}

/**
 * Parses without the limit by which Lezer keeps trees flat for its editor: it breaks a chain of operators that is some
 * thousands of characters long, such as a list of triggers, and calls the rest an error.
 */
function parseAll(source: string): Tree {
  const parse = parser.startParse(source) as PartialParse & { bigReductionCount: number };
  for (;;) {
    parse.bigReductionCount = 0;
    const tree = parse.advance();
    if (tree) return tree;
  }
}

const OPERATIONS = new Set(['BinaryExpression', 'UnaryExpression', 'ConditionalExpression']);

/** A chain of operators is a deep tree, which is walked by recursion. */
function rejectManyOperators(tree: Tree, source: string): void {
  let operators = 0;
  const cursor = tree.cursor();
  do if (OPERATIONS.has(cursor.name)) operators++;
  while (cursor.next());
  if (operators > MAX_OPERATORS)
    throw expressionError(
      `the expression has more than ${MAX_OPERATORS} operators`,
      [0, source.length],
      'give parts of it names under define:',
    );
}

const spanOf = (node: { from: number; to: number }): Span => [node.from, node.to];

function children(node: SyntaxNode): SyntaxNode[] {
  const list: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) if (child.name !== 'Comment') list.push(child);
  return list;
}

function onlyChild(node: SyntaxNode): SyntaxNode {
  const list = children(node);
  if (list.length !== 1) throw expressionError('unpacking with * is not part of the language', spanOf(node));
  return list[0];
}

/** What the parser knows and the language doesn't have. */
const UNSUPPORTED: Record<string, string> = {
  DictionaryExpression: 'dictionaries are',
  SetExpression: 'sets are',
  FormatString: 'formatted strings are',
  AwaitExpression: '`await` is',
  YieldExpression: '`yield` is',
  NamedExpression: '`:=` is',
  DictionaryComprehensionExpression: 'dictionaries are',
  SetComprehensionExpression: 'sets are',
  Ellipsis: '`...` is',
};

/** Turns Lezer's tree into ours. */
class Reader {
  private readonly text: string;
  private readonly original: string;

  constructor(text: string, original: string) {
    this.text = text;
    this.original = original;
  }

  read(node: SyntaxNode, depth: number): Ast {
    if (depth > MAX_DEPTH) throw expressionError('the expression is nested too deeply', spanOf(node));
    const span = spanOf(node);
    const text = this.text.slice(node.from, node.to);
    switch (node.name) {
      case 'Number':
        return { kind: 'number', span, value: parseNumber(this.original.slice(...span), span) };
      case 'String':
        return { kind: 'string', span, value: parseString(text, span) };
      case 'ContinuedString':
        return {
          kind: 'string',
          span,
          value: children(node)
            .map((part) => parseString(this.text.slice(part.from, part.to), spanOf(part)))
            .join(''),
        };
      case 'Boolean':
        return { kind: 'boolean', span, value: text === 'True' };
      case 'None':
        return { kind: 'none', span };
      case 'VariableName':
        return { kind: 'name', span, name: text };
      case 'ParenthesizedExpression':
        return { ...this.read(this.onlyInner(node), depth + 1), parenthesized: true, span };
      case 'BinaryExpression':
      case 'UnaryExpression':
      case 'ConditionalExpression':
        return climb(this.flatten(node, depth), span);
      case 'MemberExpression':
        return this.member(node, depth);
      case 'CallExpression':
        return this.call(node, depth);
      case 'LambdaExpression':
        return this.lambda(node, depth);
      case 'ArrayExpression':
      case 'TupleExpression':
        return {
          kind: 'list',
          span,
          items: this.inner(node)
            .filter((child) => child.name !== ',')
            .map((child) => this.read(child, depth + 1)),
        };
      case 'ArrayComprehensionExpression':
      case 'ComprehensionExpression':
        return this.comprehension(this.inner(node), span, depth);
    }
    const what = UNSUPPORTED[node.name];
    throw expressionError(what ? `${what} not part of the language` : `\`${text}\` is not part of the language`, span);
  }

  /** The children between the brackets. */
  private inner(node: SyntaxNode): SyntaxNode[] {
    return children(node).slice(1, -1);
  }

  private onlyInner(node: SyntaxNode): SyntaxNode {
    const inner = this.inner(node);
    if (inner.length !== 1) throw expressionError('one expression is expected between these brackets', spanOf(node));
    return inner[0];
  }

  /** Operators and operands in the order of the text: Lezer's own precedence of `not` isn't Python's. */
  private flatten(node: SyntaxNode, depth: number): Piece[] {
    const pieces: Piece[] = [];
    const visit = (at: SyntaxNode): void => {
      if (!OPERATIONS.has(at.name)) {
        pieces.push({ operand: this.read(at, depth + 1) });
        return;
      }
      for (const child of children(at)) {
        const text = this.text.slice(child.from, child.to);
        const isOperator = child.name.endsWith('Op') || /^(not|and|or|in|is|if|else|\*\*|\*)$/.test(child.name);
        if (isOperator) pieces.push({ operator: text, span: spanOf(child) });
        else visit(child);
      }
    };
    visit(node);
    return pieces;
  }

  private member(node: SyntaxNode, depth: number): Ast {
    const parts = children(node);
    const span = spanOf(node);
    const object = this.read(parts[0], depth + 1);
    if (parts[1].name === '.') {
      return {
        kind: 'member',
        span,
        object,
        name: this.text.slice(parts[2].from, parts[2].to),
        nameSpan: spanOf(parts[2]),
      };
    }
    const inner = parts.slice(2, -1);
    const comma = inner.find((part) => part.name === ',');
    if (comma)
      throw expressionError(
        'an index is one value: several are not part of the language',
        spanOf(comma),
        'index one after the other, as in a[i][j]',
      );
    const colons = inner.filter((part) => part.name === ':');
    if (colons.length === 0) {
      if (inner.length === 0) throw expressionError('the index is empty', span);
      return { kind: 'index', span, object, index: this.read(inner[0], depth + 1) };
    }
    if (colons.length > 1) throw expressionError('a slice has no step in this language', spanOf(colons[1]));
    const before = inner.find((part) => part.name !== ':' && part.to <= colons[0].from);
    const after = inner.find((part) => part.name !== ':' && part.from >= colons[0].to);
    return {
      kind: 'slice',
      span,
      object,
      start: before && this.read(before, depth + 1),
      stop: after && this.read(after, depth + 1),
    };
  }

  private call(node: SyntaxNode, depth: number): Ast {
    const [callee, list] = children(node);
    const parts = this.inner(list);
    const span = spanOf(node);
    const args: Ast[] = [];
    const keywords: { name: string; span: Span; value: Ast }[] = [];
    if (parts.some((part) => part.name === 'for')) {
      const comma = parts.find((part) => part.name === ',');
      if (comma)
        throw expressionError('a generator must be the only argument', spanOf(comma), 'put it into square brackets');
      args.push(this.comprehension(parts, [parts[0].from, parts[parts.length - 1].to], depth));
      return { kind: 'call', span, callee: this.read(callee, depth + 1), args, keywords };
    }
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      if (part.name === ',') continue;
      if (part.name === '*' || part.name === '**')
        throw expressionError('unpacking with * is not part of the language', spanOf(part));
      if (parts[i + 1]?.name === 'AssignOp') {
        const name = this.text.slice(part.from, part.to);
        if (keywords.some((keyword) => keyword.name === name))
          throw expressionError(`the argument \`${name}\` is there twice`, spanOf(part));
        keywords.push({ name, span: spanOf(part), value: this.read(parts[i + 2], depth + 1) });
        i += 2;
      } else if (keywords.length > 0) {
        throw expressionError('a positional argument after a named one', spanOf(part));
      } else {
        args.push(this.read(part, depth + 1));
      }
    }
    return { kind: 'call', span, callee: this.read(callee, depth + 1), args, keywords };
  }

  private lambda(node: SyntaxNode, depth: number): Ast {
    const parts = children(node);
    const list = parts.find((part) => part.name === 'ParamList');
    const parameters = list ? children(list).filter((part) => part.name !== ',') : [];
    for (const parameter of parameters) {
      if (parameter.name !== 'VariableName')
        throw expressionError('a lambda takes plain names only', spanOf(parameter));
    }
    return {
      kind: 'lambda',
      span: spanOf(node),
      parameters: parameters.map((part) => ({ name: this.text.slice(part.from, part.to), span: spanOf(part) })),
      body: this.read(parts[parts.length - 1], depth + 1),
    };
  }

  private comprehension(parts: SyntaxNode[], span: Span, depth: number): Ast {
    const element = this.read(parts[0], depth + 1);
    const clauses: Clause[] = [];
    for (let i = 1; i < parts.length; ) {
      const word = parts[i].name;
      if (word === 'for') {
        const target = parts[i + 1];
        if (target.name !== 'VariableName' || parts[i + 2].name !== 'in') {
          throw expressionError(
            '`for` takes one name in this language',
            spanOf(target),
            'use the fields .a and .b of a pair',
          );
        }
        clauses.push({
          name: this.text.slice(target.from, target.to),
          span: spanOf(target),
          source: this.read(parts[i + 3], depth + 1),
          conditions: [],
        });
        i += 4;
      } else if (word === 'if') {
        clauses[clauses.length - 1].conditions.push(this.read(parts[i + 1], depth + 1));
        i += 2;
      } else {
        throw expressionError(`unexpected \`${this.text.slice(parts[i].from, parts[i].to)}\``, spanOf(parts[i]));
      }
    }
    return { kind: 'comprehension', span, element, clauses };
  }
}
