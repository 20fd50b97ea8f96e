import { LISTS_OF_LEVEL } from '../../../core/catalogue/menu.ts';
import {
  type BlockTimes,
  noTriggerCounts,
  type TriggerCounts,
  type TriggerQuestion,
} from '../../../core/catalogue/triggerCounts.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import type { ChainPairs } from './chainPairs.ts';

const ALL_BITS = 2 ** 16;

/** Counts chains over records, however many at a time. */
export class TriggerTally {
  readonly #question: TriggerQuestion;
  readonly #pairs: ChainPairs | undefined;
  readonly #fired: Float64Array[];
  readonly #unique = new Float64Array(ALL_BITS);
  readonly #inExactly = new Float64Array(ALL_BITS + 1);
  /** 1 for the bits that unique counts are among. */
  readonly #chosen = new Uint8Array(ALL_BITS);
  readonly #list: number;
  readonly #runs = new Map<number, Map<number, [first: number, last: number]>>();
  readonly #sums = { records: 0, duplicates: 0, events: 0, elsewhere: 0, blind: 0 };

  constructor(question: TriggerQuestion, pairs?: ChainPairs) {
    const lists: readonly string[] = LISTS_OF_LEVEL[question.level];
    this.#question = question;
    this.#pairs = pairs;
    this.#fired = lists.map(() => new Float64Array(ALL_BITS));
    this.#list = lists.indexOf(question.list);
    if (question.chosen) for (const bit of question.chosen) this.#chosen[bit] = 1;
    else this.#chosen.fill(1);
  }

  /** Which of some records lie in the luminosity blocks that are asked for; undefined where all do. */
  within(lb: ColumnData | undefined, rows: number): Uint8Array | undefined {
    const { blocks } = this.#question;
    if (!blocks) return undefined;
    const own = new Uint8Array(rows);
    if (!lb) return own;
    const [from, to] = blocks;
    for (let i = 0; i < rows; i++) {
      const block = lb.values[i] as number;
      if ((!lb.valid || lb.valid[i]) && block >= from && block <= to) own[i] = 1;
    }
    return own;
  }

  /** Notes when luminosity blocks began and ended. Blocks without a time are left out. */
  addTimes(runNumber: number, lb: ColumnData | undefined, time: ColumnData | undefined): void {
    if (!lb || !time) return;
    const words = new Uint32Array(time.values.buffer, time.values.byteOffset, 2 * time.length);
    const known = this.#runs.get(runNumber) ?? new Map<number, [number, number]>();
    this.#runs.set(runNumber, known);
    let block = -1;
    let own: [number, number] = [0, 0];
    for (let i = 0; i < time.length; i++) {
      if ((lb.valid && !lb.valid[i]) || (time.valid && !time.valid[i])) continue;
      const seconds = (words[2 * i + 1]! * 4_294_967_296 + words[2 * i]!) / 1e9;
      if (lb.values[i] !== block) {
        block = lb.values[i] as number;
        own = known.get(block) ?? [seconds, seconds];
        known.set(block, own);
      }
      if (seconds < own[0]) own[0] = seconds;
      if (seconds > own[1]) own[1] = seconds;
    }
  }

  /** Notes records that need not be read: they lie in other luminosity blocks. */
  leaveOut(records: number): void {
    this.#sums.records += records;
    this.#sums.elsewhere += records;
  }

