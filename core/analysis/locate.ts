import { isMap, isPair, isScalar, isSeq, type Node, type Pair, Scalar } from 'yaml';
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
  let node: Node | null = tree.root.contents;
  let key: Node | null = null;
  let found = true;
  for (const [depth, step] of keys.entries()) {
    const pair = isMap(node) ? findPair(node.items, String(step)) : undefined;
    const next = pair ? pair.value : isSeq(node) ? (node.items[Number(step)] as Node | undefined) : undefined;
    if (!pair && next === undefined) {
      found = depth === keys.length;
      break;
    }
    key = pair ? (pair.key as Node) : null;
    node = (next ?? null) as Node | null;
  }
  if (keys[0] === 'select' && keys.length === 2 && isMap(node)) {
    const cut = findPair(node.items, 'cut');
    if (isScalar(cut?.value)) node = cut.value;
  }
  const [from, to] = ((options.ofKey && key) || node || key)?.range ?? [0, Math.min(1, tree.text.length)];
  if (!found || options.ofKey || !options.within || !isScalar(node)) {
    // a missing key of a mapping is shown at the mapping's own key: the whole mapping would mark half a page
    const [start, end] = !found && key?.range ? key.range : [from, to];
    return rangeOf(tree.lines, start, firstLineEnd(tree.text, start, end));
  }
  const offsets = characterOffsets(tree.text, node);
  const last = offsets.length - 1;
  const start = offsets[Math.min(options.within[0], last)];
  const end = Math.max(offsets[Math.min(options.within[1], last)], start);
  return rangeOf(tree.lines, start, end);
}

function findPair(items: unknown[], name: string): Pair<Node, Node | null> | undefined {
  return items.find(
    (item): item is Pair<Node, Node | null> => isPair(item) && isScalar(item.key) && String(item.key.value) === name,
  );
}

/** A range without the line breaks and blanks at its end. */
function firstLineEnd(text: string, from: number, to: number): number {
  let end = to;
  while (end > from + 1 && /\s/.test(text[end - 1])) end--;
  return Math.max(end, from);
}

/**
 * For each character of a scalar's value its offset in the text, and one more for the end. The value is replayed
 * against the source by the rules of YAML 1.2 (section 7.3 for flow scalars, 8.1 for block scalars): one line break is a
 * space, n + 1 are n line breaks; `''` in single quotes; escapes in double quotes; indentation in blocks.
 */
function characterOffsets(text: string, node: Scalar): number[] {
  const value = String(node.source ?? node.value);
  const [from, to] = node.range ?? [0, 0];
  const block = node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED;
  const quoted = node.type === Scalar.QUOTE_DOUBLE || node.type === Scalar.QUOTE_SINGLE;
  let at = from;
  if (quoted) at++;
  if (block) at = skipIndent(text, text.indexOf('\n', from) + 1, to);
  const offsets: number[] = [];
  let i = 0;
  while (i < value.length) {
    if (node.type === Scalar.QUOTE_DOUBLE && text[at] === '\\') {
      const escape = escapeLength(text, at);
      if (escape.characters === 0) {
        at = skipIndent(text, at + escape.length, to);
        continue;
      }
      for (let n = 0; n < escape.characters; n++) offsets.push(at);
      i += escape.characters;
      at += escape.length;
    } else if (node.type === Scalar.QUOTE_SINGLE && value[i] === "'") {
      offsets.push(at);
      at += 2;
      i++;
    } else {
      const fold = /^[ \t]*\r?\n/.exec(text.slice(at, Math.min(to, at + 1000)));
      if (fold && (value[i] === ' ' || value[i] === '\n') && text[at] !== value[i]) {
        offsets.push(at);
        at = block ? skipIndent(text, at + fold[0].length, to) : skipBlank(text, at, to);
        i++;
        // the other line breaks of the same fold
        while (!block && value[i] === '\n') {
          offsets.push(at);
          i++;
        }
      } else if (fold && value[i] === '\n') {
        offsets.push(at);
        at = block ? skipIndent(text, at + fold[0].length, to) : skipBlank(text, at, to);
        i++;
      } else if (fold && value[i] === ' ' && !block && !/^[ \t]*\r?\n/.test(text.slice(at + 1))) {
        offsets.push(at);
        at = skipBlank(text, at, to);
        i++;
      } else {
        offsets.push(Math.min(at, to));
        at++;
        i++;
      }
    }
  }
  offsets.push(Math.min(at, quoted ? to - 1 : to));
  return offsets;
}

function skipIndent(text: string, at: number, to: number): number {
  while (at < to && (text[at] === ' ' || text[at] === '\t')) at++;
  return at;
}

function skipBlank(text: string, at: number, to: number): number {
  while (at < to && /\s/.test(text[at])) at++;
  return at;
}

/** Length of an escape in the text, and how many characters it stands for (section 5.7). */
function escapeLength(text: string, at: number): { length: number; characters: number } {
  const c = text[at + 1];
  if (c === 'x') return { length: 4, characters: 1 };
  if (c === 'u') return { length: 6, characters: 1 };
  if (c === 'U') return { length: 10, characters: Number.parseInt(text.slice(at + 2, at + 10), 16) > 0xffff ? 2 : 1 };
  if (c === '\n') return { length: 2, characters: 0 };
  if (c === '\r') return { length: 3, characters: 0 };
  return { length: 2, characters: 1 };
}
