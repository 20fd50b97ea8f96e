import type { DoubtfulEvents, GpuChunk } from '../types.ts';

/** Words in front of all sections: what programs write where they note nothing. */
const FRONT = 4;

/** A chunk's part of the buffer `doubts`: a word that counts, and room for positions behind it. */
export interface Section {
  at: number;
  room: number;
}

export const NO_ROOM: Section = { at: 0, room: 0 };

/** Sections for chunks, one after the other, with room for so many events each. */
export function sectionsOf(rooms: readonly number[]): { sections: Section[]; words: number } {
  let words = FRONT;
  const sections = rooms.map((room) => {
    const at = words;
    words += 1 + room;
    return { at, room };
  });
  return { sections, words };
}

/** Events in doubt of one chunk, ascending; `rows` undefined where there are more than had room. */
export function readSection(words: Uint32Array, { at, room }: Section): { count: number; rows?: Uint32Array } {
  const count = words[at]!;
  return count > room ? { count } : { count, rows: words.slice(at + 1, at + 1 + count).sort() };
}

/** What a run hands back: chunks with events in doubt. */
export function doubtfulEvents(chunks: readonly GpuChunk[], rows: readonly Uint32Array[]): DoubtfulEvents[] {
  return chunks.flatMap(({ file, chunk }, i) => (rows[i]!.length > 0 ? [{ file, chunk, rows: rows[i]! }] : []));
}
