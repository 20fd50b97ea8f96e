import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
} from 'yaml';
import type { PlainError } from '../errors.ts';
import { LIMITS } from './formParts.ts';
import { PAIR_SECTIONS } from './schema.ts';
import { firstOfEachLine, syntaxComplaint } from './syntaxMessages.ts';

/**
 * From the text of a document to its syntax tree, and from there to the wire form of `schema.ts`.
 * JSON is read as the YAML that it is.
 */

export type Keys = readonly (string | number)[];

/** A place in a document's text. */
export interface TextRange {
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 units as editors count. */
  col: number;
  /** `[from, to)` in UTF-16 units. */
  span: [number, number];
}

export interface YamlTree {
  text: string;
  root: Document.Parsed;
  lines: LineCounter;
}

const DEEPEST = 12;

/** Keys whose value is text for people: `record: 12350` and `title: 2012` mean the words, not the numbers. */
const TEXT_KEYS = new Set([
  'title',
  'description',
  'name',
  'tree',
  'record',
  'doi',
  'licence',
  'note',
  'explanation',
  'experiment',
  'status',
  'luminosity',
  'energy',
  'label',
  'unit',
  'local',
  'sha256',
]);

/** Reads the syntax. Errors have places in the text; with errors there may still be a tree of what could be read. */
export function readTree(text: string): { tree?: YamlTree; errors: PlainError[] } {
  if (text.length > LIMITS.text) {
    return { errors: [{ tag: 'limit', message: `the document is longer than ${LIMITS.text} characters`, place: {} }] };
  }
  const tooDeep = deepNesting(text);
  const lines = new LineCounter();
  if (tooDeep >= 0) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
    const { span, ...place } = rangeOf(lines, tooDeep, tooDeep + 1);
    return { errors: [{ tag: 'limit', message: 'the document is nested too deeply', place: { ...place, span } }] };
  }
  const root = parseDocument(text, {
    schema: 'core',
    merge: false,
    stringKeys: true,
    uniqueKeys: false, // its check takes quadratic time; `toWire` looks for duplicates
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  });
  const errors = [...root.errors, ...root.warnings].slice(0, 100).map(
    (e): PlainError => ({
      tag: 'document',
      ...syntaxComplaint(e),
      place: rangeOf(lines, e.pos[0], Math.max(e.pos[1], e.pos[0] + 1)),
    }),
  );
  return { tree: { text, root, lines }, errors: firstOfEachLine(errors) };
}

export function rangeOf(lines: LineCounter, from: number, to: number): TextRange {
  const { line, col } = lines.linePos(from);
  return { line: Math.max(line, 1), col: Math.max(col, 1), span: [from, to] };
}

/**
 * The wire form, with what YAML allows and a document doesn't as errors: anchors and aliases (a few lines of
 * them can stand for gigabytes), tags, duplicate keys.
 */
