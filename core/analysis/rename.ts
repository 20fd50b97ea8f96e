/** Other names for parts of a document, wherever they are used. */
import { isMap, isScalar, isSeq, type Node, type Scalar, visit, type YAMLMap } from 'yaml';
import { LumiscopeError } from '../errors.ts';
import { nameAt, replaceUses, usesOf } from '../expr/names.ts';
import { cursorAt, isExpressionPlace, keysOf } from './cursor.ts';
import { locate } from './locate.ts';
import { merge } from './merge.ts';
import { definitionNameProblem } from './schema.ts';
import { textNode } from './yamlNodes.ts';
import type { Keys } from './yamlTree.ts';

/** What can be renamed: `name` is its present name, `span` its place in the text. */
export interface Nameable {
  kind: 'definition' | 'cut' | 'histogram';
  name: string;
  span: [number, number];
}

const SECTIONS: Record<string, Nameable['kind']> = {
  define: 'definition',
  sliders: 'definition',
  select: 'cut',
  histograms: 'histogram',
};

/** What at an offset of a text can be renamed: the key of an entry, or a definition's name in an expression. */
export function nameableAt(text: string, offset: number, definitions: readonly string[]): Nameable | undefined {
  const cursor = cursorAt(text, offset);
  if (!cursor) return undefined;
  const { keys, before, after } = cursor;
  const whole = before + after;
  if (cursor.kind === 'key') {
    const kind = keys.length === 1 ? SECTIONS[String(keys[0])] : undefined;
    return kind && { kind, name: whole, span: [offset - before.length, offset + after.length] };
  }
  if (!isExpressionPlace(keys)) return undefined;
  const found = nameAt(whole, before.length);
  const span = found && definitions.includes(found.name) && locate(text, keys, found.span)?.span;
  return span ? { kind: 'definition', name: found.name, span } : undefined;
}

/**
 * Renames a definition in a document's tree: its key, its uses in expressions, its slider.
 * @throws LumiscopeError `document` where the name is no name, is taken, or would come to mean something else
 */
export function renameDefinition(root: YAMLMap, name: string, to: string): void {
  const define = entries(root, 'define');
  const own = define.findIndex(({ key }) => nameOf(key) === name);
  if (own < 0) throw new LumiscopeError('document', `there is no definition ${name}`);
  if (name === to) return;
  const problem = definitionNameProblem(to);
  if (problem) throw new LumiscopeError('document', `${to || 'an empty name'} ${problem}`);
  if (define.some(({ key }) => nameOf(key) === to)) throw new LumiscopeError('document', `there is a ${to} already`);
  const changes: [Scalar, string][] = [];
  forEachExpression(root, (node, keys) => {
    const text = textOf(node);
    if (keys[0] === 'define' && define.findIndex(({ key }) => nameOf(key) === keys[1]) <= own) return;
    if (usesOf(text, to).length > 0)
      throw new LumiscopeError('document', `${to} has a meaning already, in ${keys.slice(0, 2).join(' ')}`, {
        hint: 'take a name that no expression uses',
      });
    const uses = usesOf(text, name);
    if (uses.some(({ bound }) => bound.has(to)))
      throw new LumiscopeError(
        'document',
        `${to} is a variable of a loop that uses ${name}, in ${keys.slice(0, 2).join(' ')}`,
      );
    if (uses.length > 0) changes.push([node, replaceUses(text, uses, to)]);
  });
  for (const [node, text] of changes) merge(node, textNode(text));
  for (const section of ['define', 'sliders'])
    for (const { key } of entries(root, section)) if (nameOf(key) === name) call(key as Scalar, to);
}

/** Gives an entry of a section another name. @throws LumiscopeError `document` where that is taken */
export function renameEntry(root: YAMLMap, section: 'select' | 'histograms', name: string, to: string): void {
  const all = entries(root, section);
  const entry = all.find(({ key }) => nameOf(key) === name);
  if (!entry) throw new LumiscopeError('document', `there is no ${name} in the document`);
  if (to === '') throw new LumiscopeError('document', 'a name is needed');
  if (to !== name && all.some(({ key }) => nameOf(key) === to))
    throw new LumiscopeError('document', `there is a ${to} already`);
  call(entry.key as Scalar, to);
  if (section === 'histograms') renameOverlays(all, name, to);
}

function renameOverlays(histograms: YAMLMap['items'], name: string, to: string): void {
  for (const { value } of histograms) {
    const overlay = isMap(value) ? value.getIn(['view', 'overlay']) : undefined;
    if (!isSeq(overlay)) continue;
    for (const item of overlay.items) if (isScalar(item) && textOf(item) === name) call(item, to);
  }
}

/** A name, in quotes only where it needs them. */
function call(node: Scalar, name: string): void {
  node.value = name;
  node.type = undefined;
  node.source = undefined;
}

function forEachExpression(root: YAMLMap, act: (node: Scalar, keys: Keys) => void): void {
  visit(root, {
    Scalar(part, node, path) {
      const keys = part === 'key' ? [] : keysOf([...path, node]);
      if (isExpressionPlace(keys) && node.value !== null) act(node, keys);
    },
  });
}

function entries(root: YAMLMap, section: string): YAMLMap['items'] {
  const map = root.get(section);
  return isMap(map) ? map.items : [];
}

const nameOf = (key: unknown): string => (isScalar(key) ? String(key.value) : '');

const textOf = (node: Node): string => {
  const { value, source } = node as Scalar;
  return typeof value === 'string' ? value : (source ?? String(value));
};
