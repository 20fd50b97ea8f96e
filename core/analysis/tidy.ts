/** A document's text made tidy: the app's own way to write it, with the comments, the order and the meaning that it has. */
import { isMap, isSeq, type Node, type Scalar, visit, type YAMLMap } from 'yaml';
import { editRoot } from './edit.ts';
import { comments } from './merge.ts';

/** Entries longer than this keep a line for each of their keys. */
const WIDTH = 160;

/** @throws LumiscopeError `document` where the text is no YAML */
export function tidyDocument(text: string): string {
  return editRoot(text, (root) => {
    if (root.flow) return;
    for (const pair of root.items) spread(pair as { key: Scalar; value: Node | null }, pair === root.items[0]);
    visit(root, { Map: (_, map, path) => void (isLeaf(map) && path.length > 3 && gather(map)) });
  });
}

/** A blank line before each section, none elsewhere at the top. */
function spread({ key, value }: { key: Scalar; value: Node | null }, first: boolean): void {
  const isBlock = (isMap(value) || isSeq(value)) && !value.flow;
  if (isBlock && !first) key.spaceBefore = true;
}

/** A mapping of values and lists of values. */
function isLeaf(map: YAMLMap): boolean {
  return map.items.every(({ value }) => !isMap(value) && !(isSeq(value) && value.items.some((item) => isMap(item))));
}

/** One line for a short entry without comments of its own. */
function gather(map: YAMLMap): void {
  if (map.flow || comments(map).length > 0 || JSON.stringify(map).length > WIDTH) return;
  map.flow = true;
}
