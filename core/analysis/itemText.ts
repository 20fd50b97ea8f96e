/** Values of the items of a list as they would be written for one of the items: `(os.a + os.b).mass` is `(p.a + p.b).mass` for `p` in `os`. */
import { parseExpression } from '../expr/parse.ts';
import { partsOf } from '../expr/parts.ts';
import type { List } from '../expr/typedForm.ts';
import type { Value } from '../expr/value.ts';
import { type BrushScope, inline } from './brushCondition.ts';

export interface ItemText {
  /** The list of the items. */
  items: string;
  /** The value of an item, or of each item of a list that stands in its place. */
  at(item: string): string;
}

/** How often names are replaced by what they stand for. */
const DEPTH = 6;

/**
 * How a value for each item of a list depends on the item.
 * @param unused a name that means nothing in the document
 * @returns undefined where the text does not show it
 */
export function itemText(scope: BrushScope, text: string, unused: string): ItemText | undefined {
  const value = scope.check(text);
  if (value?.kind !== 'array') return undefined;
  const wanted = listOf(scope, value);
  const isSame = ({ items, at }: ItemText) => {
    const written = scope.check(`[${at(unused)} for ${unused} in ${items}]`);
    return written?.kind === 'array' && listOf(scope, written) === wanted;
  };
  let expanded: string | undefined = text;
  for (let depth = 0; depth < DEPTH && expanded !== undefined; depth++) {
    const form = forms(scope, expanded, value.list).find(isSame);
    if (form) return form;
    expanded = withoutNames(scope, expanded, value.list);
  }
  return undefined;
}

function listOf({ context }: BrushScope, value: Value): List {
  return context.listOf({ value, ast: { kind: 'none', span: [0, 0] } }, 'this');
}

interface Piece {
  from: number;
  to: number;
  text: string;
  value: Value;
}

/** The parts of a text, itself among them, that are values of the items of a list. */
function pieces(scope: BrushScope, text: string, list: List): Piece[] {
  return [[0, text.length] as const, ...partsOf(text)].flatMap(([from, to]) => {
    const piece = text.slice(from, to);
    const value = scope.check(piece);
    return value?.kind === 'array' && value.list === list ? [{ from, to, text: piece, value }] : [];
  });
}

function forms(scope: BrushScope, text: string, list: List): ItemText[] {
  const items = pieces(scope, text, list).filter(({ value }) => value.kind === 'array' && value.body.op === 'var');
  const ast = parseExpression(text);
  const loop = ast.kind === 'comprehension' && ast.clauses.length === 1 ? ast.clauses[0] : undefined;
  const found = [...new Set(items.map((piece) => piece.text))].map((one) => ({
    items: inline(one),
    at: (item: string) =>
      inline(
        replaced(
          text,
          items.filter((piece) => piece.text === one),
          () => item,
        ),
      ),
  }));
  if (!loop || ast.kind !== 'comprehension') return found;
  const span = ([from, to]: readonly [number, number]) => inline(text.slice(from, to));
  const conditions = loop.conditions.map((condition) => ` if ${span(condition.span)}`).join('');
  // What the loop binds is written out, so that it can't be mistaken for what stands in its place.
  const own = [...namesIn(text, ast.element.span, loop.name)];
  return [
    ...found,
    {
      items: `[${loop.name} for ${loop.name} in ${span(loop.source.span)}${conditions}]`,
      at: (item) =>
        inline(replaced(text, own, () => item).slice(ast.element.span[0], lengthened(ast.element.span, own, item))),
    },
  ];
}

/** Where a span ends after pieces in it are replaced. */
function lengthened(
  [, to]: readonly [number, number],
  own: readonly Pick<Piece, 'from' | 'to'>[],
  item: string,
): number {
  return own.reduce((end, piece) => end + item.length - (piece.to - piece.from), to);
}

/** Where a name stands in a part of a text, as a name of its own. */
function* namesIn(text: string, [from, to]: readonly [number, number], name: string): Generator<Omit<Piece, 'value'>> {
  for (const { 0: found, index } of text.slice(from, to).matchAll(/(?<![\w.])[\p{L}_][\p{L}\p{N}_]*/gu))
    if (found === name) yield { from: from + index, to: from + index + name.length, text: name };
}

/** The text with definitions and columns written out that are values of the items; undefined where there are none. */
function withoutNames(scope: BrushScope, text: string, list: List): string | undefined {
  const { definitions, schema } = scope.context;
  const names = pieces(scope, text, list).filter(({ text: name }) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name));
  const collection = list.op === 'base' ? schema.collections.get(list.collection) : undefined;
  const meaning = ({ text: name }: Piece): string | undefined => {
    if (definitions.has(name)) {
      const { expression } = scope.document.define.find((one) => one.name === name) ?? { expression: name };
      return `(${inline(expression)})`;
    }
    const field = collection?.fields.find(({ column }) => column.name === name);
    return field && collection && `${collection.name}.${field.name}`;
  };
  const known = names.filter((piece) => meaning(piece) !== undefined);
  return known.length > 0 ? replaced(text, known, (piece) => meaning(piece) as string) : undefined;
}

function replaced<P extends Pick<Piece, 'from' | 'to'>>(text: string, spans: readonly P[], by: (piece: P) => string) {
  let result = '';
  let at = 0;
  for (const piece of [...spans].sort((a, b) => a.from - b.from)) {
    if (piece.from < at) continue;
    result += text.slice(at, piece.from) + by(piece);
    at = piece.to;
  }
  return result + text.slice(at);
}
