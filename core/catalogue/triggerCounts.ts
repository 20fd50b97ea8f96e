/** Counts of trigger chains over events: what counting gives, how parts of it add up, and the rows that people see. */
import { bitName, type Level, LISTS_OF_LEVEL, type ListName, type TriggerMenu } from './menu.ts';
import type { OverlapCounts } from './overlap.ts';

/** What is counted, of whichever records. */
export interface TriggerQuestion {
  level: Level;
  /** Set where columns of event files are counted, which are no decisions of some level: there is one list. */
  isColumns?: true;
  /** What unique counts and overlaps are of: one of the level's lists. */
  list: ListName;
  /** First and last luminosity block; all where there is none. */
  blocks?: readonly [number, number];
  /** Bits that unique counts and overlaps are among; all where there are none. */
  chosen?: readonly number[];
  /** Whether pairs of chains are counted. */
  pairs: boolean;
}

/**
 * Counts of distinct events: where several records have an event number, the first one counts. Whole numbers below 2^53; arrays by bit go up to the last one that
 * was fired, or further.
 */
export interface TriggerCounts {
  question: TriggerQuestion;
  /** All records: those of counted events, `duplicates` and `elsewhere`. */
  records: number;
  /** Further records of an event that was counted. */
  duplicates: number;
  /** Events that are counted. */
  events: number;
  /** Records of other luminosity blocks than those asked for, and records without one where some are asked for. */
  elsewhere: number;
  /** Counted events whose records hold no decisions of the level: they fired nothing. */
  blind: number;
  /** Events that fired each bit, for each of the level's lists in their order. */
  fired: Float64Array[];
  /** Events that fired this bit of `question.list`, and no other chosen one. */
  unique: Float64Array;
  /** `inExactly[k]`: events that fired exactly k of the chosen bits, k from 0. */
  inExactly: Float64Array;
  /** Of luminosity blocks, also of the one behind those that are asked for: it tells where they end. */
  times: BlockTimes[];
  /** Where pairs were asked for: `both[i * bits.length + j]` for i ≤ j. Bits ascend: those chosen that were fired at all. */
  pairs?: { bits: Uint16Array; both: Float64Array };
}

/** Luminosity blocks of a run, ascending, with the times of their first and last events in seconds since 1970. */
export interface BlockTimes {
  runNumber: number;
  blocks: Uint32Array;
  first: Float64Array;
  last: Float64Array;
}

/** A chain, as it is shown. */
export interface ChainCount {
  bit: number;
  /** Of the menu; without it, its level and bit. */
  chain: string;
  /** Of the chains of level 1 that seed it. */
  seed: string;
  /** Events in each of the level's lists, in their order. */
  fired: number[];
  /** Events before prescale ÷ events after it; undefined where that says nothing. */
  prescale: number | undefined;
  /** Events of the question's list per second of its luminosity blocks; undefined where no time is known. */
  rate: number | undefined;
  /** Undefined where the chain is not among the chosen ones. */
  unique: number | undefined;
  uniqueRate: number | undefined;
}

export function noTriggerCounts(question: TriggerQuestion): TriggerCounts {
  return {
    question,
    records: 0,
    duplicates: 0,
    events: 0,
    elsewhere: 0,
    blind: 0,
    fired: LISTS_OF_LEVEL[question.level].map(() => new Float64Array()),
    unique: new Float64Array(),
    inExactly: new Float64Array(),
    times: [],
    ...(question.pairs && { pairs: { bits: new Uint16Array(), both: new Float64Array() } }),
  };
}

/** Counts of two parts of the records of one question: the same in any order. Arrays of `a` may be used for the result. */
export function addTriggerCounts(a: TriggerCounts, b: TriggerCounts): TriggerCounts {
  return {
    question: a.question,
    records: a.records + b.records,
    duplicates: a.duplicates + b.duplicates,
    events: a.events + b.events,
    elsewhere: a.elsewhere + b.elsewhere,
    blind: a.blind + b.blind,
    fired: a.fired.map((counts, list) => sum(counts, b.fired[list]!)),
    unique: sum(a.unique, b.unique),
    inExactly: sum(a.inExactly, b.inExactly),
    times: addTimes(a.times, b.times),
    ...(a.pairs && b.pairs && { pairs: addPairs(a.pairs, b.pairs) }),
  };
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  const [long, short] = a.length >= b.length ? [a.slice(), b] : [b.slice(), a];
  for (let i = 0; i < short.length; i++) long[i]! += short[i]!;
  return long;
}

type Pairs = NonNullable<TriggerCounts['pairs']>;

