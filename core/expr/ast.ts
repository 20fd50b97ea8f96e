/** The syntax tree of one expression: Python's, cut down to what the language has. Spans are `[from, to)` in characters. */

export type Span = [number, number];

export type BinaryOp = '+' | '-' | '*' | '/' | '//' | '%' | '**' | '&' | '|' | '^' | '<<' | '>>';
export type CompareOp = '<' | '<=' | '>' | '>=' | '==' | '!=' | 'in' | 'not in' | 'is' | 'is not';
export type UnaryOp = '-' | '+' | '~' | 'not';

export type Ast = { span: Span; parenthesized?: boolean } & (
  | { kind: 'number'; value: number | bigint }
  | { kind: 'string'; value: string }
  | { kind: 'boolean'; value: boolean }
  | { kind: 'none' }
  | { kind: 'name'; name: string }
  | { kind: 'member'; object: Ast; name: string; nameSpan: Span }
  | { kind: 'index'; object: Ast; index: Ast }
  | { kind: 'slice'; object: Ast; start?: Ast; stop?: Ast }
  | { kind: 'call'; callee: Ast; args: Ast[]; keywords: { name: string; span: Span; value: Ast }[] }
  | { kind: 'unary'; op: UnaryOp; operand: Ast }
  | { kind: 'binary'; op: BinaryOp; left: Ast; right: Ast }
  /** `first ops[0] rest[0] ops[1] rest[1] …`, as Python chains comparisons. */
  | { kind: 'compare'; first: Ast; ops: CompareOp[]; rest: Ast[] }
  | { kind: 'logic'; op: 'and' | 'or'; left: Ast; right: Ast }
  | { kind: 'conditional'; test: Ast; then: Ast; otherwise: Ast }
  | { kind: 'lambda'; parameters: { name: string; span: Span }[]; body: Ast }
  | { kind: 'list'; items: Ast[] }
  /** `[element for …]`, or the bare generator of a call. */
  | { kind: 'comprehension'; element: Ast; clauses: Clause[] }
);

/** `for name in source if … if …`. */
export interface Clause {
  name: string;
  span: Span;
  source: Ast;
  conditions: Ast[];
}
