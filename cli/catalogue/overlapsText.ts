import type { OverlapBytes } from '../../core/catalogue/overlapBytes.ts';
import { type KnownCounts, type OverlapMeasure, overlapValue } from '../../core/catalogue/overlapFiles.ts';
import { eventsOf, eventsOfUnion, overlapPairs } from '../../core/catalogue/overlapPairs.ts';
import { shortStreamNames } from '../../core/catalogue/streamNames.ts';
import { orderStreams, type StreamOrder } from '../../core/catalogue/streamOrder.ts';
import { formatBytes, table } from '../text.ts';

const TITLES: Record<OverlapMeasure, string> = {
  ratio: 'both ÷ union',
  both: 'events in both',
  row: 'both ÷ events of the row',
};

/** Streams, their matrix, pairs (most alike first), events by number of streams, and bytes, as aligned text. */
export function overlapsText(
  counts: KnownCounts,
  { order, measure, bytes }: { order: StreamOrder; measure: OverlapMeasure; bytes: OverlapBytes | undefined },
): string {
  const labels = shortStreamNames(counts.names);
  const streams = orderStreams(counts, order);
  const number = new Map(streams.map((stream, i) => [stream, String(i + 1)]));
  const sections = [
    [
      'Streams',
      table(
        [
          ['', 'stream', 'records', 'events_uniq'],
          ...streams.map((i) => [
            number.get(i)!,
            counts.names[i]!,
            counts.records ? String(counts.records[i]) : '–',
            String(eventsOf(counts, i)),
          ]),
        ],
        [0, 2, 3],
      ),
    ],
    [
      TITLES[measure][0]!.toUpperCase() + TITLES[measure].slice(1),
      table(
        [
          ['', '', ...streams.map((i) => number.get(i)!)],
          ...streams.map((row) => [
            number.get(row)!,
            labels[row]!,
            ...streams.map((column) => matrixCell(measure, overlapValue(counts, measure, row, column))),
          ]),
        ],
        [0, ...streams.map((_, i) => i + 2)],
      ),
    ],
    [
      'Pairs',
      table(
        [
          ['stream1', 'stream2', 'stream1_only', 'stream2_only', 'both', 'ratio'],
          ...overlapPairs(counts)
            .sort((a, b) => b.ratio - a.ratio || a.stream1 - b.stream1 || a.stream2 - b.stream2)
            .map((pair) => [
              labels[pair.stream1]!,
              labels[pair.stream2]!,
              String(pair.events_stream1_only),
              String(pair.events_stream2_only),
              String(pair.events_bothstreams),
              pair.ratio.toFixed(6),
            ]),
        ],
        [2, 3, 4, 5],
      ),
    ],
  ];
  if (counts.inExactly) sections.push(['Events in exactly so many streams', folds(counts.inExactly)]);
  if (counts.duplicates !== undefined)
    sections.push(['Stored more than once', table(costs(counts.duplicates, bytes), [1])]);
  return sections.map(([title, text]) => `${title}\n${text}`).join('\n');
}

function matrixCell(measure: OverlapMeasure, value: number): string {
  return measure === 'both' ? String(value) : value.toFixed(3);
}

function folds(inExactly: Float64Array): string {
  const last = Math.max(
    1,
    inExactly.findLastIndex((events) => events > 0),
  );
  const rows = Array.from(inExactly.subarray(1, last + 1), (events, i) => [String(i + 1), String(events)]);
  return table([['streams', 'events'], ...rows, ['all', String(eventsOfUnion({ inExactly }))]], [0, 1]);
}

function costs(duplicates: number, bytes: OverlapBytes | undefined): string[][] {
  const size = (n: number | undefined) => (n === undefined ? 'not known' : formatBytes(Math.round(n)));
  return [
    ['duplicate records', String(duplicates)],
    ['their bytes', size(bytes?.duplicates)],
    ['bytes stored', size(bytes?.stored)],
    ['bytes that overlap costs', size(bytes?.overlap)],
  ];
}
