/**
 * N−1 plots: what each condition of the cuts is about, and the histogram of that for events that pass all the other conditions.
 */
import type { Ast, CompareOp } from '../expr/ast.ts';
import { checkExpression } from '../expr/check.ts';
import type { Context } from '../expr/context.ts';
import { parseExpression } from '../expr/parse.ts';
import type { Expr } from '../expr/typedForm.ts';
import type { Schema } from '../schema/schema.ts';
import type { AnalysisDocument, AxisSpec, HistogramSpec } from './document.ts';
import { contextAt } from './scope.ts';

/** One condition that a cut makes: conjunctions make several. */
export interface Condition {
  /** Name of its cut. */
  cut: string;
  /** Its text, on one line. */
  text: string;
  /** What is compared with a number; or the condition itself, where it is no such comparison. */
  value: string;
  kind: 'int' | 'float' | 'bool';
  /**
   * Values that pass lie between these, ±∞ where there is no limit: from `lo` up to `hi`, where integers count as the bin from
   * themselves to the next one. Absent for `bool`.
   */
  keeps?: [lo: number, hi: number];
}

/** Conditions of the enabled cuts, in order; cuts that have an error are left out. */
export function conditionsOf(document: AnalysisDocument, schema: Schema): Condition[] {
  const context = contextAt(document, schema, []);
  return document.select
    .filter(({ enabled }) => enabled)
    .flatMap(({ name, expression }) => {
      try {
        if (!exprOf(expression, context)) return [];
        const ast = parseExpression(expression);
        return conjuncts(ast, expression, context).map((part) => ({
          cut: name,
          ...condition(part, expression, context),
        }));
      } catch {
        return [];
      }
    });
}

/**
 * The document whose histograms are the N−1 plots, one for each condition in order: one pass fills them all.
 * @param axes of each condition
 */
export function nMinusOneDocument(
  document: AnalysisDocument,
  conditions: readonly Condition[],
  axes: readonly AxisSpec[],
  storage?: HistogramSpec['storage'],
): AnalysisDocument {
  const { sliders: _, ...rest } = document;
  return {
    ...rest,
    select: [],
    histograms: conditions.map((_, k) => ({
      name: `n${k}`,
      ...nMinusOneSpec(conditions, k, axes[k]),
      ...(storage && { storage }),
    })),
  };
}

/** The axis and the selection of one plot. */
export function nMinusOneSpec(
  conditions: readonly Condition[],
  at: number,
  axis: AxisSpec,
): Pick<HistogramSpec, 'axes' | 'select'> {
  const others = conditions.filter((_, k) => k !== at).map(({ text }) => `(${text})`);
  return { axes: [axis], ...(others.length > 0 && { select: others.join(' and ') }) };
}

/** The parts of `a and b and c`; of `a & b`, too, where these are conditions. */
function conjuncts(ast: Ast, text: string, context: Context): Ast[] {
  const isAnd = ast.kind === 'logic' && ast.op === 'and';
  if (!isAnd && !(ast.kind === 'binary' && ast.op === '&')) return [ast];
  const sides = [ast.left, ast.right];
  if (!isAnd && sides.some((side) => exprAt(side, text, context)?.type.kind !== 'bool')) return [ast];
  return sides.flatMap((side) => conjuncts(side, text, context));
}

function condition(ast: Ast, text: string, context: Context): Omit<Condition, 'cut'> {
  const own = textOf(ast, text);
  const compared = ast.kind === 'compare' ? comparison(ast, text, context) : undefined;
  return { text: own, ...(compared ?? { value: own, kind: 'bool' }) };
}

/** The comparison with its sides exchanged, for those whose values lie in one piece. */
export const FLIPPED: Partial<Record<CompareOp, CompareOp>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
};

function comparison(
  { first, ops, rest }: Extract<Ast, { kind: 'compare' }>,
  text: string,
  context: Context,
): Pick<Condition, 'value' | 'kind' | 'keeps'> | undefined {
  const constant = (side: Ast) => constantOf(exprAt(side, text, context));
  const [middle, last] = rest;
  const [left, right] = [constant(first), constant(rest[rest.length - 1])];
  if (last) {
    const flipped = FLIPPED[ops[0]];
    if (rest.length > 2 || left === undefined || right === undefined || !flipped || !FLIPPED[ops[1]]) return undefined;
    return limited(middle, text, context, [
      [flipped, left],
      [ops[1], right],
    ]);
  }
  const op = left === undefined ? ops[0] : FLIPPED[ops[0]];
  if (!op || !FLIPPED[op] || (left !== undefined && right !== undefined)) return undefined;
  if (right !== undefined) return limited(first, text, context, [[op, right]]);
  if (left !== undefined) return limited(middle, text, context, [[op, left]]);
  const difference = `(${textOf(first, text)}) - (${textOf(middle, text)})`;
  return limitedText(difference, context, [[op, 0]]);
}

function limited(ast: Ast, text: string, context: Context, limits: [CompareOp, number][]) {
  return limitedText(textOf(ast, text), context, limits);
}

function limitedText(
  value: string,
  context: Context,
  limits: [CompareOp, number][],
): Pick<Condition, 'value' | 'kind' | 'keeps'> | undefined {
  const type = exprOf(value, context)?.type.kind;
  if (type !== 'int' && type !== 'uint' && type !== 'float') return undefined;
  const whole = type !== 'float';
  let [lo, hi] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const [op, limit] of limits) {
    // The first integer above, and the first one that is not below.
    const [above, from] = whole ? [Math.floor(limit) + 1, Math.ceil(limit)] : [limit, limit];
    if (op === '>' || op === '>=' || op === '==') lo = Math.max(lo, op === '>' ? above : from);
    if (op === '<' || op === '<=' || op === '==') hi = Math.min(hi, op === '<' ? from : above);
  }
  return { value, kind: whole ? 'int' : 'float', keeps: [lo, hi] };
}

function constantOf(expr: Expr | undefined): number | undefined {
  if (expr?.op !== 'const' || (typeof expr.value !== 'number' && typeof expr.value !== 'bigint')) return undefined;
  const number = Number(expr.value);
  return Number.isFinite(number) ? number : undefined;
}

function exprAt(ast: Ast, text: string, context: Context): Expr | undefined {
  return exprOf(textOf(ast, text), context);
}

function exprOf(text: string, context: Context): Expr | undefined {
  try {
    const value = checkExpression(context, text);
    return value.kind === 'one' ? value.expr : undefined;
  } catch {
    return undefined;
  }
}

/** The text of a part, on one line. */
export function textOf({ span }: Ast, text: string): string {
  return text
    .slice(...span)
    .replace(/\s+/g, ' ')
    .trim();
}
