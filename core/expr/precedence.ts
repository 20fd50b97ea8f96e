import type { LumiscopeError } from '../errors.ts';
import type { Ast, BinaryOp, CompareOp, Span, UnaryOp } from './ast.ts';
import { expressionError } from './error.ts';

/** An operand or an operator, in the order of the text. */
export type Piece = { operand: Ast } | { operator: string; span: Span };

/** Python's binary operators, loosest first; comparisons, `not`, `and`, `or` and `if` are looser than all of these. */
const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '//', '%', '@'],
];
const COMPARE = new Set(['<', '<=', '>', '>=', '==', '!=', 'in', 'is']);

/**
 * Builds the tree of an expression without brackets by Python's precedence
 * (https://docs.python.org/3/reference/expressions.html#operator-precedence).
 */
export function climb(pieces: readonly Piece[], span: Span): Ast {
  const climber = new Climber(pieces, span);
  return climber.whole();
}

class Climber {
  private at = 0;
  private readonly pieces: readonly Piece[];
  private readonly span: Span;

  constructor(pieces: readonly Piece[], span: Span) {
    this.pieces = pieces;
    this.span = span;
  }

  whole(): Ast {
    const ast = this.conditional();
    if (this.at < this.pieces.length) throw this.unexpected();
    return ast;
  }

  private operator(): string | undefined {
    const piece = this.pieces[this.at];
    return piece && 'operator' in piece ? piece.operator : undefined;
  }

  private unexpected(): LumiscopeError {
    const piece = this.pieces[this.at];
    if (!piece) return expressionError('the expression ends too early', this.span);
    const span = 'operator' in piece ? piece.span : piece.operand.span;
    return expressionError(
      'operator' in piece ? `unexpected \`${piece.operator}\`` : 'an operator is missing here',
      span,
    );
  }

  private accept(operator: string): boolean {
    if (this.operator() !== operator) return false;
    this.at++;
    return true;
  }

  private conditional(): Ast {
    const then = this.or();
    if (!this.accept('if')) return then;
    const test = this.or();
    if (!this.accept('else')) throw this.unexpected();
    const otherwise = this.conditional();
    return { kind: 'conditional', test, then, otherwise, span: [then.span[0], otherwise.span[1]] };
  }

  private or(): Ast {
    let left = this.and();
    while (this.accept('or')) {
      const right = this.and();
      left = { kind: 'logic', op: 'or', left, right, span: [left.span[0], right.span[1]] };
    }
    return left;
  }

  private and(): Ast {
    let left = this.not();
    while (this.accept('and')) {
      const right = this.not();
      left = { kind: 'logic', op: 'and', left, right, span: [left.span[0], right.span[1]] };
    }
    return left;
  }

  private not(): Ast {
    const piece = this.pieces[this.at];
    if (!this.accept('not')) return this.comparison();
    const operand = this.not();
    const from = piece && 'span' in piece ? piece.span[0] : operand.span[0];
    return { kind: 'unary', op: 'not', operand, span: [from, operand.span[1]] };
  }

  private comparison(): Ast {
    const first = this.binary(0);
    const ops: CompareOp[] = [];
    const rest: Ast[] = [];
    for (let op = this.compareOperator(); op; op = this.compareOperator()) {
      ops.push(op);
      rest.push(this.binary(0));
    }
    if (ops.length === 0) return first;
    return { kind: 'compare', first, ops, rest, span: [first.span[0], rest[rest.length - 1].span[1]] };
  }

  private compareOperator(): CompareOp | undefined {
    const piece = this.pieces[this.at];
    const operator = this.operator();
    if (piece && 'span' in piece && operator === '<>') throw expressionError('`<>` is written `!=`', piece.span);
    if (operator === 'not') {
      const next = this.pieces[this.at + 1];
      if (!next || !('operator' in next) || next.operator !== 'in') return undefined;
      this.at += 2;
      return 'not in';
    }
    if (!operator || !COMPARE.has(operator)) return undefined;
    this.at++;
    if (operator === 'is' && this.accept('not')) return 'is not';
    return operator as CompareOp;
  }

  private binary(level: number): Ast {
    if (level === LEVELS.length) return this.unary();
    let left = this.binary(level + 1);
    for (let op = this.operator(); op !== undefined && LEVELS[level].includes(op); op = this.operator()) {
      if (op === '@') throw this.unexpected();
      this.at++;
      const right = this.binary(level + 1);
      left = { kind: 'binary', op: op as BinaryOp, left, right, span: [left.span[0], right.span[1]] };
    }
    return left;
  }

  private unary(): Ast {
    const piece = this.pieces[this.at];
    if (piece && 'operator' in piece && ['-', '+', '~'].includes(piece.operator)) {
      this.at++;
      const operand = this.unary();
      return { kind: 'unary', op: piece.operator as UnaryOp, operand, span: [piece.span[0], operand.span[1]] };
    }
    return this.power();
  }

  private power(): Ast {
    const piece = this.pieces[this.at];
    if (!piece || !('operand' in piece)) throw this.unexpected();
    this.at++;
    const base = piece.operand;
    if (!this.accept('**')) return base;
    const exponent = this.unary();
    return { kind: 'binary', op: '**', left: base, right: exponent, span: [base.span[0], exponent.span[1]] };
  }
}
