import type { Counts, RecordBatch } from '../../../core/catalogue/tables.ts';

/** Counts the records of a dataset as they come, sorted by event number: as `checkContainer` counts those of a tid. */
export class SortedCounts {
  #events = 0;
  #distinct = 0;
  #duplicated = 0;
  /** Of each file: 1 once it has records, 2 once one of them is of an event that occurs more than once. */
  readonly #files: Uint8Array;
  #low = 0;
  #high = 0;
  /** Records of the event that came last, and in which file its first one is. */
  #times = 0;
  #first = 0;

  /** @param files how many sources there are */
  constructor(files: number) {
    this.#files = new Uint8Array(files);
  }

  add({ rows, columns }: RecordBatch): void {
    const eventno = columns.get('eventno')!.values as BigUint64Array;
    const words = new Uint32Array(eventno.buffer, eventno.byteOffset, 2 * rows);
    const source = columns.get('source')!.values as Int32Array;
    for (let row = 0; row < rows; row++) {
      const low = words[2 * row]!;
      const high = words[2 * row + 1]!;
      const file = source[row]!;
      this.#files[file]! |= 1;
      if (this.#times > 0 && low === this.#low && high === this.#high) {
        if (++this.#times === 2) this.#duplicated++;
        this.#files[file]! |= 2;
        this.#files[this.#first]! |= 2;
        continue;
      }
      this.#low = low;
      this.#high = high;
      this.#times = 1;
      this.#first = file;
      this.#distinct++;
    }
    this.#events += rows;
  }

  counts(): Required<Counts> {
    return {
      files: this.#files.reduce((sum, flags) => sum + (flags & 1), 0),
      events: this.#events,
      events_uniq: this.#distinct,
      events_dup: this.#duplicated,
      files_dup: this.#files.reduce((sum, flags) => sum + (flags >> 1), 0),
    };
  }
}
