import { isMap, isNode, isPair, isScalar, isSeq, type Node, type Pair, Scalar } from 'yaml';
import { type Keys, rangeOf, readTree, type TextRange, type YamlTree } from './yamlTree.ts';

/**
 * Where in a document's text the value at `keys` stands, or as much of the way there as exists.
 * `['define', 'good']`, `['select', 'two muons']`, `['histograms', 'm', 'axes', 0, 'value']`; a cut's expression is
 * found in both of its forms. `within` is a span in characters of the value as it was parsed, such as that of an error in an
 * expression; it is followed through quotes, escapes and folded lines.
 */
export function locate(text: string, keys: Keys, within?: readonly [number, number]): TextRange | undefined {
  const { tree } = readTree(text);
  return tree && locateIn(tree, keys, { within });
}

/** As `locate`, in a text that is parsed already; `ofKey` asks for the key instead of its value. */
export function locateIn(
  tree: YamlTree,
  keys: Keys,
  options: { within?: readonly [number, number]; ofKey?: boolean } = {},
): TextRange {
  let value: Node | null = tree.root.contents;
  let key: Node | null = null;
  let depth = 0;
  for (; depth < keys.length; depth++) {
    const step = keys[depth];
    const pair = isMap(value) ? findPair(value.items, String(step)) : undefined;
    const item = isSeq(value) ? value.items[Number(step)] : undefined;
    if (!pair && !isNode(item)) break;
    key = pair ? pair.key : null;
    value = pair ? pair.value : (item as Node);
  }
  if (keys[0] === 'select' && keys.length === 2 && isMap(value)) {
    const cut = findPair(value.items, 'cut')?.value;
    if (isScalar(cut)) value = cut;
  }
  // what is not there is shown at the key of what should have it, or its first key: all of that would mark half a page
  const missing = depth < keys.length;
  const first = isMap(value) ? (value.items[0]?.key as Node | undefined) : undefined;
  const node = (options.ofKey || missing ? (key ?? first ?? value) : value) ?? key;
  const [from, to] = node?.range ?? [0, 0];
  if (node === value && options.within && isScalar(value)) {
    const characters = characterRanges(tree.text, value);
    const [start, end] = options.within.map((i) => Math.min(i, characters.length - 1));
    return rangeOf(tree.lines, characters[start][0], characters[end > start ? end - 1 : start][end > start ? 1 : 0]);
  }
  return rangeOf(tree.lines, from, trimmedEnd(tree.text, from, to));
}

function findPair(items: unknown[], name: string): Pair<Node, Node | null> | undefined {
  return items.find(
    (item): item is Pair<Node, Node | null> => isPair(item) && isScalar(item.key) && String(item.key.value) === name,
  );
}

/** The end of a range without the line breaks and blanks that YAML counts to it. */
function trimmedEnd(text: string, from: number, to: number): number {
  return from + Math.max(text.slice(from, to).trimEnd().length, Math.min(1, to - from));
}

/**
 * For each character of a scalar's value its range in the text, and one more for the end: the value is replayed against
 * its source by the rules of YAML 1.2. In flow scalars (section 7.3) one line break is a space and n + 1 are n line breaks, `''` stands
 * in single quotes, escapes in double quotes; in block scalars (section 8.1) lines lose their indentation.
 */
function characterRanges(text: string, node: Scalar): [number, number][] {
  const value = node.source ?? String(node.value);
  const [from, to] = node.range ?? [0, 0];
  const block = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
  const quoted = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE;
  const firstLine = block ? text.indexOf('\n', from) + 1 : from;
  const indent = block ? (/\S/.exec(text.slice(firstLine, to))?.index ?? 0) - lastLineStart(text, firstLine, to) : 0;
  const fold = block ? new RegExp(`(?:\\r?\\n {0,${indent}})+`, 'y') : /[ \t]*(?:\r?\n[ \t]*)+/y;

  const ranges: [number, number][] = [];
  let at = block ? firstLine + indent : quoted ? from + 1 : from;
  const take = (characters: number, length: number) => {
    for (let n = 0; n < characters; n++) ranges.push([at, at + length]);
    at += length;
  };
  while (ranges.length < value.length) {
    fold.lastIndex = at;
    const [folded] = fold.exec(text) ?? [];
    if (folded !== undefined) {
      const breaks = folded.split('\n').length - 1;
      take(block ? breakCount(value, ranges.length) : Math.max(breaks - 1, 1), folded.length);
    } else if (node.type === Scalar.QUOTE_DOUBLE && text[at] === '\\') {
      const { length, characters } = escapeAt(text, at);
      take(characters, length);
    } else if (node.type === Scalar.QUOTE_SINGLE && text[at] === "'") take(1, 2);
    else take(1, 1);
    if (at > to) break;
  }
  const end = Math.min(at, quoted ? to - 1 : to);
  while (ranges.length <= value.length) ranges.push([end, end]);
  return ranges;
}

/** Characters of a block scalar's value that a run of line breaks in the source stands for. */
function breakCount(value: string, i: number): number {
  return /^\n+/.exec(value.slice(i))?.[0].length ?? 1;
}

/** Start of the first line with text, from the start of the block. */
function lastLineStart(text: string, firstLine: number, to: number): number {
  const blank = /^\s*/.exec(text.slice(firstLine, to))?.[0] ?? '';
  return blank.lastIndexOf('\n') + 1;
}

/** Length of an escape in the text, and how many characters it stands for (YAML 1.2, section 5.7). */
function escapeAt(text: string, at: number): { length: number; characters: number } {
  const code = text[at + 1];
  if (code === 'x') return { length: 4, characters: 1 };
  if (code === 'u') return { length: 6, characters: 1 };
  if (code === 'U')
    return { length: 10, characters: Number.parseInt(text.slice(at + 2, at + 10), 16) > 0xffff ? 2 : 1 };
  const lineBreak = /^\\\r?\n[ \t]*/.exec(text.slice(at, at + 1000))?.[0];
  return lineBreak ? { length: lineBreak.length, characters: 0 } : { length: 2, characters: 1 };
}