function addPairs(a: Pairs, b: Pairs): Pairs {
  if (a.bits.length === b.bits.length && a.bits.every((bit, row) => bit === b.bits[row])) {
    for (let i = 0; i < b.both.length; i++) a.both[i]! += b.both[i]!;
    return a;
  }
  const bits = Uint16Array.from([...new Set([...a.bits, ...b.bits])].sort((x, y) => x - y));
  const both = new Float64Array(bits.length ** 2);
  const rowOf = new Map([...bits].map((bit, row) => [bit, row]));
  for (const part of [a, b]) {
    const rows = Uint32Array.from(part.bits, (bit) => rowOf.get(bit)!);
    for (let i = 0; i < rows.length; i++) {
      for (let j = i; j < rows.length; j++) both[rows[i]! * bits.length + rows[j]!]! += part.both[i * rows.length + j]!;
    }
  }
  return { bits, both };
}

function addTimes(a: readonly BlockTimes[], b: readonly BlockTimes[]): BlockTimes[] {
  const runs = new Map<number, Map<number, [number, number]>>();
  for (const { runNumber, blocks, first, last } of [...a, ...b]) {
    const known = runs.get(runNumber) ?? new Map<number, [number, number]>();
    runs.set(runNumber, known);
    for (let i = 0; i < blocks.length; i++) {
      const before = known.get(blocks[i]!);
      if (before) known.set(blocks[i]!, [Math.min(before[0], first[i]!), Math.max(before[1], last[i]!)]);
      else known.set(blocks[i]!, [first[i]!, last[i]!]);
    }
  }
  return [...runs]
    .sort(([x], [y]) => x - y)
    .map(([runNumber, known]) => {
      const blocks = Uint32Array.from([...known.keys()].sort((x, y) => x - y));
      return {
        runNumber,
        blocks,
        first: Float64Array.from(blocks, (block) => known.get(block)![0]),
        last: Float64Array.from(blocks, (block) => known.get(block)![1]),
      };
    });
}

/**
 * Seconds of the luminosity blocks in which there are events: a block lasts from its first event to the first one of the next block; where that one has no events,
 * to its own last event. Time without any event in a block is left out. No dead time is known.
 */
export function secondsOf({ question, times }: TriggerCounts): number {
  const [from, to] = question.blocks ?? [0, Number.POSITIVE_INFINITY];
  let seconds = 0;
  for (const { blocks, first, last } of times) {
    for (let i = 0; i < blocks.length; i++) {
      if (blocks[i]! < from || blocks[i]! > to) continue;
      const end = blocks[i + 1] === blocks[i]! + 1 ? first[i + 1]! : last[i]!;
      seconds += Math.max(0, end - first[i]!);
    }
  }
  return seconds;
}

/** A row for each chain of the menu's level, and for each bit that was fired without being in it: by bit. */
export function chainCounts(counts: TriggerCounts, menu: TriggerMenu | undefined): ChainCount[] {
  const { question, fired, unique } = counts;
  const { level, list } = question;
  const lists: readonly ListName[] = LISTS_OF_LEVEL[level];
  const bits = new Set(menu?.chains.filter((chain) => chain.level === level).map(({ bit }) => bit));
  for (const counts of fired) {
    for (let bit = 0; bit < counts.length; bit++) if (counts[bit]! > 0) bits.add(bit);
  }
  const chosen = question.chosen && new Set(question.chosen);
  const seconds = secondsOf(counts);
  const perSecond = (events: number | undefined) => (events === undefined || !seconds ? undefined : events / seconds);
  return [...bits]
    .sort((a, b) => a - b)
    .map((bit) => {
      const own = fired.map((counts) => counts[bit] ?? 0);
      const [before, after] = own as [number, number];
      const alone = chosen && !chosen.has(bit) ? undefined : (unique[bit] ?? 0);
      const chain = menu?.chainAt(level, bit);
      return {
        bit,
        chain: chain?.chain ?? bitName(level, bit),
        seed: chain?.seed ?? '',
        fired: own,
        prescale: level === 1 && after > 0 ? before / after : undefined,
        rate: perSecond(own[lists.indexOf(list)]),
        unique: alone,
        uniqueRate: perSecond(alone),
      };
    });
}

/** Overlaps of chains, as those of streams. `inExactly[0]` is 0 there: events that fired none are in no stream. */
export function chainOverlaps(counts: TriggerCounts, menu: TriggerMenu | undefined): OverlapCounts | undefined {
  const { pairs, question, inExactly } = counts;
  if (!pairs) return undefined;
  const { bits, both: upper } = pairs;
  const size = bits.length;
  const both = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) both[i * size + j] = both[j * size + i] = upper[i * size + j]!;
  }
  const { level } = question;
  return {
    names: Array.from(bits, (bit) => menu?.chainAt(level, bit)?.chain ?? bitName(level, bit)),
    records: Float64Array.from({ length: size }, (_, i) => both[i * size + i]!),
    both,
    inExactly: Float64Array.from({ length: size + 1 }, (_, k) => (k === 0 ? 0 : (inExactly[k] ?? 0))),
    duplicates: 0,
  };
}
