/** The numbers that cuts compare with: what they are compared with, and how far a slider of one goes. */
import type { Ast, CompareOp, Span } from '../expr/ast.ts';
import { checkExpression } from '../expr/check.ts';
import type { Context } from '../expr/context.ts';
import { parseExpression } from '../expr/parse.ts';
import { childrenOf } from '../expr/parts.ts';
import type { Expr, List } from '../expr/typedForm.ts';
import type { Schema } from '../schema/schema.ts';
import type { AnalysisDocument, AxisSpec, Cut } from './document.ts';
import { FLIPPED, textOf } from './nMinusOne.ts';
import { contextAt } from './scope.ts';
import { roundStep } from './slider.ts';

/** A number that stands in a cut, on one side of a comparison. */
export interface CutConstant {
  cut: string;
  /** Place among the constants of its cut, from 0. */
  at: number;
  /** Of the number, with its sign, in the cut's expression. */
  span: Span;
  value: number;
  /** What is compared with it, on one line. */
  compared: string;
  /** As if the number stood on the right. */
  op: '<' | '<=' | '>' | '>=' | '==' | '!=';
}

const ALL_FLIPPED: Partial<Record<CompareOp, CompareOp>> = { ...FLIPPED, '!=': '!=' };

/** Constants of the enabled cuts, in the order of the text: also those within masks and generators. Cuts that can't be read have none. */
export function cutConstants(cuts: readonly Cut[]): CutConstant[] {
  return cuts
    .filter(({ enabled }) => enabled)
    .flatMap(({ name, expression }) => {
      try {
        const found = constantsIn(parseExpression(expression), expression);
        return found.sort((a, b) => a.span[0] - b.span[0]).map((one, at) => ({ cut: name, at, ...one }));
      } catch {
        return [];
      }
    });
}

/**
 * What a cut says without the comparison with one of its constants; undefined where that is no condition by itself: in a mask, within
 * `or` or `not`. Of `a < x < b` the other side stays.
 */
export function withoutComparison(expression: string, { span }: Pick<CutConstant, 'span'>): string | undefined {
  const found = conjunctWith(parseExpression(expression), span[0]);
  if (!found) return undefined;
  const { first, rest } = found;
  const sides = [first, ...rest];
  const at = sides.findIndex((side) => side.span[0] <= span[0] && span[0] < side.span[1]);
  // A chain goes on without its first or its last part.
  const kept = at === 0 ? sides.slice(1) : at === sides.length - 1 ? sides.slice(0, -1) : undefined;
  if (!kept || sides[at]!.span[0] !== span[0]) return undefined;
  const [from, to] = [kept[0]!.span[0], kept.at(-1)!.span[1]];
  const left = kept.length > 1 ? `(${expression.slice(from, to)})` : 'True';
  return expression.slice(0, found.span[0]) + left + expression.slice(found.span[1]);
}

/** The comparison at a place, if it is one of the conditions that all have to hold. */
function conjunctWith(ast: Ast, place: number): Extract<Ast, { kind: 'compare' }> | undefined {
  if (place < ast.span[0] || place >= ast.span[1]) return undefined;
  if (ast.kind === 'compare') return ast;
  if (ast.kind !== 'logic' && !(ast.kind === 'binary' && ast.op === '&')) return undefined;
  if (ast.kind === 'logic' && ast.op !== 'and') return undefined;
  return conjunctWith(ast.left, place) ?? conjunctWith(ast.right, place);
}

function constantsIn(ast: Ast, text: string): Omit<CutConstant, 'cut' | 'at'>[] {
  const inside = childrenOf(ast).flatMap((child) => constantsIn(child.ast, text));
  if (ast.kind !== 'compare') return inside;
  const sides = [ast.first, ...ast.rest];
  const own = ast.ops.flatMap((op, k) => {
    const [left, right] = [sides[k]!, sides[k + 1]!];
    const [before, after] = [numberOf(left), numberOf(right)];
    const turned = ALL_FLIPPED[op];
    if (!turned || (before === undefined) === (after === undefined)) return [];
    return after === undefined
      ? [{ span: left.span, value: before!, compared: textOf(right, text), op: turned as CutConstant['op'] }]
      : [{ span: right.span, value: after, compared: textOf(left, text), op: op as CutConstant['op'] }];
  });
  return [...inside, ...own];
}

