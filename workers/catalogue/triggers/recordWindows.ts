/** Where the row groups of a part lie, as far as windows need it: of each one, its smallest and largest event number. */
export interface GroupBounds {
  first: BigUint64Array;
  last: BigUint64Array;
}

/** Row groups of a window: few enough that its lists fit into memory. */
const GROUPS_OF_WINDOW = 64;
/** Row groups that two windows share are read twice: each part should have some of its own. */
const GROUPS_OF_PART = 4;

/**
 * Event numbers at which windows begin, ascending, so that each window has about as many records as others, over all parts together. All records of an event lie in one
 * window.
 */
export function windowStarts(parts: readonly GroupBounds[]): BigUint64Array {
  const firsts = new BigUint64Array(parts.reduce((sum, { first }) => sum + first.length, 0));
  let at = 0;
  for (const { first } of parts) {
    firsts.set(first, at);
    at += first.length;
  }
  firsts.sort();
  const step = Math.max(GROUPS_OF_WINDOW, GROUPS_OF_PART * parts.length);
  const starts: bigint[] = [];
  for (let i = 0; i < firsts.length; i += step) if (firsts[i] !== starts.at(-1)) starts.push(firsts[i]!);
  return BigUint64Array.from(starts);
}

/** The row groups of a part that may hold event numbers from `from` up to, not including, `to`. */
export function groupsWithin({ first, last }: GroupBounds, from: bigint, to: bigint | undefined): number[] {
  return [...first.keys()].filter((group) => last[group]! >= from && (to === undefined || first[group]! < to));
}

/** Rows of ascending event numbers from `from` up to, not including, `to`. */
export function rowsWithin(
  eventno: BigUint64Array,
  from: bigint,
  to: bigint | undefined,
): [begin: number, end: number] {
  let begin = 0;
  while (begin < eventno.length && eventno[begin]! < from) begin++;
  let end = eventno.length;
  if (to !== undefined) while (end > begin && eventno[end - 1]! >= to) end--;
  return [begin, end];
}

/** Tells of records whether each one is the first of its event that is counted, batch by batch: those of a part ascend. */
export class FirstRecords {
  /** Events of all parts; undefined where there is one part only. */
  readonly #seen: Set<bigint> | undefined;
  /** The last event of the one part. */
  #last: bigint | undefined;

  constructor(parts: number) {
    this.#seen = parts > 1 ? new Set() : undefined;
  }

  /**
   * @param isWithin of each record, whether it may be counted; left out, all may
   * @returns undefined where all are
   */
  of(eventno: BigUint64Array, isWithin: Uint8Array | undefined): Uint8Array | undefined {
    const isFirst = new Uint8Array(eventno.length);
    // Halves of numbers: comparing BigInts takes ten times as long.
    const words = new Uint32Array(eventno.buffer, eventno.byteOffset, 2 * eventno.length);
    let count = 0;
    let before = -1;
    for (let i = 0; i < eventno.length; i++) {
      if (isWithin && !isWithin[i]) continue;
      const isAgain = before >= 0 && words[2 * i] === words[2 * before] && words[2 * i + 1] === words[2 * before + 1];
      if (!isAgain && ((before >= 0 && !this.#seen) || this.#isNew(eventno[i]!))) count += isFirst[i] = 1;
      before = i;
    }
    if (before >= 0) this.#last = eventno[before]!;
    return count === eventno.length ? undefined : isFirst;
  }

  #isNew(event: bigint): boolean {
    if (!this.#seen) return event !== this.#last;
    const before = this.#seen.size;
    return this.#seen.add(event).size > before;
  }
}
