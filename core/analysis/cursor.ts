/** Where in a document a place of its text is, while the text is being written. */
import { isMap, isPair, isScalar, isSeq, type Node, type Scalar, visit } from 'yaml';
import { type Keys, readTree } from './yamlTree.ts';

/** What stands at a place of the text. */
export interface Cursor {
  /** `key`: a key of the mapping at `keys`. `value`: the value at `keys`. */
  kind: 'key' | 'value';
  keys: (string | number)[];
  /** What of it stands before the place, as YAML reads it, and behind it. */
  before: string;
  after: string;
  /** The other keys of the same mapping. */
  siblings: string[];
}

/** A character of no language, put where the cursor is: so that even nothing is something that the parser places. */
const MARK = '\uE000';

/** What a person writes at `offset`; undefined within comments, and where the text is no YAML any more. */
export function cursorAt(text: string, offset: number): Cursor | undefined {
  const { tree } = readTree(text.slice(0, offset) + MARK + text.slice(offset));
  if (!tree) return undefined;
  let found: Cursor | undefined;
  visit(tree.root, {
    Scalar(part, node, path) {
      const at = typeof node.value === 'string' ? node.value.indexOf(MARK) : -1;
      if (at < 0) return undefined;
      const value = node.value as string;
      const ancestors = path as unknown as Node[];
      const isKey = part === 'key';
      const map = ancestors.findLast((one) => isMap(one));
      found = {
        kind: isKey ? 'key' : 'value',
        keys: keysOf(isKey ? ancestors.slice(0, -1) : [...ancestors, node]),
        before: value.slice(0, at),
        after: value.slice(at + 1),
        siblings: isMap(map)
          ? map.items.flatMap(({ key }) => (isScalar(key) && key !== node ? [String(key.value)] : []))
          : [],
      };
      return visit.BREAK;
    },
  });
  return found;
}

/** The keys that lead through some nodes, each within the one before. */
export function keysOf(nodes: readonly unknown[]): (string | number)[] {
  return nodes.flatMap((node, i): (string | number)[] => {
    if (isPair(node)) return [String((node.key as Scalar).value)];
    return isSeq(node) && i + 1 < nodes.length ? [node.items.indexOf(nodes[i + 1])] : [];
  });
}

/** Whether the document has an expression at a place. */
export function isExpressionPlace(keys: Keys): boolean {
  const [section, , part] = keys;
  const last = keys[keys.length - 1];
  if (section === 'weight') return keys.length === 1;
  if (section === 'define') return keys.length === 2;
  if (section === 'select') return keys.length === 2 || (keys.length === 3 && last === 'cut');
  if (section !== 'histograms') return false;
  if (keys.length === 3) return ['select', 'weight', 'sample', 'per'].includes(String(last));
  return keys.length === 5 && part === 'axes' && last === 'value';
}
