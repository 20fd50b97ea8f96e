/** Event numbers that occur more than once in a file, a dataset or a container, and where. */
export interface Duplicates {
  /** Ascending. */
  eventno: BigUint64Array;
  /** One longer than `eventno`: where the records of each begin in `files`. */
  offsets: Uint32Array;
  /** The file of each record, ascending within an event; a file that holds an event twice is there twice. */
  files: Int32Array;
}

/** How often an event occurs. */
export function timesOf({ offsets }: Duplicates, event: number): number {
  return offsets[event + 1]! - offsets[event]!;
}

/** Lists that follow one another, as one. */
export function joinDuplicates(lists: readonly Duplicates[]): Duplicates {
  const total = (of: (list: Duplicates) => number) => lists.reduce((sum, list) => sum + of(list), 0);
  const joined: Duplicates = {
    eventno: new BigUint64Array(total(({ eventno }) => eventno.length)),
    offsets: new Uint32Array(total(({ eventno }) => eventno.length) + 1),
    files: new Int32Array(total(({ files }) => files.length)),
  };
  let event = 0;
  let record = 0;
  for (const { eventno, offsets, files } of lists) {
    joined.eventno.set(eventno, event);
    joined.files.set(files, record);
    for (let i = 1; i < offsets.length; i++) joined.offsets[event + i] = record + offsets[i]!;
    event += eventno.length;
    record += files.length;
  }
  return joined;
}

/** The same by file: of each file that holds duplicates, which events (by their position in `eventno`), ascending. */
export interface DuplicatesByFile {
  file: Int32Array;
  /** One longer than `file`. */
  offsets: Uint32Array;
  /** An event that is in a file twice is there once. */
  events: Uint32Array;
}

export function duplicatesByFile({ eventno, offsets, files }: Duplicates): DuplicatesByFile {
  const distinct = Int32Array.from(new Set(files)).sort();
  const place = new Map(Array.from(distinct, (file, i) => [file, i]));
  const counts = new Uint32Array(distinct.length + 1);
  const each = (take: (file: number, event: number) => void) => {
    for (let event = 0; event < eventno.length; event++)
      for (let i = offsets[event]!; i < offsets[event + 1]!; i++)
        if (i === offsets[event] || files[i] !== files[i - 1]) take(place.get(files[i]!)!, event);
  };
  each((file) => counts[file + 1]!++);
  for (let i = 0; i < distinct.length; i++) counts[i + 1]! += counts[i]!;
  const next = counts.slice();
  const events = new Uint32Array(counts[distinct.length]!);
  each((file, event) => {
    events[next[file]!++] = event;
  });
  return { file: distinct, offsets: counts, events };
}
