/** What can be chosen from lists to be filled: collections and groups with their numbers, as the checker finds them. */
import type { AxisSpec } from '../../core/analysis/document.ts';
import { checkExpression } from '../../core/expr/check.ts';
import { members } from '../../core/expr/complete.ts';
import type { Context } from '../../core/expr/context.ts';
import type { Value } from '../../core/expr/value.ts';
import type { ColumnInfo } from '../../core/schema/column.ts';
import { columnRange } from '../store/columnRange.ts';
import type { FileState } from '../store/state.ts';
import { suggestAxis } from '../store/suggest.ts';

/** Stands for the event itself among the owners. */
export const EVENT = '';

/** Owners of quantities: definitions that are collections or have fields, collections, groups, the event. */
export function owners(context: Context): string[] {
  const defined = [...context.definitions].flatMap(([name, value]) =>
    value && quantities(context, value).length > 0 ? [name] : [],
  );
  const { collections, records } = context.schema;
  const stored = [...collections.values(), ...records.values()].filter(({ fields }) => fields.length > 0);
  return [...new Set([...defined, ...stored.map(({ name }) => name)])];
}

/** The numbers that an owner has. */
export function quantitiesOf(context: Context, owner: string): string[] {
  if (owner === EVENT) {
    const plain = [...context.schema.columns.values()].filter(({ depth, type }) => depth === 0 && type !== 'string');
    const numbers = [...context.definitions].flatMap(([name, value]) => (isNumber(value) ? [name] : []));
    return [...numbers, ...plain.map(({ name }) => name)];
  }
  const value = valueIn(context, owner);
  return value ? quantities(context, value) : [];
}

function quantities(context: Context, value: Value): string[] {
  return members(context, value)
    .filter(({ kind, detail }) => kind === 'field' && /^(number|integer|true)/.test(detail ?? ''))
    .map(({ label }) => label);
}

function isNumber(value: Value | undefined): boolean {
  const kind = value?.kind === 'one' ? value.expr.type.kind : undefined;
  return kind === 'float' || kind === 'int' || kind === 'uint' || kind === 'bool';
}

function valueIn(context: Context, text: string): Value | undefined {
  try {
    return checkExpression(context, text);
  } catch {
    return undefined;
  }
}

/** `Muon.pt` as an owner and its quantity; undefined for any other expression. */
export function chosen(expression: string): { owner: string; quantity: string } | undefined {
  const [, owner, quantity] = /^\s*(?:([\p{L}_][\p{L}\p{N}_]*)\.)?([\p{L}_][\p{L}\p{N}_]*)\s*$/u.exec(expression) ?? [];
  return quantity === undefined ? undefined : { owner: owner ?? EVENT, quantity };
}

export const expressionOf = (owner: string, quantity: string): string =>
  owner === EVENT ? quantity : `${owner}.${quantity}`;

/** An axis with bins that suit a quantity. */
export function axisFor(context: Context, files: FileState[][], owner: string, quantity: string): AxisSpec {
  const expression = expressionOf(owner, quantity);
  const value = valueIn(context, expression);
  const expr = value?.kind === 'one' ? value.expr : value?.kind === 'array' ? value.body : undefined;
  const name = expr && 'column' in expr ? expr.column : undefined;
  const type = expr?.type.kind;
  const column: ColumnInfo = (name !== undefined && context.schema.columns.get(name)) || {
    name: expression,
    type: type === 'bool' ? 'bool' : type === 'float' ? 'float64' : 'int64',
    depth: 0,
    nullable: false,
  };
  const groups = [...context.schema.collections.values(), ...context.schema.records.values()];
  const unit = groups.flatMap(({ fields }) => fields).find((field) => field.column.name === name)?.unit;
  return suggestAxis(expression, quantity, column, unit, name === undefined ? undefined : columnRange(files, name));
}
