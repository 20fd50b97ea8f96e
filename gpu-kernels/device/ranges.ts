import type { Piece, ResidentChunk } from './chunk.ts';
import type { Segment } from './segment.ts';

/** Events [begin, end) of chunk number `index` of a run. */
export interface Range {
  index: number;
  begin: number;
  end: number;
}

/** A range within one piece of its chunk, which is undefined where the program needs no column. */
export interface Block extends Range {
  piece?: Piece;
}

/** Blocks whose columns lie in one segment. */
export interface Dispatch {
  segment?: Segment;
  blocks: Block[];
}

export const eventsOf = (ranges: readonly Range[]) => ranges.reduce((sum, { begin, end }) => sum + end - begin, 0);

/** The first so many events of the ranges, and the others. */
export function cutRanges(ranges: readonly Range[], events: number): [Range[], Range[]] {
  let left = events;
  for (const [k, range] of ranges.entries()) {
    const size = range.end - range.begin;
    if (size > left) {
      const middle = range.begin + left;
      const first = left > 0 ? [{ ...range, end: middle }] : [];
      return [
        [...ranges.slice(0, k), ...first],
        [{ ...range, begin: middle }, ...ranges.slice(k + 1)],
      ];
    }
    left -= size;
  }
  return [[...ranges], []];
}

/** Ranges as dispatches of at most so many blocks and events each. */
export function dispatchesOf(
  ranges: readonly Range[],
  chunks: readonly (ResidentChunk | undefined)[],
  mostBlocks: number,
  mostEvents: number,
): Dispatch[] {
  const bySegment = new Map<Segment | undefined, Block[]>();
  for (const block of ranges.flatMap((range) => blocksOf(range, chunks[range.index]))) {
    const segment = block.piece?.segment;
    const own = bySegment.get(segment);
    if (own) own.push(block);
    else bySegment.set(segment, [block]);
  }
  const all: Dispatch[] = [];
  for (const [segment, own] of bySegment)
    for (let rest: readonly Range[] = own; rest.length > 0; ) {
      const [most] = cutRanges(rest.slice(0, mostBlocks), mostEvents);
      all.push({ segment, blocks: most });
      rest = cutRanges(rest, eventsOf(most))[1];
    }
  return all;
}

function blocksOf(range: Range, chunk: ResidentChunk | undefined): Block[] {
  if (range.begin >= range.end) return [];
  if (!chunk) return [range];
  return chunk.pieces
    .filter(({ begin, end }) => begin < range.end && end > range.begin)
    .map((piece) => ({
      index: range.index,
      begin: Math.max(range.begin, piece.begin),
      end: Math.min(range.end, piece.end),
      piece,
    }));
}

/** Places, evenly over all events, that a probe looks at, and how many events at each. */
const PROBES = { places: 32, events: 512 };

/** A sample of the events of chunks, always the same for the same chunks. */
export function sample(all: readonly Range[]): Range[] {
  const total = eventsOf(all);
  if (total <= PROBES.places * PROBES.events) return [...all];
  return Array.from({ length: PROBES.places }, (_, k) => {
    const rest = cutRanges(all, Math.floor((k * total) / PROBES.places))[1];
    return cutRanges(rest, PROBES.events)[0];
  }).flat();
}
