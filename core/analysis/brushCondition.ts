/** Brushes as conditions in the language of the document: what is filled into a histogram lies in its marked part. */
import { checkExpression } from '../expr/check.ts';
import type { Context } from '../expr/context.ts';
import { parseExpression } from '../expr/parse.ts';
import type { List } from '../expr/typedForm.ts';
import type { Value } from '../expr/value.ts';
import type { AxisMath } from '../hist/indexer.ts';
import type { Schema } from '../schema/schema.ts';
import type { Brush, BrushRange } from './brush.ts';
import type { AnalysisDocument, AxisSpec, HistogramSpec } from './document.ts';
import { type FineAxis, fineAxis, snapRange } from './fineAxis.ts';
import { contextAt } from './scope.ts';

/** One expression of a histogram, typed. */
export interface Part {
  text: string;
  value: Value;
}

/** What a histogram needs of an event to be filled. */
export interface FillParts {
  spec: HistogramSpec;
  axes: Part[];
  select?: Part;
  /** Weight and sample. */
  others: Part[];
  /** What the items are of that it is filled per; undefined where it is filled once an event. */
  items?: Part & { list: List };
}

/** A document with what its brushes have to know of it, each part checked once. */
export class BrushScope {
  readonly document: AnalysisDocument;
  readonly schema: Schema;
  readonly context: Context;
  readonly math: AxisMath;
  readonly #parts = new Map<HistogramSpec, FillParts | undefined>();
  readonly #axes = new Map<AxisSpec, Map<boolean, FineAxis>>();

  /** @param math of the engines: bounds on log axes hang on its last bit */
  constructor(document: AnalysisDocument, schema: Schema, math: AxisMath) {
    this.document = document;
    this.schema = schema;
    this.math = math;
    this.context = contextAt(document, schema, []);
  }

  spec(histogram: string): HistogramSpec | undefined {
    return this.document.histograms.find(({ name }) => name === histogram);
  }

  /** The parts of a histogram; undefined where there is none of that name, or one of them is wrong. */
  parts(histogram: string): FillParts | undefined {
    const spec = this.spec(histogram);
    if (!spec) return undefined;
    if (!this.#parts.has(spec)) this.#parts.set(spec, this.#checked(spec));
    return this.#parts.get(spec);
  }

  /** The bounds that a brush on an axis of a histogram may have. @param inBox whether the brush has a second range */
  fineAxis(spec: AxisSpec, inBox: boolean): FineAxis {
    const kinds = this.#axes.get(spec) ?? new Map<boolean, FineAxis>();
    this.#axes.set(spec, kinds);
    const known = kinds.get(inBox) ?? fineAxis(spec, inBox, this.math);
    kinds.set(inBox, known);
    return known;
  }

  /**
   * The brush with its bounds on the document's axes, whatever they were: typed, of a link, of the document as it was before. Undefined
   * where the document has no such histogram or axis.
   */
  settled({ histogram, ranges }: Brush): Brush | undefined {
    const spec = this.parts(histogram)?.spec;
    const axes = new Set(ranges.map(({ axis }) => axis));
    if (!spec || ranges.length < 1 || ranges.length > 2 || axes.size < ranges.length) return undefined;
    if (ranges.some(({ axis, from, to }) => !spec.axes[axis] || Number.isNaN(from) || Number.isNaN(to)))
      return undefined;
    const settled = ranges.flatMap(({ axis, from, to }): BrushRange[] => {
      const fine = this.fineAxis(spec.axes[axis], ranges.length > 1);
      if (fine.bounds.length < 2) return [];
      const [lo, hi] = snapRange(fine, from, to);
      return [{ axis, from: lo, to: hi }];
    });
    if (settled.length < ranges.length) return undefined;
    return { histogram, ranges: settled.sort((a, b) => a.axis - b.axis) };
  }

  /** Those of the brushes that the document has a place for, settled. */
  settle(brushes: readonly Brush[]): Brush[] {
    return brushes.flatMap((brush) => this.settled(brush) ?? []);
  }

  check(text: string): Value | undefined {
    try {
      return checkExpression(this.context, text);
    } catch {
      return undefined;
    }
  }

  #checked(spec: HistogramSpec): FillParts | undefined {
    let isRight = true;
    const part = (text: string): Part => {
      const value = this.check(text);
      if (value?.kind !== 'one' && value?.kind !== 'array') isRight = false;
      return { text, value: value as Value };
    };
    const axes = spec.axes.map(({ value }) => part(value));
    const select = spec.select === undefined ? undefined : part(spec.select);
    const others = [spec.weight, spec.sample].filter((text) => text !== undefined).map(part);
    const per = spec.per === undefined ? [] : [part(spec.per)];
    if (!isRight) return undefined;
    const items = [...per, ...axes, ...(select ? [select] : []), ...others].find(({ value }) => value.kind === 'array');
    return {
      spec,
      axes,
      ...(select && { select }),
      others,
      ...(items?.value.kind === 'array' && { items: { ...items, list: items.value.list } }),
    };
  }
}

