/** How the events of a window become bits. */
export type Strategy =
  /** A bit for each number of the span, whether there is such an event or not. */
  | 'span'
  /** A bit for each event of the union, whose ranks come from a bitmap over the span. */
  | 'ranked'
  /** The same, ranks by sorting. */
  | 'sorted';

/** Numbers that the bitmap of a union goes over, at most. */
export const UNION_BITS = 2 ** 25;

/** Nanoseconds, as `npm run bench -- catalogueOverlap` measures them: only their ratios matter. */
const PAIR_BITS = 0.6 / 128;
const MARK_AND_RANK = 3;
const UNION_WORD = 1.2;
const SORT = 3;
const SORT_PASS = 3.5;

/** Where no window came before. */
const FIRST_SHARE = 0.5;
/** Digits of a radix sort. */
const DIGIT_BITS = 11;

export function sortPasses(span: number): number {
  return Math.max(1, Math.ceil(Math.log2(span) / DIGIT_BITS));
}

/**
 * The cheapest way, by what each one costs. All count the same.
 * @param records of all streams in the window
 * @param span how many event numbers it goes over
 * @param capacity bits of a row
 * @param share distinct events of all streams, of the records: as it was in windows before
 */
export function strategyOf(
  records: number,
  span: number,
  streams: number,
  capacity: number,
  share = FIRST_SHARE,
): Strategy {
  const pairBit = (PAIR_BITS * streams * streams) / 2;
  const events = Math.min(records * share, span);
  const costs: [Strategy, number][] = [
    ['span', span <= capacity ? span * pairBit : Infinity],
    ['ranked', span <= UNION_BITS ? records * MARK_AND_RANK + (span / 64) * UNION_WORD + events * pairBit : Infinity],
    ['sorted', records <= capacity ? records * (SORT + SORT_PASS * sortPasses(span)) + events * pairBit : Infinity],
  ];
  return costs.reduce((best, one) => (one[1] < best[1] ? one : best))[0];
}
