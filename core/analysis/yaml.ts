import { Document } from 'yaml';
import type { PlainError } from '../errors.ts';
import { toWireForm } from './canonical.ts';
import type { AnalysisDocument } from './document.ts';
import { locateIn } from './locate.ts';
import { checkDocument, type DocumentIssue } from './schema.ts';
import { render, wireToMap } from './yamlNodes.ts';
import { placeOf, readTree, toWire, type YamlTree } from './yamlTree.ts';

export { type DocumentEdit, editDocument } from './edit.ts';
export { locate } from './locate.ts';

/** Complaints about one text at most: nobody reads more, and each takes a search for its place. */
const MOST = 100;

/**
 * Reads a document from YAML or JSON. Every error has its place in the text (`line`, `col`, `span`) and, where
 * the syntax is right, in the document (`path`, `keys`); all are given, up to a hundred, in the order of the text.
 *
 * ```ts
 * const { document, errors } = parseDocument(text);
 * ```
 */
export function parseDocument(text: string): { document?: AnalysisDocument; errors: PlainError[] } {
  const { tree, errors } = readTree(text);
  if (!tree || errors.length > 0) return { errors };
  const { wire, errors: formErrors } = toWire(tree);
  if (wire === undefined) return { errors: formErrors };
  const { document, issues } = checkDocument(wire);
  const all = new Map<string, PlainError>();
  for (const error of [...formErrors, ...issues.slice(0, MOST).map((issue) => toError(tree, issue))]) {
    // a value that can't be read (an alias) fails the schema too: one complaint about it is enough
    const place = error.place.path ?? `${error.place.span}`;
    if (!all.has(place)) all.set(place, error);
  }
  const errorsInOrder = [...all.values()].sort((a, b) => (a.place.span?.[0] ?? 0) - (b.place.span?.[0] ?? 0));
  return errorsInOrder.length > 0 ? { errors: errorsInOrder.slice(0, MOST) } : { document, errors: [] };
}

function toError(tree: YamlTree, { keys, ofKey, message, hint }: DocumentIssue): PlainError {
  return { tag: 'document', message, hint, place: { ...placeOf(keys), ...locateIn(tree, keys, { ofKey }) } };
}

/** The document as YAML: sections and their entries a line each, axes and lists of files in flow style. */
export function formatDocument(document: AnalysisDocument): string {
  return render(new Document(wireToMap(toWireForm(document)), { schema: 'core' }));
}