/** What an event, or one of its items, has to be for its fill to lie in the marked part. */
export interface BrushConditions {
  /** All but the ranges, each a condition that stands in an `and`. */
  filled: string[];
  /** One for each range; none where the range is all there is. */
  ranges: string[];
  /** Whether one of them is item by item. */
  isPerItem: boolean;
}

/** The conditions of a brush, in order. @throws Error where the scope has no parts for it: `settled` says so before */
export function brushConditions(scope: BrushScope, brush: Brush): BrushConditions {
  const parts = scope.parts(brush.histogram);
  if (!parts) throw new Error(`no brush can be on ${brush.histogram}`);
  const { spec, axes, select, others, items } = parts;
  const marked = brush.ranges.map(({ axis }) => axes[axis]);
  // What is missing is not filled; a range refuses it anyway.
  const needed = [...axes.filter((part) => !marked.includes(part)), ...others].filter(({ value }) => isOptional(value));
  const filled = [...(select ? [conjunct(select.text)] : []), ...needed.map(({ text }) => isThere(text))];
  const used = [...(select ? [select] : []), ...needed, ...marked];
  const isPerItem = used.some(({ value }) => value.kind === 'array');
  if (items && !isPerItem) filled.unshift(`len(${inline(items.text)}) > 0`);
  const ranges = brush.ranges.flatMap((range) => rangeCondition(spec.axes[range.axis], range, axes[range.axis]) ?? []);
  return { filled, ranges, isPerItem };
}

/** The cut that a brush is, as a person might write it. */
export function brushExpression(scope: BrushScope, brush: Brush): string {
  const { filled, ranges, isPerItem } = brushConditions(scope, brush);
  const condition = joined([...filled, ...ranges]) ?? 'True';
  return isPerItem ? `any(${condition})` : condition;
}

/** Conditions joined by `and`; undefined of none. Each has to be a conjunct. */
export function joined(conditions: readonly string[]): string | undefined {
  return conditions.length > 0 ? conditions.join(' and ') : undefined;
}

/** A text that may stand between brackets or beside operators: a comment ends with its line. */
export function inline(text: string): string {
  const trimmed = text.trim();
  if (trimmed.includes('#')) return `${trimmed}\n`;
  return /["'\\]/.test(trimmed) ? trimmed : trimmed.replace(/\s+/g, ' ');
}

/** A condition as it may stand in an `and`. */
export function conjunct(text: string): string {
  const ast = parseExpression(text);
  const isLoose = ast.kind === 'conditional' || ast.kind === 'lambda' || (ast.kind === 'logic' && ast.op === 'or');
  return isLoose && !ast.parenthesized ? `(${inline(text)})` : inline(text);
}

/** A value as it may stand in a comparison. */
export function operand(text: string): string {
  const ast = parseExpression(text);
  const isLoose =
    ['conditional', 'lambda', 'logic', 'compare'].includes(ast.kind) ||
    (ast.kind === 'unary' && ast.op === 'not') ||
    (ast.kind === 'binary' && ['&', '|', '^', '<<', '>>'].includes(ast.op));
  return isLoose && !ast.parenthesized ? `(${inline(text)})` : inline(text);
}

function isThere(text: string): string {
  return `${operand(text)} is not None`;
}

function isOptional(value: Value): boolean {
  if (value.kind === 'array') return value.body.optional;
  return value.kind === 'one' && value.expr.optional;
}

function rangeCondition(spec: AxisSpec, { from, to }: BrushRange, { text, value }: Part): string | undefined {
  const x = operand(text);
  if (spec.boolean) {
    if (to - from > 1) return isOptional(value) ? isThere(text) : undefined;
    return from > 0 ? conjunct(text) : `not ${x}`;
  }
  if (spec.categories) {
    const chosen = spec.categories.slice(from, to).map((c) => (typeof c === 'string' ? JSON.stringify(c) : String(c)));
    return chosen.length === 1 ? `${x} == ${chosen[0]}` : `${x} in [${chosen.join(', ')}]`;
  }
  return `${literal(from)} <= ${x} < ${literal(to)}`;
}

/** A double in the language; an integer that would be compared with others beyond 2^53 exactly gets a point. */
export function literal(x: number): string {
  const text = String(x + 0);
  return Number.isInteger(x) && Math.abs(x) >= 2 ** 53 && !text.includes('e') ? `${text}.0` : text;
}
