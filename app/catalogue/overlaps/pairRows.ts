import type { OverlapPair } from '../../../core/catalogue/overlap.ts';
import { formatNumber } from '../../numbers.ts';

export const PAIR_COLUMNS = [
  'stream1',
  'stream2',
  'events_stream1_only',
  'events_stream2_only',
  'events_bothstreams',
  'ratio',
] as const;
export type PairColumn = (typeof PAIR_COLUMNS)[number];

/** A column, the largest first where `descending`. As text in the link: `ratio`, or `-ratio`. */
export interface PairSort {
  column: PairColumn;
  descending: boolean;
}

export function parseSort(text: string): PairSort {
  const column = text.replace(/^-/, '') as PairColumn;
  return PAIR_COLUMNS.includes(column)
    ? { column, descending: text.startsWith('-') }
    : { column: 'ratio', descending: true };
}

/** With four decimals, so that they line up; more where these would be 0. */
export function ratioText(ratio: number): string {
  if (ratio === 0) return '0';
  return ratio < 0.0001 ? formatNumber(ratio, 2) : ratio.toFixed(4);
}

/** Pairs whose streams' names hold all words of a filter (a word in either name), sorted. */
export function pairRows(
  pairs: readonly OverlapPair[],
  labels: readonly string[],
  { column, descending }: PairSort,
  filter: string,
): OverlapPair[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const lower = labels.map((label) => label.toLowerCase());
  const has = (stream: number, word: string) => lower[stream]!.includes(word);
  const shown = pairs.filter(({ stream1, stream2 }) => words.every((word) => has(stream1, word) || has(stream2, word)));
  const sign = descending ? -1 : 1;
  const isName = column === 'stream1' || column === 'stream2';
  return shown.sort((a, b) => {
    const [x, y] = isName ? [labels[a[column]]!, labels[b[column]]!] : [a[column], b[column]];
    return sign * (x < y ? -1 : Number(x > y)) || a.stream1 - b.stream1 || a.stream2 - b.stream2;
  });
}
