/** Help for whoever writes a document: what may stand at a place of its text, and what stands there. */
import { type Completion, type Completions, completeExpression } from '../expr/complete.ts';
import { type Explanation, explainAt } from '../expr/explain.ts';
import { usesOf } from '../expr/names.ts';
import type { Schema } from '../schema/schema.ts';
import { cursorAt, isExpressionPlace } from './cursor.ts';
import type { AnalysisDocument } from './document.ts';
import { keyWords } from './keyWords.ts';
import { locate } from './locate.ts';
import { knownKeys, knownValues } from './schema.ts';
import { contextAt } from './scope.ts';
import type { Keys } from './yamlTree.ts';

/** What is known of the data and of the last text that was a document. */
export interface Known {
  document?: AnalysisDocument;
  schema?: Schema;
}

const NO_DATA: Schema = { collections: new Map(), records: new Map(), columns: new Map() };

/** What may be written at an offset of a document's text. */
export function completeDocument(text: string, offset: number, known: Known): Completions | undefined {
  const cursor = cursorAt(text, offset);
  if (!cursor) return undefined;
  const { kind, keys, before, after } = cursor;
  if (kind === 'value' && isExpressionPlace(keys)) return completeAt(known, keys, before, after);
  // A mapping of which nothing is written yet is a value: `- ` of an axis. A file is a text more often.
  const names = keys[2] === 'files' && kind === 'value' ? [] : knownKeys(keys).concat(ownNames(keys, known));
  if (names.length > 0) {
    const hasColon = /^[\w-]*['"]?\s*:/.test(text.slice(offset));
    const options = names
      .filter((key) => kind === 'value' || !cursor.siblings.includes(key))
      .map(
        (label): Completion => ({
          label,
          kind: 'key',
          doc: keyWords([...keys, label]),
          ...(!hasColon && { apply: `${label}: ` }),
        }),
      );
    return { replaces: before.length, options };
  }
  const values = kind === 'key' ? [] : knownValues(keys).concat(namesAt(keys, known));
  if (values.length === 0) return undefined;
  return { replaces: before.length, options: values.map((label) => ({ label, kind: 'value' })) };
}

/** What may be written within the expression at a place of a document. */
export function completeAt(known: Known, keys: Keys, before: string, after: string): Completions | undefined {
  return completeExpression(contextAt(known.document, known.schema ?? NO_DATA, keys), before, after);
}

/** Names that keys of the document's own stand for: columns of `defaults`, definitions of `sliders`. */
function ownNames(keys: Keys, { document, schema }: Known): string[] {
  if (keys.length !== 1) return [];
  if (keys[0] === 'defaults') return [...(schema?.columns.keys() ?? [])];
  return keys[0] === 'sliders' ? (document?.define ?? []).map(({ name }) => name) : [];
}

/** Names that a value may be: histograms to lay over one another. */
function namesAt(keys: Keys, { document }: Known): string[] {
  const isOverlay = keys[0] === 'histograms' && keys[2] === 'view' && keys[3] === 'overlay';
  return isOverlay ? (document?.histograms ?? []).map(({ name }) => name).filter((name) => name !== keys[1]) : [];
}

/** What stands at an offset of a document's text: `span` is a place of the text. */
export function explainDocument(text: string, offset: number, known: Known): Explained | undefined {
  const cursor = cursorAt(text, offset);
  if (!cursor) return undefined;
  const { keys, before, after } = cursor;
  const whole = before + after;
  if (cursor.kind === 'key') {
    const span: [number, number] = [offset - before.length, offset + after.length];
    const doc = keyWords([...keys, whole]);
    if (doc !== undefined) return { span, title: whole, doc };
    return keys.length === 1 && keys[0] === 'define' ? explainDefinition(whole, span, known) : undefined;
  }
  if (!known.schema || !isExpressionPlace(keys)) return undefined;
  const found = explainAt(contextAt(known.document, known.schema, keys), whole, before.length);
  const span = found && locate(text, keys, found.span)?.span;
  if (!found || !span) return undefined;
  const expression = known.document?.define.find(({ name }) => name === found.definition)?.expression;
  return { ...found, span, expression, free: found.free && !meansOtherLater(found.title, keys, known) };
}

function explainDefinition(name: string, span: [number, number], { document, schema }: Known): Explained | undefined {
  const context = schema && contextAt(document, schema, []);
  const value = context?.definitions.get(name);
  if (!value) return undefined;
  const expression = document?.define.find((one) => one.name === name)?.expression;
  return { span, title: name, type: context?.words(value), expression, free: true };
}

/** Whether a part of a definition uses a name that this or a later definition gives another meaning: `Jet: Jet[…]`. */
function meansOtherLater(part: string, keys: Keys, { document }: Known): boolean {
  if (keys[0] !== 'define') return false;
  const names = document?.define.map(({ name }) => name) ?? [];
  return names.slice(names.indexOf(String(keys[1]))).some((name) => usesOf(part, name).length > 0);
}

/** An explanation at a place of the text. */
export type Explained = Pick<Explanation, 'title' | 'type' | 'unit' | 'doc'> & {
  span: [number, number];
  /** The expression of the definition that is named. */
  expression?: string;
  /** Whether the title is an expression that means the same anywhere: its value in an event can be asked for. */
  free?: boolean;
};