/** A literal number, with its sign. */
function numberOf(ast: Ast): number | undefined {
  if (ast.kind === 'unary' && (ast.op === '-' || ast.op === '+')) {
    const number = numberOf(ast.operand);
    return number === undefined || ast.op === '+' ? number : -number;
  }
  const number = ast.kind === 'number' ? Number(ast.value) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}

/** What an expression is about, so that two texts of one quantity are found to be the same. */
export class Quantities {
  readonly #context: Context;

  constructor(document: AnalysisDocument, schema: Schema) {
    this.#context = contextAt(document, schema, []);
  }

  /** Whether both are numbers, and the same one: per event, or per item of the same list. */
  same(a: string, b: string): boolean {
    const [x, y] = [this.of(a), this.of(b)];
    return x !== undefined && y !== undefined && x.expr === y.expr && x.list === y.list;
  }

  /** The typed form of a quantity; equal ones are the same object. Undefined for what is none, or has no meaning by itself. */
  of(text: string): { expr: Expr; list?: List } | undefined {
    try {
      const value = checkExpression(this.#context, text);
      if (value.kind === 'one') return { expr: value.expr };
      return value.kind === 'array' ? { expr: value.body, list: value.list } : undefined;
    } catch {
      return undefined;
    }
  }
}

/** The numbers that a slider goes through. */
export interface SliderScale {
  range: [number, number];
  step: number;
}

/** Steps of a slider, at least: a step is round, so there may be twice as many. */
const STEPS = 100;
/** A slider ends where its number is this many times what it is. */
const REACH = 5;

/**
 * How far a slider of a constant goes: as the axis of a histogram of the same quantity; else as the values of its column, where they
 * are not far beyond the constant; else around the constant.
 * @param columnRange smallest and largest value of a column, where they are known
 */
export function sliderScale(
  { compared, value }: Pick<CutConstant, 'compared' | 'value'>,
  quantities: Quantities,
  axes: readonly AxisSpec[],
  columnRange: (column: string) => readonly [number, number] | undefined,
): SliderScale {
  const expr = quantities.of(compared)?.expr;
  const kind = expr?.type.kind;
  const whole = kind === 'int' || kind === 'uint' || (kind === undefined && Number.isInteger(value));
  const axis = axes.find((one) => rangeOfAxis(one) && quantities.same(one.value, compared));
  const known = (axis && rangeOfAxis(axis)) ?? valuesNear(value, whole, expr && valuesOf(expr, columnRange));
  const [lo, hi] = whole ? [Math.ceil(known[0]), Math.floor(known[1])] : known;
  const step = Math.max(roundStep((Math.max(hi, value) - Math.min(lo, value)) / STEPS), whole ? 1 : 0);
  const ends = [Math.floor(Math.min(lo, value) / step + 1e-9), Math.ceil(Math.max(hi, value) / step - 1e-9)];
  return { range: ends.map((n) => Number((n * step).toPrecision(12))) as [number, number], step };
}

function rangeOfAxis({ range, edges }: AxisSpec): [number, number] | undefined {
  return range ?? (edges && edges.length > 1 ? [edges[0]!, edges[edges.length - 1]!] : undefined);
}

function valuesNear(
  value: number,
  whole: boolean,
  known: readonly [number, number] | undefined,
): readonly [number, number] {
  const reach = Math.abs(value) * REACH || Number.POSITIVE_INFINITY;
  if (known && known[0] < known[1]) return [Math.max(known[0], -reach), Math.min(known[1], reach)];
  const far = Math.max(2 * Math.abs(value), whole ? 10 : value === 0 ? 1 : 0);
  return value < 0 ? [-far, 0] : [value === 0 && !whole ? -far : 0, far];
}

/** Smallest and largest value of a column, or of its absolute values. */
function valuesOf(
  expr: Expr,
  columnRange: (column: string) => readonly [number, number] | undefined,
): readonly [number, number] | undefined {
  if (expr.op === 'column' || expr.op === 'field') return columnRange(expr.column);
  if (expr.op === 'toFloat') return valuesOf(expr.a, columnRange);
  if ((expr.op !== 'float1' && expr.op !== 'intfn') || expr.fn !== 'abs') return undefined;
  const [lo, hi] = valuesOf(expr.a, columnRange) ?? [];
  return lo === undefined || hi === undefined ? undefined : [0, Math.max(Math.abs(lo), Math.abs(hi))];
}
