/** Chunks of a tree: they begin where the baskets of most branches do, so that few baskets are read for two of them. */
import type { Chunk } from '../eventFile.ts';
import type { Branch } from './branch.ts';
import type { Tree } from './openTree.ts';

const MAX_EVENTS = 262_144;
/** Unpacked bytes of a chunk's largest branches. */
const MAX_BYTES = 32e6;
/** How many branches an analysis reads: the largest ones of a tree, to be safe. */
const BRANCHES_READ = 10;
/** A border is common where this share of the branches that have several baskets begins one. */
const COMMON = 0.5;

/** Depends on the file alone. Chunks that are cut out of the same baskets have the same `group`. */
export function chunksOf({ events, branches, entryBytes }: Tree): Chunk[] {
  if (events === 0) return [];
  const largest = Float64Array.from(entryBytes).sort().subarray(-BRANCHES_READ);
  const eventBytes = largest.reduce((sum, bytes) => sum + bytes, 0);
  const most = Math.max(1, Math.min(MAX_EVENTS, Math.floor(MAX_BYTES / Math.max(eventBytes, 1))));
  const borders = commonBorders(branches, events);
  const chunks: Chunk[] = [];
  let group = 0;
  for (let at = 0; at + 1 < borders.length; ) {
    const begin = borders[at]!;
    let next = at + 1;
    while (next + 1 < borders.length && borders[next + 1]! - begin <= most) next++;
    const end = borders[next]!;
    const pieces = Math.ceil((end - begin) / most);
    for (let piece = 0; piece < pieces; piece++) {
      const from = begin + Math.floor(((end - begin) * piece) / pieces);
      const to = begin + Math.floor(((end - begin) * (piece + 1)) / pieces);
      chunks.push({ begin: from, end: to, ...(pieces > 1 && { group }) });
    }
    if (pieces > 1) group++;
    at = next;
  }
  return chunks;
}

/** 0, where most branches begin a basket, and the number of all events. */
function commonBorders(branches: readonly Branch[], events: number): number[] {
  const times = new Map<number, number>();
  let several = 0;
  for (const { baskets, embedded } of branches) {
    const starts = baskets.entries.subarray(1, embedded ? undefined : -1);
    if (starts.length > 0) several++;
    for (const start of starts) times.set(start, (times.get(start) ?? 0) + 1);
  }
  const common = [...times].filter(([start, count]) => start > 0 && start < events && count >= several * COMMON);
  return [0, ...common.map(([start]) => start).sort((a, b) => a - b), events];
}
