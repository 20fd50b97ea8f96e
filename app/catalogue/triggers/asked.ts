/** What the Triggers task is asked, as its link holds it. */
import { parseBlocks } from '../../../core/catalogue/eventCondition.ts';
import {
  type Level,
  LISTS_OF_LEVEL,
  type ListName,
  namePattern,
  type TriggerMenu,
} from '../../../core/catalogue/menu.ts';
import { type PlainError, toPlain } from '../../../core/errors.ts';

export const LEVEL_OPTIONS: readonly (readonly [string, string])[] = [
  ['1', 'Level 1'],
  ['2', 'High level (Run 1: event filter)'],
  ['3', 'Level 2 of Run 1'],
];

const LIST_WORDS: Record<ListName, string> = {
  tbp: 'before prescale (TBP)',
  tap: 'after prescale (TAP)',
  tav: 'after veto (TAV)',
  ph: 'physics (PH)',
  pt: 'pass-through (PT)',
  rs: 'resurrected (RS)',
  lph: 'physics (PH)',
  lpt: 'pass-through (PT)',
  lrs: 'resurrected (RS)',
};

export function levelOf(text: string): Level {
  return text === '2' ? 2 : text === '3' ? 3 : 1;
}

/** The lists of a level, with what they are called. */
export function listOptions(level: Level): (readonly [ListName, string])[] {
  return LISTS_OF_LEVEL[level].map((name) => [name, LIST_WORDS[name]] as const);
}

/** The list that rates are of unless the link says otherwise: what was accepted. */
export function listOf(level: Level, text: string): ListName {
  const names: readonly ListName[] = LISTS_OF_LEVEL[level];
  return names.find((name) => name === text) ?? names[level === 1 ? 2 : 0]!;
}

/** A range of luminosity blocks; what is wrong with one that is none. */
export function blocksOf(text: string): { blocks?: [number, number]; wrong?: PlainError } {
  try {
    const blocks = parseBlocks(text);
    return blocks ? { blocks } : {};
  } catch (error) {
    return { wrong: toPlain(error) };
  }
}

/** Bits of the chains that fit a pattern; undefined where it is none. */
export function bitsOf(menu: TriggerMenu | undefined, level: Level, pattern: string): number[] | undefined {
  if (pattern.trim() === '' || !menu) return undefined;
  const fits = namePattern(pattern);
  return menu.chains.filter((chain) => chain.level === level && fits(chain.chain)).map(({ bit }) => bit);
}
