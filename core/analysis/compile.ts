import { LumiscopeError, type PlainError, toPlain } from '../errors.ts';
import { BrokenDefinition, checkExpression } from '../expr/check.ts';
import { Context } from '../expr/context.ts';
import { isNumber } from '../expr/nodes.ts';
import type { AxisProgram, Expr, HistogramProgram, List, Program } from '../expr/typedForm.ts';
import type { Value } from '../expr/value.ts';
import type { Axis } from '../hist/axis.ts';
import type { Schema } from '../schema/schema.ts';
import type { AnalysisDocument, AxisSpec, Dataset, HistogramSpec } from './document.ts';
import { eventValue, scalarList } from './eventValue.ts';
import { CERTIFIED, certifiedCondition } from './lumis.ts';
import { neededColumns } from './needed.ts';

/** What compiling gives: the program, or all errors of the document; and what each definition is, in words. */
export interface Compiled {
  program?: Program;
  errors: PlainError[];
  definitions: Map<string, string>;
}

/** A table of events: expressions, and rows at most. */
export interface TableSpec {
  values: readonly string[];
  limit: number;
  /** Expressions with a number, a text, or true or false for each item of a list. */
  lists?: readonly string[];
}

type Keys = (string | number)[];

/**
 * Compiles a document against a schema. Each error carries the keys of its place in the document and the span within the
 * expression there; one wrong expression doesn't hide the errors of others.
 *
 * @param dataset which of the document's data sets the program is for: one without certified runs keeps the row of the cutflow
 * @param table what to note of each event that passes; errors of its values have the keys `['values', k]`, of its lists `['lists', k]`
 */
export function compileDocument(
  document: AnalysisDocument,
  schema: Schema,
  dataset?: Dataset,
  table?: TableSpec,
): Compiled {
  return new Compiler(document, schema, dataset).compile(table);
}

class Compiler {
  private readonly context: Context;
  private readonly errors: PlainError[] = [];
  private readonly document: AnalysisDocument;
  private readonly schema: Schema;
  private readonly dataset: Dataset | undefined;

  constructor(document: AnalysisDocument, schema: Schema, dataset: Dataset | undefined) {
    this.document = document;
    this.schema = schema;
    this.dataset = dataset;
    this.context = new Context(schema, document.defaults);
  }

  compile(table?: TableSpec): Compiled {
    const { document, context } = this;
    const definitions = new Map<string, string>();
    for (const { name, expression } of document.define) {
      const value = this.at(['define', name], () => checkExpression(context, expression));
      context.define(name, value);
      if (value) definitions.set(name, context.words(value));
    }
    const certified = document.lumis && [{ name: CERTIFIED, cond: this.at(['lumis'], () => this.certified()) }];
    const cuts = document.select
      .filter((cut) => cut.enabled)
      .map(({ name, expression }) => ({ name, cond: this.at(['select', name], () => this.condition(expression)) }));
    const weight = this.at(['weight'], () => this.weight(document.weight));
    const histograms = document.histograms.map((spec) => this.histogram(spec));
    const values = table?.values.map((text, k) => this.at(['values', k], () => eventValue(this.context, text)));
    const lists = table?.lists?.map((text, k) => this.at(['lists', k], () => scalarList(this.context, text)));
    if (this.errors.length > 0) return { errors: this.errors, definitions };
    const draft = {
      cuts: [...(certified ?? []), ...cuts] as Program['cuts'],
      weight,
      histograms: histograms as HistogramProgram[],
      ...(table && {
        table: { values: values as Expr[], limit: table.limit, ...(lists && { lists: lists as List[] }) },
      }),
    };
    return { program: neededColumns(draft, context.schema, this.schema), errors: [], definitions };
  }

