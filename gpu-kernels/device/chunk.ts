import { type ArrayShape, GRAIN, wordRange } from './packing.ts';
import { aligned, type Segment } from './segment.ts';

/** Where words [from, to) of an array lie in a segment. */
export interface Place {
  at: number;
  from: number;
  to: number;
}

/** Events [begin, end) of a chunk, all of whose arrays lie in one segment. */
export interface Piece {
  begin: number;
  end: number;
  segment: Segment;
  /** By the id of the array. */
  places: Map<string, Place>;
}

/** A chunk on the GPU. */
export interface ResidentChunk {
  name: string;
  events: number;
  columns: Set<string>;
  /** By id. */
  arrays: Map<string, ArrayShape>;
  /** Ids of the offsets of columns, which columns of a collection share. */
  offsets: Map<string, string>;
  pieces: Piece[];
  /** Where it was before it moved: a run that holds it may still read there. */
  left: Piece[];
  /** Runs and uploads that hold it. */
  pins: number;
  lastUsed: number;
}

/** The base of an array in `params`: with the word of an entry added, in 32 bits, it is where the entry lies. */
export const baseOf = (place: Place) => (place.at - place.from) >>> 0;

/** Words that events [begin, end) take. */
export function wordsOf(shapes: Iterable<ArrayShape>, begin: number, end: number): number {
  let words = 0;
  for (const shape of shapes) {
    const { from, to } = wordRange(shape, begin, end);
    words += aligned(to - from);
  }
  return words;
}

/**
 * Splits the events of a chunk so that no part takes more words than `most`.
 * @returns undefined where a grain alone takes more
 */
export function partition(
  shapes: readonly ArrayShape[],
  events: number,
  most: number,
): { begin: number; end: number }[] | undefined {
  const parts: { begin: number; end: number }[] = [];
  let begin = 0;
  while (begin < events || parts.length === 0) {
    let grains = Math.ceil((events - begin) / GRAIN);
    const end = () => Math.min(events, begin + grains * GRAIN);
    while (wordsOf(shapes, begin, end()) > most) {
      if (grains <= 1) return undefined;
      grains = Math.ceil(grains / 2);
    }
    parts.push({ begin, end: end() });
    begin = end();
  }
  return parts;
}
