/** Numbers of a document that people move: nothing else of its text changes. */
import { LumiscopeError } from '../errors.ts';
import { type CutConstant, cutConstants } from './cutConstants.ts';
import type { Definition, Slider } from './document.ts';
import { locateIn } from './locate.ts';
import { parseDocument } from './yaml.ts';
import { readTree } from './yamlTree.ts';

/** A definition that is a number; or a constant of a cut, by its place among those of the cut. */
export type Movable = { definition: string } | { cut: string; at: number };

/** A number in a text. */
export interface MovableNumber {
  what: Movable;
  value: number;
  /** `[from, to)` in the text, without quotes. */
  span: [number, number];
  /** Of a cut. */
  constant?: CutConstant;
  /** Of a definition that has one. */
  slider?: Slider;
}

/** All numbers of a text that can be moved, in its order; none where the text is no document. */
export function movableNumbers(text: string): MovableNumber[] {
  const { document } = parseDocument(text);
  const { tree } = readTree(text);
  if (!document || !tree) return [];
  const place = (keys: string[], within: [number, number]) => locateIn(tree, keys, { within }).span;
  const definitions = document.define.filter(isNumber).map(({ name, expression }): MovableNumber => {
    const slider = document.sliders?.find((one) => one.name === name);
    const span = place(['define', name], [0, expression.length]);
    return { what: { definition: name }, value: Number(expression), span, ...(slider && { slider }) };
  });
  // Of a cut that is off as well: its numbers stand in the text.
  const constants = cutConstants(document.select.map((cut) => ({ ...cut, enabled: true })));
  const cuts = constants.map((constant): MovableNumber => {
    const { cut, at, value, span } = constant;
    return { what: { cut, at }, value, span: place(['select', cut], span), constant };
  });
  return [...definitions, ...cuts].sort((a, b) => a.span[0] - b.span[0]);
}

/** The text with another number in one place. @throws LumiscopeError 'document' where there is no such number */
export function withNumber(text: string, what: Movable, value: number): string {
  const found = movableNumbers(text).find((one) => isSame(one.what, what));
  if (!found) throw new LumiscopeError('document', 'the number to move is not in the text any more');
  const [from, to] = found.span;
  return text.slice(0, from) + String(value) + text.slice(to);
}

/** Whether both are the same number of a document. */
export function isSame(a: Movable, b: Movable): boolean {
  if ('definition' in a) return 'definition' in b && a.definition === b.definition;
  return 'cut' in b && a.cut === b.cut && a.at === b.at;
}

function isNumber({ expression }: Definition): boolean {
  return expression.trim() !== '' && Number.isFinite(Number(expression));
}
