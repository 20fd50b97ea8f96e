import { createHash } from 'node:crypto';
import type { MenuRow } from '../../../core/catalogue/tables.ts';
import { HLT_BITS, L1_BITS } from '../../../core/catalogue/triggerMask.ts';
import type { StagedHeader } from '../../../core/ingest/stagedHeader.ts';
import { InsertionError } from './insertionError.ts';

export const TRIGGER_LEVELS = ['l1', 'hlt'] as const;
export type TriggerLevel = (typeof TRIGGER_LEVELS)[number];

const MOST = { l1: L1_BITS, hlt: HLT_BITS };
/** As `menus` has them. */
const LEVEL_NUMBER = { l1: 1, hlt: 2 };
/** Keys of menus that were made from chains alone: keys that experiments give are smaller. */
const FIRST_MADE_KEY = 2 ** 30;

/**
 * The trigger menu of a dataset, from what its objects say. With a super master key, bits are those of its menu. Without one the menu is the sorted union of the chains of all objects: as it is known
 * only in the end, chains have the numbers of their first appearance until then.
 */
export class DatasetMenu {
  readonly #dataset: string;
  #smk: number | undefined;
  /** Of which object the key is, or is known not to be there. */
  #told: string | undefined;
  readonly #bits = { l1: new Map<string, number>(), hlt: new Map<string, number>() };
  readonly #known = { l1: new Map<number, string>(), hlt: new Map<number, string>() };

  constructor(dataset: string) {
    this.#dataset = dataset;
  }

  /**
   * @param object what errors call it
   * @returns by level, the number of each of the object's bits; undefined where it is the bit
   * @throws InsertionError where objects have different keys, some none, or there are more chains than a catalogue holds
   */
  take({ smk, chains }: StagedHeader, object: string): Partial<Record<TriggerLevel, Uint16Array>> {
    if (smk === undefined && !chains?.l1.length && !chains?.hlt.length) return {};
    if (this.#told !== undefined && smk !== this.#smk)
      throw new InsertionError(
        'contents-differ',
        `${this.#dataset}: ${object} has ${keyText(smk)}, ${this.#told} has ${keyText(this.#smk)}`,
        { hint: 'a dataset has one trigger menu: its objects have to be made with the same key' },
      );
    this.#told = object;
    this.#smk = smk;
    if (smk !== undefined) {
      for (const level of TRIGGER_LEVELS) this.#takeNames(level, chains?.[level] ?? [], object);
      return {};
    }
    return { l1: this.#number('l1', chains!.l1), hlt: this.#number('hlt', chains!.hlt) };
  }

  /** The most that a bit of a menu with a key may be, and one more. */
  static most(level: TriggerLevel): number {
    return MOST[level];
  }

  finish(): { smk: number | undefined; rows: MenuRow[]; bits: Partial<Record<TriggerLevel, Uint16Array>> } {
    if (this.#told === undefined) return { smk: undefined, rows: [], bits: {} };
    if (this.#smk !== undefined) {
      const smk = this.#smk;
      const rows = TRIGGER_LEVELS.flatMap((level) =>
        [...this.#known[level]].map(([bit, chain]) => menuRow(smk, level, bit, chain)),
      );
      return { smk, rows: rows.sort((a, b) => a.level - b.level || a.bit - b.bit), bits: {} };
    }
    const names = { l1: [...this.#bits.l1.keys()].sort(byName), hlt: [...this.#bits.hlt.keys()].sort(byName) };
    const smk = madeKey(names);
    return {
      smk,
      rows: TRIGGER_LEVELS.flatMap((level) => names[level].map((chain, bit) => menuRow(smk, level, bit, chain))),
      bits: { l1: this.#ranks('l1', names.l1), hlt: this.#ranks('hlt', names.hlt) },
    };
  }

  #takeNames(level: TriggerLevel, chains: readonly string[], object: string): void {
    chains.forEach((chain, bit) => {
      if (chain === '') return;
      const known = this.#known[level].get(bit) ?? chain;
      if (known !== chain)
        throw new InsertionError(
          'contents-differ',
          `${this.#dataset}: bit ${bit} of ${level} stands for ${chain} in ${object}, for ${known} in another object of the same key`,
        );
      this.#known[level].set(bit, chain);
    });
  }

  #number(level: TriggerLevel, chains: readonly string[]): Uint16Array {
    const bits = this.#bits[level];
    const numbers = Uint16Array.from(chains, (chain) => {
      const own = bits.get(chain) ?? bits.size;
      bits.set(chain, own);
      return own;
    });
    // Menus without a key are of other experiments, whose level 1 has more bits.
    if (bits.size > HLT_BITS)
      throw new InsertionError(
        undefined,
        `${this.#dataset} has more than ${HLT_BITS} chains of ${level === 'l1' ? 'level 1' : 'the high-level trigger'}`,
        { hint: 'a catalogue holds no more: leave some out when files are read' },
      );
    return numbers;
  }

  /** The bit of each number; undefined where they are the same. */
  #ranks(level: TriggerLevel, names: readonly string[]): Uint16Array | undefined {
    const ranks = new Uint16Array(names.length);
    names.forEach((name, rank) => {
      ranks[this.#bits[level].get(name)!] = rank;
    });
    return ranks.every((rank, number) => rank === number) ? undefined : ranks;
  }
}

/** By code units, whatever the language of the machine. */
const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** 2³⁰ and the first 30 bits of the SHA-256 of the chains, a line each, level 1 first, an empty line between: the same chains have the same key. */
function madeKey({ l1, hlt }: Record<TriggerLevel, readonly string[]>): number {
  const text = `${l1.join('\n')}\n\n${hlt.join('\n')}`;
  return FIRST_MADE_KEY + (createHash('sha256').update(text).digest().readUInt32BE() >>> 2);
}

function menuRow(smk: number, level: TriggerLevel, bit: number, chain: string): MenuRow {
  return { smk, level: LEVEL_NUMBER[level], bit, chain, seed: '' };
}

const keyText = (smk: number | undefined) => (smk === undefined ? 'no super master key' : `the key ${smk}`);
