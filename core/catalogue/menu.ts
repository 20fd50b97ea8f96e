/** Trigger menus: which chain a bit stands for, under a super master key (SMK). */
import { matchesGlob } from './glob.ts';
import type { Bits } from './triggerMask.ts';

/** 1 for level 1, 2 for the high-level trigger (of Run 1: the event filter), 3 for level 2 of Run 1: as in `MENU_COLUMNS`. */
export type Level = 1 | 2 | 3;

export const LEVEL_NAMES: Record<Level, string> = { 1: 'L1', 2: 'HLT', 3: 'L2' };

/** Lists of fired bits of an event record, by level, in the order of the decisions. */
export const LISTS_OF_LEVEL = {
  1: ['tbp', 'tap', 'tav'],
  2: ['ph', 'pt', 'rs'],
  3: ['lph', 'lpt', 'lrs'],
} as const satisfies Record<Level, readonly string[]>;

export type ListName = (typeof LISTS_OF_LEVEL)[Level][number];

/** A row of the table `menus`, without its SMK. */
export interface MenuChain {
  level: Level;
  bit: number;
  chain: string;
  /** Of the chains of level 1 that seed it; empty for level 1. */
  seed: string;
}

/** A chain that an event fired. */
export interface FiredChain {
  level: Level;
  bit: number;
  /** Undefined where the menu has no such bit, or there is no menu. */
  chain: string | undefined;
  /** Which lists hold the bit, in their order: `['tbp', 'tap']`. */
  lists: ListName[];
}

/** The chains of one SMK. */
export class TriggerMenu {
  readonly smk: number;
  readonly chains: readonly MenuChain[];
  readonly #byBit = new Map<number, MenuChain>();

  constructor(smk: number, chains: readonly MenuChain[]) {
    this.smk = smk;
    this.chains = [...chains].sort((a, b) => a.level - b.level || a.bit - b.bit);
    for (const chain of chains) this.#byBit.set(place(chain.level, chain.bit), chain);
  }

  chainAt(level: Level, bit: number): MenuChain | undefined {
    return this.#byBit.get(place(level, bit));
  }
}

function place(level: Level, bit: number): number {
  return level * 65_536 + bit;
}

/** What a chain is called where its bit has no name: `L1 bit 179`. */
export function bitName(level: Level, bit: number): string {
  return `${LEVEL_NAMES[level]} bit ${bit}`;
}

/** The chains that an event fired: by level, then bit. */
export function chainsOf(menu: TriggerMenu | undefined, lists: Partial<Record<ListName, Bits>>): FiredChain[] {
  const fired: FiredChain[] = [];
  for (const level of [1, 2, 3] as const) {
    const bits = new Map<number, ListName[]>();
    for (const name of LISTS_OF_LEVEL[level]) {
      for (const bit of lists[name] ?? []) bits.set(bit, [...(bits.get(bit) ?? []), name]);
    }
    for (const bit of [...bits.keys()].sort((a, b) => a - b)) {
      fired.push({ level, bit, chain: menu?.chainAt(level, bit)?.chain, lists: bits.get(bit)! });
    }
  }
  return fired;
}

/**
 * A test for names: `*` stands for anything, `?` for one character, several patterns are separated by commas or blanks, and a pattern that starts with `-` or `!` takes
 * names out again. Capital letters matter no more than small ones. No pattern fits every name.
 */
export function namePattern(text: string): (name: string) => boolean {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  const out = words.filter((word) => /^[-!]./.test(word)).map((word) => word.slice(1));
  const taken = words.filter((word) => !/^[-!]./.test(word));
  return (name) => {
    const lower = name.toLowerCase();
    const fits = (pattern: string) => matchesGlob(pattern, lower);
    return (taken.length === 0 || taken.some(fits)) && !out.some(fits);
  };
}
