/** Events that are selected by what their records say: fired chains, luminosity blocks, a condition in SQL. */
import { LumiscopeError } from '../errors.ts';
import { LEVEL_NAMES, type Level, LISTS_OF_LEVEL, type ListName, namePattern, type TriggerMenu } from './menu.ts';
import { RECORD_COLUMNS } from './tables.ts';

/** All that is said has to hold. */
export interface EventCondition {
  /** Each one `LIST:NAME`, `LIST:BIT` or `NAME`, where a name may be a pattern, which any of its chains fulfils: see `firedClause`. */
  chains?: readonly string[];
  /** First and last luminosity block. */
  blocks?: readonly [first: number, last: number];
  /** An expression of SQL over the columns of records. */
  where?: string;
}

/** One of these lists has one of these bits. */
export type FiredClause = readonly { list: ListName; bits: readonly number[] }[];

/** What counts where no list is named: level 1 after veto, the high-level trigger for physics. */
const DECIDES: Record<Level, ListName> = { 1: 'tav', 2: 'ph', 3: 'lph' };
const LEVELS = [1, 2, 3] as const;
const MOST_BLOCK = 0xffff_ffff;

/**
 * What a chain has to have done: `HLT_mu26_ivarmedium`, `L1_MU*`; with a list before it, `tbp:L1_MU20` (level 1 before prescale; `tap` after prescale, `tav` after veto), `rs:HLT_e28*`
 * (resurrected; `ph` physics, `pt` passed through); `tav:179` is a bit.
 * @throws LumiscopeError `document` where no chain of the menu fits
 */
export function firedClause(text: string, menu: TriggerMenu | undefined): FiredClause {
  const [, prefix, name = ''] = /^\s*(?:(\w+)\s*:)?\s*(.*?)\s*$/.exec(text)!;
  const list = prefix?.toLowerCase();
  const level = LEVELS.find((one) => (LISTS_OF_LEVEL[one] as readonly string[]).includes(list ?? ''));
  const lists = LEVELS.flatMap((one) => LISTS_OF_LEVEL[one]).join(', ');
  if (list !== undefined && !level)
    throw new LumiscopeError('document', `${prefix} in ${text} is no list of chains`, { hint: `lists are ${lists}` });
  if (name === '') throw new LumiscopeError('document', 'a chain has a name, or a list and a bit: tav:179');
  if (/^\d+$/.test(name)) {
    if (!level)
      throw new LumiscopeError('document', `bit ${name} of which list?`, { hint: `tav:${name}; lists are ${lists}` });
    return [{ list: list as ListName, bits: [Number(name)] }];
  }
  if (!menu)
    throw new LumiscopeError('document', `the chain ${name} can't be found: the datasets have no trigger menu`, {
      hint: 'name bits instead: tav:179',
    });
  const fits = namePattern(name);
  const found = LEVELS.flatMap((one) => {
    if (level !== undefined && one !== level) return [];
    const bits = menu.chains.filter((chain) => chain.level === one && fits(chain.chain)).map(({ bit }) => bit);
    return bits.length > 0 ? [{ list: (list as ListName) ?? DECIDES[one], bits }] : [];
  });
  if (found.length === 0) {
    const where = level === undefined ? '' : ` of ${LEVEL_NAMES[level]}`;
    throw new LumiscopeError('document', `no chain${where} of the menu with SMK ${menu.smk} is called ${name}`, {
      hint: 'chains of a menu are listed by the task Triggers; * stands for anything',
    });
  }
  return found;
}

/** `10-20`, `10`, `10-` or `-20`; undefined where nothing is said. @throws LumiscopeError `document` */
export function parseBlocks(text: string): [first: number, last: number] | undefined {
  if (text.trim() === '') return undefined;
  const [, first, dash, last] = /^\s*(\d{0,10})\s*([-–]?)\s*(\d{0,10})\s*$/.exec(text) ?? [];
  const range: [number, number] | undefined =
    first === undefined || (first === '' && last === '')
      ? undefined
      : [Number(first || 0), dash ? Number(last || MOST_BLOCK) : Number(first)];
  if (range && range[0] <= range[1] && range[1] <= MOST_BLOCK) return range;
  throw new LumiscopeError('document', `${text} is no range of luminosity blocks`, { hint: 'write 100-250, or 100' });
}

/** The columns that a condition in SQL may mean: those whose names stand in it, in any case. */
export function columnsNamed(where: string): string[] {
  const words = new Set(where.toLowerCase().match(/[a-z_]\w*/g));
  return RECORD_COLUMNS.map(({ name }) => name).filter((name) => words.has(name));
}