  /**
   * Counts records.
   * @param lists of the question's level, in their order: 16-bit numbers; undefined where there are none
   * @param isFirst of each record within, whether it is the first one of its event; left out, all are
   * @param isWithin as `within` says
   * @param where what an error names
   */
  add(
    lists: readonly (ColumnData | undefined)[],
    rows: number,
    {
      isFirst,
      isWithin,
      where,
    }: { isFirst?: Uint8Array | undefined; isWithin?: Uint8Array | undefined; where: string },
  ): void {
    const sums = this.#sums;
    sums.records += rows;
    let counted = rows;
    const isCounted = isFirst || isWithin ? new Uint8Array(rows) : undefined;
    if (isCounted) {
      counted = 0;
      for (let i = 0; i < rows; i++) {
        if (isWithin && !isWithin[i]) sums.elsewhere++;
        else if (isFirst && !isFirst[i]) sums.duplicates++;
        else counted += isCounted[i] = 1;
      }
    }
    sums.events += counted;
    if (!lists.some((list) => list)) sums.blind += counted;
    lists.forEach((list, index) => {
      if (!list) {
        if (index === this.#list) this.#inExactly[0]! += counted;
        return;
      }
      const kept = counted === rows ? list : keep(list, isCounted!, counted);
      this.#addList(kept, index, where);
    });
  }

  finish(): TriggerCounts {
    const pairs = this.#pairs?.finish();
    if (pairs) {
      const { bits, both } = pairs;
      bits.forEach((bit, i) => {
        both[i * bits.length + i] = this.#fired[this.#list]![bit]!;
      });
    }
    return {
      ...noTriggerCounts(this.#question),
      ...this.#sums,
      fired: this.#fired.map(trim),
      unique: trim(this.#unique),
      inExactly: trim(this.#inExactly),
      times: [...this.#runs].map(([runNumber, known]) => blockTimes(runNumber, known)),
      ...(pairs && { pairs }),
    };
  }

  #addList({ offsets: [offsets], values, length }: ColumnData, index: number, where: string): void {
    const fired = this.#fired[index]!;
    const bits = values as Uint16Array;
    const isAsked = index === this.#list;
    const chosen = this.#chosen;
    for (let i = 0; i < length; i++) {
      const end = offsets![i + 1]!;
      let last = -1;
      let alone = -1;
      let among = 0;
      for (let at = offsets![i]!; at < end; at++) {
        const bit = bits[at]!;
        if (bit <= last)
          throw new LumiscopeError(
            'format',
            `${where} has an event whose fired bits do not ascend: ${last}, then ${bit}`,
            {
              hint: 'the catalogue has to be written anew: each bit stands in a list once, in ascending order',
              place: { file: where },
            },
          );
        last = bit;
        fired[bit]!++;
        if (chosen[bit] === 1) {
          among++;
          alone = bit;
        }
      }
      if (!isAsked) continue;
      this.#inExactly[among]!++;
      if (among === 1) this.#unique[alone]!++;
    }
    if (isAsked) this.#pairs?.add(offsets!, bits, length);
  }
}

/** Some of a column's lists. */
function keep({ offsets: [offsets], values, type }: ColumnData, isKept: Uint8Array, count: number): ColumnData {
  const own = new Uint32Array(count + 1);
  let rows = 0;
  for (let i = 0; i < isKept.length; i++) {
    if (!isKept[i]) continue;
    own[rows + 1] = own[rows]! + offsets![i + 1]! - offsets![i]!;
    rows++;
  }
  const bits = new Uint16Array(own[count]!);
  rows = 0;
  for (let i = 0; i < isKept.length; i++) {
    if (isKept[i]) bits.set((values as Uint16Array).subarray(offsets![i]!, offsets![i + 1]!), own[rows++]!);
  }
  return { type, length: count, offsets: [own], values: bits };
}

/** Without the zeros at the end. */
function trim(counts: Float64Array): Float64Array {
  let length = counts.length;
  while (length > 0 && counts[length - 1] === 0) length--;
  return counts.slice(0, length);
}

function blockTimes(runNumber: number, known: ReadonlyMap<number, readonly [number, number]>): BlockTimes {
  const blocks = Uint32Array.from([...known.keys()].sort((a, b) => a - b));
  return {
    runNumber,
    blocks,
    first: Float64Array.from(blocks, (block) => known.get(block)![0]),
    last: Float64Array.from(blocks, (block) => known.get(block)![1]),
  };
}
