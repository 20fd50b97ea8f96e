import { type Duplicates, joinDuplicates } from '../../../core/catalogue/duplicates.ts';
import { cancelled } from '../../io/errors.ts';
import { nextTurn } from '../../schedule/slices.ts';
import type { RangeTask } from '../overlap/plan.ts';
import { rangeSources } from '../overlap/rangeSources.ts';
import { type Run, windows } from '../overlap/windows.ts';
import type { Handed, TaskContext } from '../taskContext.ts';

/** Which records of a container are looked at: all, those of a dataset, or those of a file. */
export interface DuplicateScope {
  tid?: number;
  file?: number;
}

export interface DuplicatesInput {
  folder: string;
  /** Of one stream. */
  range: RangeTask;
  scope: DuplicateScope;
  /** Events that are listed, at most: the first ones. */
  most: number;
}

const RECORDS_OF_WINDOW = 2 ** 18;

/** Lists the event numbers of a range that occur more than once. */
export async function run(
  context: TaskContext,
  { folder, range, scope, most }: DuplicatesInput,
  signal: AbortSignal,
): Promise<Handed<{ duplicates: Duplicates; records: number }>> {
  const lists: Duplicates[] = [];
  let records = 0;
  let left = most;
  const sources = rangeSources(context, folder, range, signal, ['file', 'tid']);
  for await (const { runs } of windows(sources, RECORDS_OF_WINDOW)) {
    for (const { keys } of runs) records += keys.length;
    if (left > 0) {
      const found = duplicatesOf(recordsOf(runs, scope), left);
      left -= found.eventno.length;
      lists.push(found);
    }
    await nextTurn();
    if (signal.aborted) throw cancelled();
  }
  const duplicates = joinDuplicates(lists);
  const { eventno, offsets, files } = duplicates;
  return {
    handed: { duplicates, records },
    buffers: [eventno, offsets, files].map(({ buffer }) => buffer as ArrayBuffer),
  };
}

/** Event numbers and files of records, ascending by event number. */
interface Records {
  keys: BigUint64Array;
  files: Int32Array;
}

/** The records of a window that are asked for, of all runs, in order. */
function recordsOf(runs: readonly Run[], scope: DuplicateScope): Records {
  let lists = runs.map((run) => filtered(run, scope)).filter(({ keys }) => keys.length > 0);
  // Parts may overlap: two by two, so that each record is moved a few times only.
  while (lists.length > 1) {
    const next: Records[] = [];
    for (let i = 0; i < lists.length; i += 2) next.push(lists[i + 1] ? merged(lists[i]!, lists[i + 1]!) : lists[i]!);
    lists = next;
  }
  return lists[0] ?? { keys: new BigUint64Array(0), files: new Int32Array(0) };
}

function filtered({ keys, file, tid }: Run, scope: DuplicateScope): Records {
  if (scope.tid === undefined && scope.file === undefined) return { keys, files: file! };
  const wanted = scope.tid === undefined ? undefined : BigInt(scope.tid);
  const own = new BigUint64Array(keys.length);
  const files = new Int32Array(keys.length);
  let count = 0;
  for (let i = 0; i < keys.length; i++) {
    if ((wanted !== undefined && tid![i] !== wanted) || (scope.file !== undefined && file![i] !== scope.file)) continue;
    own[count] = keys[i]!;
    files[count++] = file![i]!;
  }
  return { keys: own.subarray(0, count), files: files.subarray(0, count) };
}

function merged(a: Records, b: Records): Records {
  const length = a.keys.length + b.keys.length;
  const out: Records = { keys: new BigUint64Array(length), files: new Int32Array(length) };
  // Blocks of one part follow one another.
  if (a.keys.at(-1)! <= b.keys[0]!) {
    out.keys.set(a.keys);
    out.keys.set(b.keys, a.keys.length);
    out.files.set(a.files);
    out.files.set(b.files, a.files.length);
    return out;
  }
  let [i, j] = [0, 0];
  for (let at = 0; at < length; at++) {
    const fromA = j === b.keys.length || (i < a.keys.length && a.keys[i]! <= b.keys[j]!);
    out.keys[at] = fromA ? a.keys[i]! : b.keys[j]!;
    out.files[at] = fromA ? a.files[i++]! : b.files[j++]!;
  }
  return out;
}

/** The first `most` of the event numbers that occur more than once. */
function duplicatesOf({ keys, files }: Records, most: number): Duplicates {
  // Halves of numbers: comparing BigInts takes ten times as long.
  const words = new Uint32Array(keys.buffer, keys.byteOffset, 2 * keys.length);
  const begins: number[] = [];
  const offsets = [0];
  for (let from = 0; from < keys.length && begins.length < most; ) {
    let to = from + 1;
    while (to < keys.length && words[2 * to] === words[2 * from] && words[2 * to + 1] === words[2 * from + 1]) to++;
    if (to - from > 1) {
      begins.push(from);
      offsets.push(offsets.at(-1)! + to - from);
    }
    from = to;
  }
  const found: Duplicates = {
    eventno: BigUint64Array.from(begins, (from) => keys[from]!),
    offsets: Uint32Array.from(offsets),
    files: new Int32Array(offsets.at(-1)!),
  };
  begins.forEach((from, i) => {
    const [begin, end] = [offsets[i]!, offsets[i + 1]!];
    found.files.set(files.slice(from, from + end - begin).sort(), begin);
  });
  return found;
}
