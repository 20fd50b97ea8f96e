import { type PlainError, toPlain } from '../errors.ts';
import { BrokenDefinition, checkExpression } from '../expr/check.ts';
import type { Context } from '../expr/context.ts';
import { partsOf } from '../expr/parts.ts';
import type { Expr, List, Program } from '../expr/typedForm.ts';
import type { Value } from '../expr/value.ts';
import { identityColumn } from '../schema/eventIdentity.ts';
import type { Schema } from '../schema/schema.ts';
import { compileDocument } from './compile.ts';
import type { AnalysisDocument, Dataset } from './document.ts';
import { CERTIFIED, certifiedCondition } from './lumis.ts';
import { columnsOf } from './needed.ts';
import { contextAt } from './scope.ts';

/** One expression by itself: what it is, or why it is nothing. */
export interface Piece {
  expression: string;
  value?: Value;
  /** What it is, in words. */
  words?: string;
  error?: PlainError;
}

export interface CutPiece extends Piece {
  name: string;
  enabled: boolean;
  /** Parts of the expression that have a value, with their places in it. */
  parts: { span: [number, number]; value: Value }[];
}

/** A document taken apart, to be computed piece by piece for one event. */
export interface Inspection {
  context: Context;
  definitions: (Piece & { name: string })[];
  cuts: CutPiece[];
  weight?: Piece;
  values: Piece[];
  /** Columns that the pieces and the document's histograms read, and those that tell which event it is. */
  columns: string[];
  collections: Program['collections'];
}

/** Takes a document apart. Nothing in it makes this throw: what is wrong has an `error`. @param values further expressions */
export function inspectDocument(
  document: AnalysisDocument,
  schema: Schema,
  dataset: Dataset | undefined,
  values: readonly string[] = [],
): Inspection {
  const context = contextAt(document, schema, []);
  const definitions = document.define.map(({ name, expression }) => {
    const value = context.definitions.get(name);
    if (value) return { name, expression, value, words: context.words(value) };
    return { name, ...pieceOf(contextAt(document, schema, ['define', name]), expression) };
  });
  const cuts: CutPiece[] = [
    ...certifiedPiece(document, dataset, context),
    ...document.select.map(({ name, expression, enabled }) => ({
      name,
      enabled,
      ...pieceOf(context, expression),
      parts: partsWithValue(context, expression),
    })),
  ];
  const weight = document.weight === undefined ? undefined : pieceOf(context, document.weight);
  const extra = values.map((text) => pieceOf(context, text));
  const all = [...definitions, ...cuts, ...cuts.flatMap(({ parts }) => parts), ...extra, ...(weight ? [weight] : [])];
  const needed = columnsOf(
    all.flatMap(({ value }) => (value ? nodesOf(value) : [])),
    context.schema,
  );
  const program = compileDocument(document, schema, dataset).program;
  const identity = (['run', 'block', 'event'] as const).map((part) => identityColumn(schema, part));
  const columns = new Set([...identity, ...needed.columns, ...(program?.columns ?? [])]);
  return {
    context,
    definitions,
    cuts,
    ...(weight && { weight }),
    values: extra,
    columns: [...columns].filter((name) => name !== undefined && schema.columns.has(name)) as string[],
    collections: needed.collections,
  };
}

function pieceOf(context: Context, expression: string): Piece {
  try {
    const value = checkExpression(context, expression);
    return { expression, value, words: context.words(value) };
  } catch (error) {
    if (error instanceof BrokenDefinition) {
      const message = `${error.message} can't be computed`;
      return { expression, error: { tag: 'expression', message, hint: 'see its definition', place: {} } };
    }
    return { expression, error: toPlain(error) };
  }
}

function certifiedPiece({ lumis }: AnalysisDocument, dataset: Dataset | undefined, context: Context): CutPiece[] {
  if (!lumis || dataset?.lumis === false) return [];
  const cut = { name: CERTIFIED, expression: 'lumis', enabled: true, parts: [] };
  try {
    return [{ ...cut, value: { kind: 'one', expr: certifiedCondition(lumis, context) } }];
  } catch (error) {
    return [{ ...cut, error: toPlain(error) }];
  }
}

function partsWithValue(context: Context, expression: string): CutPiece['parts'] {
  let spans: [number, number][];
  try {
    spans = partsOf(expression);
  } catch {
    return [];
  }
  return spans.flatMap((span) => {
    const { value } = pieceOf(context, expression.slice(...span));
    return value && isPlain(value) ? [{ span, value }] : [];
  });
}

/** Numbers, strings, true or false and four-vectors, of the event or per item; not items themselves. */
function isPlain(value: Value): boolean {
  if (value.kind !== 'one' && value.kind !== 'array') return false;
  const { kind } = value.kind === 'one' ? value.expr.type : value.body.type;
  return kind !== 'item' && kind !== 'tuple' && kind !== 'union';
}

function nodesOf(value: Value): (Expr | List)[] {
  switch (value.kind) {
    case 'one':
      return [value.expr];
    case 'array':
      return [value.list, value.body];
    case 'literal':
      return value.items.flatMap(nodesOf);
    default:
      return [];
  }
}
