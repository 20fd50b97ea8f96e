/** Names to complete: columns by collection, definitions, functions, and the keys of a document. */
import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete';
import type { ExplorerState } from '../store/state.ts';

const FUNCTIONS = (
  'len sum min max mean any all argmin argmax combinations cartesian concatenate sort fill_none ' +
  'sqrt exp log log10 sin cos tan asin acos atan atan2 sinh cosh tanh hypot abs sign floor ceil round clip isnan where'
).split(' ');
const VECTOR = ['pt', 'eta', 'phi', 'mass', 'px', 'py', 'pz', 'E', 'rapidity', 'deltaR', 'deltaphi', 'deltaeta'];
const KEYS: Record<string, string[]> = {
  top: ['lumiscope', 'title', 'description', 'datasets', 'define', 'select', 'weight', 'histograms', 'defaults'],
  histograms: [
    'axes',
    'title',
    'select',
    'weight',
    'storage',
    'per',
    'value',
    'bins',
    'range',
    'scale',
    'edges',
    'categories',
    'boolean',
    'label',
    'unit',
  ],
  datasets: ['name', 'files', 'source'],
};

/** Completes at the cursor from what the state knows. */
export function completeExpression(state: () => ExplorerState): CompletionSource {
  return (context) => keyCompletions(context) ?? member(context, state()) ?? names(context, state());
}

/** The start of a line or of an entry: a key of the document. */
function keyCompletions(context: CompletionContext): CompletionResult | null {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const top = /^[a-z]*$/.exec(before);
  if (top && (before !== '' || context.explicit)) return { from: line.from, options: options(KEYS.top!, 'property') };
  const inner = /^(\s+(?:- )?\{?\s*|.*[{,]\s*)([a-z]+)$/.exec(before);
  const section = inner && sectionAt(context);
  const keys = section && KEYS[section];
  if (!keys || !inner || /[([]/.test(unclosed(before))) return null;
  return { from: context.pos - inner[2]!.length, options: options(keys, 'property') };
}

/** The brackets that are open at the end of a text, but for braces of flow mappings. */
function unclosed(text: string): string {
  const open: string[] = [];
  for (const c of text) {
    if ('([{'.includes(c)) open.push(c);
    else if (')]}'.includes(c)) open.pop();
  }
  return open.join('');
}

function sectionAt(context: CompletionContext): string | undefined {
  for (let n = context.state.doc.lineAt(context.pos).number; n > 0; n--) {
    const key = /^([a-z]+):/.exec(context.state.doc.line(n).text)?.[1];
    if (key) return key;
  }
  return undefined;
}

/** After a dot: the fields of a collection or record, or those of any four-vector. */
function member(context: CompletionContext, { schema }: ExplorerState): CompletionResult | null {
  const match = context.matchBefore(/[\p{L}\p{N}_\])]+\.[\p{L}\p{N}_]*/u);
  if (!match) return null;
  const [owner = '', typed = ''] = match.text.split('.');
  const from = context.pos - typed.length;
  const group = schema?.collections.get(owner) ?? schema?.records.get(owner);
  if (!group) return { from, options: options(VECTOR, 'property') };
  const fields: Completion[] = group.fields.map(({ name, column, unit }) => ({
    label: name,
    type: 'property',
    detail: `${column.type}${unit ? ` ${unit}` : ''}`,
  }));
  const references: Completion[] = (schema?.collections.get(owner)?.references ?? []).map((r) => ({
    label: r.name,
    type: 'property',
    detail: `→ ${r.target}`,
  }));
  return { from, options: [...fields, ...references], validFor: /^[\p{L}\p{N}_]*$/u };
}

function names(context: CompletionContext, { schema, document, definitions }: ExplorerState): CompletionResult | null {
  const word = context.matchBefore(/[\p{L}_][\p{L}\p{N}_]*/u);
  if (!word && !context.explicit) return null;
  const line = context.state.doc.lineAt(context.pos);
  if (!context.explicit && !/[:{,([=<>&|+\-*/~ ]/.test(line.text.slice(0, context.pos - line.from))) return null;
  const own: Completion[] = (document?.define ?? []).map((d) => ({
    label: d.name,
    type: 'variable',
    detail: definitions.get(d.name),
    boost: 2,
  }));
  const groups: Completion[] = [...(schema?.collections.keys() ?? []), ...(schema?.records.keys() ?? [])].map(
    (label) => ({ label, type: 'class', boost: 1 }),
  );
  const columns: Completion[] = [...(schema?.columns.values() ?? [])].map((c) => ({
    label: c.name,
    type: 'variable',
    detail: c.type,
    boost: -1,
  }));
  return {
    from: word?.from ?? context.pos,
    options: [...own, ...groups, ...options(FUNCTIONS, 'function'), ...columns],
    validFor: /^[\p{L}\p{N}_]*$/u,
  };
}

function options(labels: readonly string[], type: string): Completion[] {
  return labels.map((label) => ({ label, type }));
}
