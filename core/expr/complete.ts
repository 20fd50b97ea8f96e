/** What may be written at a place of an expression: names with their types, and the fields of what stands before a dot. */
import type { SyntaxNode } from '@lezer/common';
import { VALUE_BYTES } from '../schema/column.ts';
import type { Field } from '../schema/schema.ts';
import type { Ast } from './ast.ts';
import type { Context, Scope } from './context.ts';
import { FUNCTIONS } from './functions.ts';
import { scopeAt, tolerantTree, valueIn } from './inside.ts';
import { member } from './members.ts';
import type { Type } from './typedForm.ts';
import { typeInWords, type Value } from './value.ts';
import { VECTOR_METHODS, VECTOR_PROPERTIES, VECTOR_WORDS, type VectorMethod, type VectorProperty } from './vectors.ts';

/** Something that may be written. */
export interface Completion {
  label: string;
  kind:
    | 'variable'
    | 'definition'
    | 'collection'
    | 'group'
    | 'column'
    | 'function'
    | 'field'
    | 'method'
    | 'key'
    | 'value';
  /** A few words beside the name: its type, the signature of a function. */
  detail?: string;
  /** What it is and does. */
  doc?: string;
  /** What is written, where it is more than the name. */
  apply?: string;
}

export interface Completions {
  /** Characters before the place that what is chosen stands in for. */
  replaces: number;
  options: Completion[];
}

/** Stands for what is still to be written; no name of a column. */
const MARK = 'lumiscope_cursor_';
const WORD_BEFORE = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Nd}\p{Pc}]*$/u;
const WORD_AFTER = /^[\p{L}\p{Nl}\p{Mn}\p{Nd}\p{Pc}]*/u;

/** Completes between two parts of an expression; undefined where nothing can be named, as within a string. */
export function completeExpression(context: Context, before: string, after: string): Completions | undefined {
  const word = WORD_BEFORE.exec(before)?.[0] ?? '';
  const head = before.slice(0, before.length - word.length);
  if (/[\p{N}_]$/u.test(head) || /(^|[^\p{L}\p{N}_.])\d+\.$/u.test(head)) return undefined;
  const text = head + MARK + after.replace(WORD_AFTER, '');
  const place = tolerantTree(text).resolveInner(head.length + 1, 0);
  const scope = scopeAt(context, text, place);
  if (place.name === 'PropertyName') {
    const options = ownerMembers(context, text, place, scope);
    return options && { replaces: word.length, options };
  }
  if (place.name !== 'VariableName' || place.parent?.name === 'ParamList' || isLoopName(place)) return undefined;
  return { replaces: word.length, options: names(context, scope) };
}

const isLoopName = (node: SyntaxNode): boolean => node.prevSibling?.name === 'for';

function ownerMembers(context: Context, text: string, place: SyntaxNode, scope: Scope): Completion[] | undefined {
  const owner = place.parent?.firstChild;
  const value = owner && valueIn(context, text.slice(owner.from, owner.to), scope);
  return value ? members(context, value) : undefined;
}

/** Everything that a dot after a value may be followed by, with the types that the checker finds. */
export function members(context: Context, value: Value): Completion[] {
  const ast: Ast = { kind: 'none', span: [0, 0] };
  const type = typeOf(value);
  const fields = fieldsOf(context, value);
  const options: Completion[] = [];
  for (const name of new Set(candidates(context, value, type))) {
    try {
      const found = member(context, { value, ast }, name, [0, 0]);
      const field = fields.find((one) => one.name === name);
      options.push({ label: name, kind: 'field', ...describe(context, found, field, name) });
    } catch {
      // A field of one part of a concatenation only, a list of lists, a four-vector's property without its components.
    }
  }
  const has = (name: string) => options.some(({ label }) => label === name);
  for (const name of VECTOR_METHODS) {
    if ((name === 'deltaphi' || has('eta')) && (name === 'deltaeta' || has('phi')) && type)
      options.push({ label: name, kind: 'method', detail: '(other)', doc: VECTOR_WORDS[name], apply: `${name}(` });
  }
  return options;
}

function typeOf(value: Value): Type | undefined {
  return value.kind === 'one' ? value.expr.type : value.kind === 'array' ? value.body.type : undefined;
}

function fieldsOf({ schema }: Context, value: Value): readonly Field[] {
  if (value.kind === 'record') return value.record.fields;
  const type = typeOf(value);
  return type?.kind === 'item' ? (schema.collections.get(type.collection)?.fields ?? []) : [];
}

function candidates(context: Context, value: Value, type: Type | undefined): string[] {
  if (value.kind === 'record') return [...value.record.fields.map(({ name }) => name), ...VECTOR_PROPERTIES];
  switch (type?.kind) {
    case 'item': {
      const collection = context.schema.collections.get(type.collection);
      return [...(collection?.fields ?? []), ...(collection?.references ?? [])]
        .map(({ name }) => name)
        .concat(VECTOR_PROPERTIES);
    }
    case 'tuple':
      return [...type.names];
    case 'union':
      return candidates(context, value, type.parts[0]);
    case 'vector':
      return [...VECTOR_PROPERTIES];
    default:
      return [];
  }
}

/** Type and meaning of a field, a reference, a part or a property. */
function describe(context: Context, found: Value, field: Field | undefined, name: string) {
  const type = typeOf(found);
  const unit = field?.unit ? ` ${field.unit}` : '';
  const words = type ? bare(typeInWords(type)) : context.words(found);
  const expr = found.kind === 'one' ? found.expr : found.kind === 'array' ? found.body : undefined;
  const optional = expr?.optional ? ' or missing' : '';
  const column = field && `column ${field.column.name}, ${field.column.type}, ${VALUE_BYTES[field.column.type]} bytes`;
  const property = VECTOR_WORDS[name as VectorProperty | VectorMethod] as string | undefined;
  return {
    detail: words + unit + optional,
    doc: [property, context.words(found) + (unit && `, in${unit}`), column].filter(Boolean).join('\n'),
  };
}

/** Words without their article; a list by its own name is a collection. */
const bare = (words: string): string => words.replace(/^an? /, '').replace(/^the collection .*/, 'collection');

function names(context: Context, scope: Scope): Completion[] {
  const { schema, definitions } = context;
  const options: Completion[] = [];
  const add = (option: Completion) => {
    if (!options.some(({ label }) => label === option.label)) options.push(option);
  };
  for (const [label, value] of scope) add({ label, kind: 'variable', detail: bare(context.words(value)) });
  for (const [label, value] of definitions)
    add({ label, kind: 'definition', detail: value ? bare(context.words(value)) : 'has an error' });
  for (const { name, fields } of schema.collections.values())
    add({ label: name, kind: 'collection', detail: 'collection', doc: fieldList(fields) });
  for (const { name, fields } of schema.records.values())
    add({ label: name, kind: 'group', detail: 'group', doc: fieldList(fields) });
  for (const { name, signature, summary } of FUNCTIONS)
    add({
      label: name,
      kind: 'function',
      detail: signature.slice(name.length).replace(/ · .*/, ' …'),
      doc: `${signature}\n${summary}`,
      apply: `${name}(`,
    });
  const known = new Set(options.map(({ label }) => label));
  for (const { name, type, depth } of schema.columns.values())
    if (!known.has(name)) options.push({ label: name, kind: 'column', detail: type + '[]'.repeat(depth) });
  return options;
}

function fieldList(fields: readonly Field[]): string {
  const few = fields.slice(0, 8).map(({ name }) => `.${name}`);
  return few.join(' ') + (fields.length > few.length ? ` and ${fields.length - few.length} more` : '');
}
