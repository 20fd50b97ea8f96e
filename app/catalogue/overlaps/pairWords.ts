import type { KnownCounts } from '../../../core/catalogue/overlapFiles.ts';
import { eventsOf, pairOf } from '../../../core/catalogue/overlapPairs.ts';
import { formatBytes, formatCount } from '../../numbers.ts';

import { ratioText } from './pairRows.ts';

/** The numbers of a pair in a sentence; of a stream with itself, its events. */
export function pairWords(counts: KnownCounts, labels: readonly string[], stream1: number, stream2: number): string {
  const [name1, name2] = [labels[stream1]!, labels[stream2]!];
  if (stream1 === stream2) {
    const records = counts.records?.[stream1];
    const events = `${name1}: ${formatCount(eventsOf(counts, stream1))} events`;
    return records === undefined ? events : `${events} in ${formatCount(records)} records`;
  }
  const pair = pairOf(counts, stream1, stream2);
  return [
    `${name1} and ${name2}: ${formatCount(pair.events_bothstreams)} events in both`,
    `${formatCount(pair.events_stream1_only)} only in ${name1}`,
    `${formatCount(pair.events_stream2_only)} only in ${name2}`,
    `ratio ${ratioText(pair.ratio)} (both ÷ union)`,
  ].join(', ');
}

/** `1.23 GB`, or that it isn't known. */
export function bytesWords(bytes: number | undefined): string {
  return bytes === undefined ? 'not known' : formatBytes(Math.round(bytes));
}
