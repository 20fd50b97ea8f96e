import { LumiscopeError } from '../errors.ts';
import { checkExpression } from '../expr/check.ts';
import type { Context } from '../expr/context.ts';
import { isScalar } from '../expr/nodes.ts';
import type { Expr, List } from '../expr/typedForm.ts';
import type { Schema } from '../schema/schema.ts';
import type { AnalysisDocument } from './document.ts';
import { contextAt } from './scope.ts';

/** Values that a table shows where nobody chose any. */
const MOST_DEFAULTS = 6;

/** An expression with one value an event, as a table of events has. @throws LumiscopeError `expression` for any other */
export function eventValue(context: Context, text: string): Expr {
  const value = checkExpression(context, text);
  if (value.kind === 'one' && isScalar(value.expr.type)) return value.expr;
  throw new LumiscopeError('expression', `a table has one value an event, not ${context.words(value)}`, {
    hint:
      value.kind === 'array' && value.body.op === 'var'
        ? 'count its items with len(…), or take a value of one of them'
        : value.kind === 'array'
          ? 'choose one item, as in …[0], or reduce them, as with max(…)'
          : 'choose one of its values, e.g. .pt',
    place: { span: [0, text.length] },
  });
}

/** An expression with a scalar for each item of a list, as a list of these. @throws LumiscopeError `expression` for any other */
export function scalarList(context: Context, text: string): List {
  const value = checkExpression(context, text);
  if (value.kind === 'array' && isScalar(value.body.type)) {
    const { graph } = context.nodes;
    return context.nodes.map(value.list, graph.itemVariable(value.list), value.body);
  }
  throw new LumiscopeError('expression', `one value for each item of a list is expected, not ${context.words(value)}`, {
    hint: value.kind === 'array' ? 'choose a field of the items, e.g. .pt' : undefined,
    place: { span: [0, text.length] },
  });
}

/** What of a document tells events apart: definitions that are one value, counts of those that are lists, axes filled once an event. */
export function suggestedValues(document: AnalysisDocument, schema: Schema): string[] {
  const context = contextAt(document, schema, []);
  const isValue = (text: string) => {
    try {
      return eventValue(context, text).op !== 'const';
    } catch {
      return false;
    }
  };
  const definitions = document.define.map(({ name }) =>
    context.definitions.get(name)?.kind === 'array' ? `len(${name})` : name,
  );
  const axes = document.histograms.flatMap((spec) => spec.axes.map(({ value }) => value));
  return [...new Set([...definitions, ...axes])].filter(isValue).slice(0, MOST_DEFAULTS);
}
