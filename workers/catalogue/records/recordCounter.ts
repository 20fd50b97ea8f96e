import type { Counting } from '../kernels/counting.ts';
import type { KeyBlock } from '../overlap/windows.ts';

/** Records of a range, which add up: see `assembly/groups.ts`. */
export interface PartialRecords {
  /** Files that have records, ascending. */
  file: Int32Array;
  tidOfFile: BigInt64Array;
  /** Of each file: records; distinct events; those more than once in the file; in its tid; in all. */
  files: Uint32Array;
  tid: BigInt64Array;
  /** Of each tid, and last of all: records; distinct events; those more than once. */
  tids: Uint32Array;
}

/** Numbers of a file and of a tid in `PartialRecords`. */
export const OF_FILE = 5;
export const OF_TID = 3;

const ROW = 32;
const FIRST_FILES = 4096;
/** More can only be damage. */
const MOST_FILES = 2 ** 22;
const MOST_TIDS = 4096;

/** A record that can not be right. */
export class WrongRecord extends Error {
  readonly event: bigint;

  constructor(event: bigint, message: string) {
    super(message);
    this.event = event;
  }
}

/** Counts the records of one stream, window by window. */
export class RecordCounter {
  readonly #counting: Counting;
  readonly #tids: number;
  readonly #all: number;
  #files: number;
  #fileRoom = FIRST_FILES;
  #serial = 1;
  /** Records that there is room for, and where their columns lie: twice, so that runs can be merged to and fro. */
  #room = 0;
  #columns: { keys: number; file: number; tid: number }[] = [];

  constructor(counting: Counting) {
    this.#counting = counting;
    this.#files = counting.take(ROW * FIRST_FILES);
    this.#tids = counting.take(ROW * MOST_TIDS);
    this.#all = counting.take(16);
  }

  /**
   * Counts all records of some event numbers, none of which comes again.
   * @throws WrongRecord for a file without a good number, or of two tids
   */
  take(runs: readonly KeyBlock[]): void {
    const rows = runs.reduce((sum, { keys }) => sum + keys.length, 0);
    this.#reserve(rows);
    this.#reserveFiles(runs);
    const { keys, file, tid } = this.#columns[this.#bring(runs)]!;
    const { run } = this.#counting;
    const serial = Number(
      run.countGroups(
        keys,
        file,
        tid,
        rows,
        this.#serial,
        this.#files,
        this.#fileRoom,
        this.#tids,
        MOST_TIDS,
        this.#all,
      ),
    );
    if (serial < 0) this.#fail(-1 - serial, keys, file, tid);
    this.#serial = serial;
  }

  finish(): PartialRecords {
    const rowsOf = (place: number, count: number) => this.#counting.words(place, (ROW / 4) * count);
    const files = rowsOf(this.#files, this.#fileRoom);
    const tids = rowsOf(this.#tids, MOST_TIDS);
    const tidAt = (row: number) => (BigInt(tids[8 * row + 1]! | 0) << 32n) | BigInt(tids[8 * row]!);
    const used: number[] = [];
    for (let i = 0; i < this.#fileRoom; i++) if (files[8 * i]! > 0) used.push(i);
    let some = 0;
    while (some < MOST_TIDS && tids[8 * some + 2]! > 0) some++;
    const all = this.#counting.words(this.#all, OF_TID);
    return {
      file: Int32Array.from(used),
      tidOfFile: BigInt64Array.from(used, (i) => tidAt(files[8 * i + 7]! - 1)),
      files: Uint32Array.from(
        { length: OF_FILE * used.length },
        (_, k) => files[8 * used[Math.floor(k / OF_FILE)]! + (k % OF_FILE)]!,
      ),
      tid: BigInt64Array.from({ length: some }, (_, row) => tidAt(row)),
      tids: Uint32Array.from({ length: OF_TID * (some + 1) }, (_, k) => {
        const row = Math.floor(k / OF_TID);
        return row < some ? tids[8 * row + 2 + (k % OF_TID)]! : all[k % OF_TID]!;
      }),
    };
  }

  #reserve(rows: number): void {
    if (rows <= this.#room) return;
    this.#room = 2 ** Math.ceil(Math.log2(rows));
    const columns = () => ({
      keys: this.#counting.take(8 * this.#room),
      file: this.#counting.take(4 * this.#room),
      tid: this.#counting.take(8 * this.#room),
    });
    this.#columns = [columns(), columns()];
  }

  #reserveFiles(runs: readonly KeyBlock[]): void {
    let most = 0;
    for (const { file } of runs) for (let i = 0; i < file!.length; i++) if (file![i]! > most) most = file![i]!;
    if (most < this.#fileRoom || most >= MOST_FILES) return;
    const before = this.#counting.bytes(this.#files, ROW * this.#fileRoom).slice();
    this.#fileRoom = 2 ** Math.ceil(Math.log2(most + 1));
    this.#files = this.#counting.take(ROW * this.#fileRoom);
    this.#counting.put(this.#files, before);
  }

  /** Puts the records of all runs into the kernel's memory, ascending. @returns which of the two sets of columns they are in */
  #bring(runs: readonly KeyBlock[]): number {
    const sorted = runs.toSorted((a, b) => (a.keys[0]! < b.keys[0]! ? -1 : a.keys[0]! > b.keys[0]! ? 1 : 0));
    const first = this.#columns[0]!;
    /** Where ascending records begin, and the end. */
    let begins: number[] = [];
    let at = 0;
    let last: bigint | undefined;
    for (const { keys, file, tid } of sorted) {
      if (last === undefined || keys[0]! < last) begins.push(at);
      this.#counting.put(first.keys + 8 * at, keys);
      this.#counting.put(first.file + 4 * at, file!);
      this.#counting.put(first.tid + 8 * at, tid!);
      at += keys.length;
      last = keys[keys.length - 1]!;
    }
    begins.push(at);
    let from = 0;
    while (begins.length > 2) {
      const [a, b] = [this.#columns[from]!, this.#columns[1 - from]!];
      const merged: number[] = [];
      for (let i = 0; i < begins.length - 1; i += 2) {
        const begin = begins[i]!;
        const middle = begins[i + 1]!;
        const end = begins[i + 2] ?? middle;
        this.#counting.run.mergeRecords(a.keys, a.file, a.tid, begin, middle, end, b.keys, b.file, b.tid);
        merged.push(begin);
      }
      merged.push(at);
      begins = merged;
      from = 1 - from;
    }
    return from;
  }

  #fail(record: number, keys: number, file: number, tid: number): never {
    const word = (place: number) => this.#counting.words(place, 1)[0]!;
    const wide = (place: number) => (BigInt(word(place + 4)) << 32n) | BigInt(word(place));
    const event = wide(keys + 8 * record);
    const number = word(file + 4 * record);
    if (number >= MOST_FILES) throw new WrongRecord(event, `event ${event} is in a file with the number ${number | 0}`);
    const own = BigInt.asIntN(64, wide(tid + 8 * record));
    throw new WrongRecord(event, `file ${number} has event ${event} of tid ${own}, and events of another tid`);
  }
}