  /** Runs `make`; an error is recorded with its place. */
  private at<T>(keys: Keys, make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      if (error instanceof BrokenDefinition) return undefined;
      if (!(error instanceof LumiscopeError)) throw error;
      const plain = toPlain(error);
      this.errors.push({ ...plain, place: { ...plain.place, keys, path: keys.join('.') } });
      return undefined;
    }
  }

  private certified(): Expr {
    const { lumis = [] } = this.document;
    return this.dataset?.lumis === false ? this.context.nodes.bool(true) : certifiedCondition(lumis, this.context);
  }

  private condition(text: string): Expr {
    const value = checkExpression(this.context, text);
    if (value.kind === 'one' && value.expr.type.kind === 'bool') return value.expr;
    const perItem = value.kind === 'array' && value.body.type.kind === 'bool';
    const number = value.kind === 'one' && isNumber(value.expr.type);
    throw this.wrong(
      text,
      `a cut is one true/false value an event, not ${this.context.words(value)}`,
      perItem ? 'use any(…), all(…) or len(…) > 0' : number ? 'compare it, e.g. … > 0' : undefined,
    );
  }

  private wrong(text: string, message: string, hint?: string): LumiscopeError {
    return new LumiscopeError('expression', message, { hint, place: { span: [0, text.length] } });
  }

  /** The document's weight; none where it is the constant 1. */
  private weight(text: string | undefined): Expr | undefined {
    if (text === undefined) return undefined;
    const value = checkExpression(this.context, text);
    if (value.kind !== 'one' || !isNumber(value.expr.type))
      throw this.wrong(text, `the weight is one number an event, not ${this.context.words(value)}`);
    const expr = this.context.nodes.toFloat(value.expr);
    return expr.op === 'const' && expr.value === 1 ? undefined : expr;
  }

  private histogram(spec: HistogramSpec): HistogramProgram | undefined {
    const keys: Keys = ['histograms', spec.name];
    const before = this.errors.length;
    let broken = false;
    const part = (key: Keys, text: string | undefined): { text: string; value: Value; keys: Keys } | undefined => {
      if (text === undefined) return undefined;
      const value = this.at([...keys, ...key], () => checkExpression(this.context, text));
      if (!value) broken = true;
      return value && { text, value, keys: [...keys, ...key] };
    };
    const axes = spec.axes.map((axis, k) => part(['axes', k, 'value'], axis.value));
    const select = part(['select'], spec.select);
    const weight = part(['weight'], spec.weight);
    const sample = part(['sample'], spec.sample);
    const per = part(['per'], spec.per);
    if (broken || this.errors.length > before) return undefined;
    const parts = [...axes, select, weight, sample].filter((one) => one !== undefined);
    const list = this.perList(per, parts);
    if (list === null) return undefined;
    const axisPrograms = axes.map(
      (one, k) => one && this.at(one.keys, () => this.axis(spec.axes[k], one.text, exprOf(one.value) as Expr)),
    );
    const selectExpr = select && this.at(select.keys, () => this.asCondition(select.text, select.value));
    const weightExpr = weight && this.at(weight.keys, () => this.asNumber(weight.text, weight.value));
    const sampleExpr = sample && this.at(sample.keys, () => this.asNumber(sample.text, sample.value));
    if (this.errors.length > before) return undefined;
    return {
      name: spec.name,
      ...(spec.title !== undefined && { title: spec.title }),
      storage: spec.storage ?? (this.isWeighted(spec) ? 'weighted' : 'count'),
      ...(list && { per: { list, var: this.context.nodes.graph.itemVariable(list) } }),
      axes: axisPrograms as AxisProgram[],
      ...(selectExpr && { select: selectExpr }),
      ...(weightExpr && { weight: weightExpr }),
      ...(sampleExpr && { sample: sampleExpr }),
    };
  }

  /** By the text alone: what a default stands in for is a constant in one file and a column in another, but they share a histogram. */
  private isWeighted(spec: HistogramSpec): boolean {
    const { weight = '1' } = this.document;
    return spec.weight !== undefined || Number(weight) !== 1;
  }

  /** The list that a histogram is filled per; undefined for once an event, null after an error. */
  private perList(
    per: { text: string; value: Value; keys: Keys } | undefined,
    parts: { text: string; value: Value; keys: Keys }[],
  ): List | undefined | null {
    const stated =
      per &&
      this.at(per.keys, () => {
        if (per.value.kind === 'array') return per.value.list;
        throw this.wrong(per.text, `per names a collection, not ${this.context.words(per.value)}`);
      });
    if (per && !stated) return null;
    let list = stated;
    for (const one of parts) {
      const { value, text, keys } = one;
      const fits = this.at(keys, () => {
        if (value.kind === 'one') return true;
        if (value.kind !== 'array')
          throw this.wrong(
            text,
            `a value is expected, not ${this.context.words(value)}`,
            value.kind === 'record' ? 'choose one of its fields' : undefined,
          );
        if (list && value.list !== list) {
          const names = `${this.context.nameOf(list)} and ${this.context.nameOf(value.list)}`;
          throw this.wrong(
            text,
            `one histogram is filled per item of one collection, not of ${names}`,
            'use the same selection everywhere in a histogram, or write two histograms',
          );
        }
        list ??= value.list;
        return true;
      });
      if (!fits) return null;
    }
    return list;
  }

  private asCondition(text: string, value: Value): Expr {
    const expr = exprOf(value);
    if (expr?.type.kind === 'bool') return expr;
    throw this.wrong(text, `a condition is expected, not ${this.context.words(value)}`);
  }

  private asNumber(text: string, value: Value): Expr {
    const expr = exprOf(value);
    if (expr && isNumber(expr.type)) return this.context.nodes.toFloat(expr);
    throw this.wrong(text, `a number is expected, not ${this.context.words(value)}`);
  }

  private axis(spec: AxisSpec, text: string, expr: Expr): AxisProgram {
    const { nodes } = this.context;
    const axis = axisOf(spec);
    const kind = expr.type.kind;
    const refuse = (what: string, hint?: string) =>
      this.wrong(text, `${what}, not ${this.context.words({ kind: 'one', expr })}`, hint);
    switch (axis.type) {
      case 'regular':
      case 'variable':
        if (!isNumber(expr.type))
          throw refuse(
            'this axis needs a number',
            kind === 'item' ? 'choose a field, e.g. .pt' : kind === 'vector' ? 'choose .mass, .pt, …' : undefined,
          );
        return { axis, value: nodes.toFloat(expr) };
      case 'intCategory':
        if (!isNumber(expr.type)) throw refuse('integer categories need an integer');
        return { axis, value: kind === 'bool' ? nodes.toInt(expr) : expr };
      case 'strCategory':
        if (kind !== 'string') throw refuse('these categories need a string');
        return { axis, value: expr };
      case 'boolean':
        if (kind !== 'bool')
          throw refuse(
            'a boolean axis needs a true/false value',
            isNumber(expr.type) ? 'compare it, e.g. … != 0' : undefined,
          );
        return { axis, value: expr };
    }
  }
}

const exprOf = (value: Value): Expr | undefined =>
  value.kind === 'one' ? value.expr : value.kind === 'array' ? value.body : undefined;

/** The axis of a specification that the schema has checked. */
export function axisOf(spec: AxisSpec): Axis {
  const common = {
    name: spec.value,
    ...(spec.label !== undefined && { label: spec.label }),
    ...(spec.unit !== undefined && { unit: spec.unit }),
  };
  if (spec.boolean) return { type: 'boolean', ...common };
  if (spec.edges) return { type: 'variable', edges: spec.edges, ...common };
  if (spec.categories) {
    return spec.categories.every((category) => typeof category === 'number')
      ? { type: 'intCategory', categories: spec.categories.map((category) => BigInt(category)), ...common }
      : { type: 'strCategory', categories: spec.categories.map(String), ...common };
  }
  const [lo, hi] = spec.range ?? [0, 1];
  return { type: 'regular', bins: spec.bins ?? 1, lo, hi, scale: spec.scale ?? 'linear', ...common };
}