export function toWire(tree: YamlTree): { wire: unknown; errors: PlainError[] } {
  const errors: PlainError[] = [];

  const fail = (node: Node | null, keys: Keys, message: string, hint?: string) => {
    const [from, to] = node?.range ?? [0, 0];
    errors.push({ tag: 'document', message, hint, place: { ...placeOf(keys), ...rangeOf(tree.lines, from, to) } });
  };

  const convert = (node: Node | null, keys: Keys): unknown => {
    if (node === null) return null;
    if (keys.length > DEEPEST) return fail(node, keys, 'is nested too deeply');
    if (isAlias(node)) return fail(node, keys, 'aliases (*name) are not supported', 'write the value out');
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null;
    if (node.anchor)
      return fail(node, keys, 'anchors (&name) are not supported', 'write the value out where it is needed');
    if (node.tag) return fail(node, keys, `tags (${node.tag}) are not supported`);
    if (isSeq(node) && node.flow && isTextPlace(keys))
      return fail(node, keys, 'a value must not start with [', 'put the whole value in quotes: "[j for j in Jet]"');
    if (isSeq(node)) return node.items.map((item, i) => convert(item as Node | null, [...keys, i]));
    if (isMap(node)) return convertMap(node.items as Pair<Scalar, Node | null>[], keys);
    return isTextPlace(keys) ? asText(node) : node.value;
  };

  const convertMap = (items: Pair<Scalar, Node | null>[], keys: Keys): unknown => {
    const seen = new Set<string>();
    const entries = items.map(({ key, value }): [string, unknown] => {
      const name = String(key.value);
      if (seen.has(name)) fail(key, [...keys, name], `${name} is there twice`);
      seen.add(name);
      return [name, convert(value, [...keys, name])];
    });
    if (keys.length === 1 && PAIR_SECTIONS.includes(String(keys[0]))) return entries;
    const object = Object.create(null) as Record<string, unknown>;
    for (const [name, value] of entries) object[name] = value;
    return object;
  };

  const { contents } = tree.root;
  if (!isMap(contents)) {
    fail(
      contents,
      [],
      contents === null || (isScalar(contents) && contents.value === null)
        ? 'the document is empty'
        : 'the document must be a mapping',
      'start with lumiscope: 1, with a space after the colon',
    );
    return { wire: undefined, errors };
  }
  const wire = convert(contents, []) as Record<string, unknown> | undefined;
  if (!wire) return { wire, errors };
  // `select:` with nothing below it is an empty section, as when all cuts are commented out
  for (const section of ['datasets', ...PAIR_SECTIONS]) if (wire[section] === null) delete wire[section];
  for (const section of PAIR_SECTIONS) {
    const value = (contents.get(section, true) ?? null) as Node | null;
    if (isSeq(value)) fail(value, [section], `${section} must be a mapping`, 'write name: value, without a dash');
    else if (isScalar(value) && value.value !== null)
      fail(value, [section], `${section} must be a mapping`, 'write name: value, with a space after the colon');
    else continue;
    wire[section] = [];
  }
  return { wire, errors };
}

export function placeOf(keys: Keys): { path?: string; keys?: (string | number)[] } {
  return keys.length === 0 ? {} : { path: keys.join('.'), keys: [...keys] };
}

/** Whether the value at a place is text (an expression or words), however it is spelled in YAML. */
function isTextPlace(keys: Keys): boolean {
  const [section] = keys;
  const last = keys[keys.length - 1];
  if (section === 'define') return keys.length === 2;
  if (section === 'select') return keys.length === 2 || last === 'cut';
  if (section === 'defaults') return false;
  if (
    section === 'histograms' &&
    keys.length > 2 &&
    ['select', 'weight', 'per', 'value', 'sample'].includes(String(last))
  )
    return true;
  return (section === 'weight' && keys.length === 1) || (typeof last === 'string' && TEXT_KEYS.has(last));
}

/** A scalar as text: a number as it was written (`weight: 1.50`), a boolean as Python spells it; null stays null. */
function asText(node: Scalar): unknown {
  if (typeof node.value === 'number') return node.source ?? String(node.value);
  if (typeof node.value === 'boolean') return node.value ? 'True' : 'False';
  return node.value;
}

/** Levels of brackets, or of blocks, that a text may have: many more than a document, far fewer than the parser's stack. */
const DEEPEST_TEXT = 200;

/**
 * Offset where a text is nested more deeply than any document is, or −1. The YAML parser recurses, and a browser that runs out of
 * stack while it compiles a regular expression ends the whole page, not just the call; so this looks at the bare text first.
 * Brackets within strings and comments count too.
 */
function deepNesting(text: string): number {
  let brackets = 0;
  /** Columns at which the blocks begin that the line lies in. */
  const blocks: number[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const [, { length: indent }, indicators] = /^( *)((?:[-?:](?:[ \t]+|$))*)/.exec(line) as unknown as [
      0,
      string,
      string,
    ];
    if (indent < line.length) {
      while (blocks.length > 0 && blocks[blocks.length - 1] >= indent) blocks.pop();
      blocks.push(indent);
      for (const { index } of indicators.matchAll(/[-?:]/g)) blocks.push(indent + index + 1);
    }
    if (blocks.length > DEEPEST_TEXT) return start + indent;
    // `a: b: c`, outside brackets
    let colons = 0;
    for (let i = 0; i < line.length; i++) {
      if (line[i] === '[' || line[i] === '{') brackets++;
      else if (line[i] === ']' || line[i] === '}') brackets = Math.max(0, brackets - 1);
      else if (line[i] === ':' && brackets === 0 && line[i + 1] === ' ') colons++;
      if (brackets > DEEPEST_TEXT || colons > DEEPEST_TEXT) return start + i;
    }
    start += line.length + 1;
  }
  return -1;
}
