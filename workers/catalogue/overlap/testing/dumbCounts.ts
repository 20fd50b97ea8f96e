import type { OverlapCounts } from '../../../../core/catalogue/overlap.ts';

/** Event numbers of each stream, any number of times each, as `run/event`. Counted with sets: right, and slow. */
export function dumbCounts(streams: readonly (readonly string[])[]): Omit<OverlapCounts, 'names'> {
  const size = streams.length;
  const sets = streams.map((events) => new Set(events));
  const both = new Float64Array(size * size);
  sets.forEach((own, i) => {
    sets.forEach((other, j) => {
      both[i * size + j] = [...own].filter((event) => other.has(event)).length;
    });
  });
  const inExactly = new Float64Array(size + 1);
  for (const event of new Set(streams.flat())) inExactly[sets.filter((set) => set.has(event)).length]!++;
  const records = Float64Array.from(streams, ({ length }) => length);
  const duplicates = sets.reduce((sum, { size: uniq }, i) => sum + records[i]! - uniq, 0);
  return { records, both, inExactly, duplicates };
}
