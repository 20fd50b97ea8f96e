import { isMap, isScalar, isSeq, type Node, Pair, type Scalar, visit, type YAMLMap } from 'yaml';

/**
 * Makes a node of a document's tree say what `wanted` says, and keeps as much of it as can be kept: comments, quotes,
 * the order of keys, and what is not different.
 * @returns the node that should stand in its place: the same one, unless its kind differs
 */
export function merge(node: Node | null, wanted: Node): Node {
  if (isMap(node) && isMap(wanted)) {
    mergeMap(node as YAMLMap, wanted as YAMLMap);
    return node;
  }
  if (isSeq(node) && isSeq(wanted)) {
    node.items = wanted.items.map((item, i) => merge((node.items[i] as Node | undefined) ?? null, item as Node));
    return node;
  }
  if (isScalar(node) && isScalar(wanted)) {
    if (textOf(node) !== textOf(wanted)) {
      node.value = wanted.value;
      node.source = undefined;
      node.format = undefined;
      node.minFractionDigits = undefined;
    }
    return node;
  }
  if (node) {
    wanted.comment = node.comment;
    wanted.commentBefore = node.commentBefore;
    wanted.spaceBefore = node.spaceBefore;
  }
  return wanted;
}

function mergeMap(map: YAMLMap, wanted: YAMLMap): void {
  const name = (pair: Pair) => String((pair.key as Scalar).value);
  const values = new Map(wanted.items.map((pair) => [name(pair), pair.value as Node]));
  map.items = map.items.filter((pair) => values.has(name(pair)));
  for (const pair of map.items) {
    pair.value = merge(pair.value as Node | null, values.get(name(pair)) as Node);
    values.delete(name(pair));
  }
  for (const pair of wanted.items) if (values.has(name(pair))) map.items.push(new Pair(pair.key, pair.value));
}

/** `weight: 1.50` in a text is the same as the expression `1.50`. */
function textOf(scalar: Scalar): string {
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value));
}

/** All comments in a node. */
export function comments(node: Node): string[] {
  const found: string[] = [];
  visit(node, {
    Node(_, { comment, commentBefore }) {
      for (const text of [comment, commentBefore]) if (text) found.push(text);
    },
  });
  return found;
}
