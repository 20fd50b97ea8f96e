import type { FileCounts, RecordCounts, TidCounts } from '../../../core/catalogue/recordCounts.ts';
import type { StreamMember } from '../../../core/catalogue/stream.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import { cancelled } from '../../io/errors.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';
import { planRanges, rangeRecords, recordsOf } from '../overlap/plan.ts';
import { type ScanProgress, watchScan } from '../overlap/progress.ts';
import { OF_FILE, OF_TID, type PartialRecords } from './recordCounter.ts';

export interface RecordsOptions {
  signal?: AbortSignal | undefined;
  /** Told after each range of event numbers. */
  onProgress?: ((progress: ScanProgress) => void) | undefined;
}

/**
 * Counts records, distinct event numbers and duplicates of containers, their datasets and files. Reads each key once, and holds a window of them.
 * @returns as many as `members`, in that order
 * @throws LumiscopeError `document` for members that the catalogue does not have; `source`, `format` naming an object that is missing or damaged; `cancelled`
 */
export async function countRecords(
  { folder, manifest, threads }: OpenCatalogue,
  members: readonly StreamMember[],
  { signal, onProgress }: RecordsOptions = {},
): Promise<RecordCounts[]> {
  const streams = members.map((member) => ({ name: `${member.dspid}/${member.dstypeid}`, members: [member] }));
  const total = recordsOf(manifest, streams);
  const size = rangeRecords(total, 1, threads.size);
  const inputs = streams.flatMap((stream, i) => planRanges(manifest, [stream], size).map((range) => ({ i, range })));
  const sums = members.map(({ dspid, dstypeid }) => new Sums(`dspid=${dspid}/dstypeid=${dstypeid}`));
  const watch = watchScan(threads, total);
  let read = 0;
  await threads.all(
    'records',
    inputs.map(({ range }) => ({ folder, range })),
    {
      signal,
      onResult: (counts, index) => {
        read += sums[inputs[index]!.i]!.add(counts);
        onProgress?.(watch(read));
      },
    },
  );
  if (signal?.aborted) throw cancelled();
  return members.map((member, i) => sums[i]!.counts(member));
}

interface FileSum {
  tid: bigint;
  counts: Float64Array;
}

/** Of one stream. */
class Sums {
  readonly #name: string;
  readonly #files = new Map<number, FileSum>();
  readonly #tids = new Map<bigint, Float64Array>();
  readonly #all = new Float64Array(OF_TID);

  constructor(name: string) {
    this.#name = name;
  }

  /** @returns how many records it adds */
  add({ file, tidOfFile, files, tid, tids }: PartialRecords): number {
    file.forEach((number, i) => {
      const known = this.#files.get(number) ?? { tid: tidOfFile[i]!, counts: new Float64Array(OF_FILE) };
      this.#files.set(number, known);
      if (known.tid !== tidOfFile[i]) {
        const message = `${this.#name}: file ${number} has events of the tids ${known.tid} and ${tidOfFile[i]}`;
        throw new LumiscopeError('format', message, { hint: 'import the dataset anew' });
      }
      addTo(known.counts, files, OF_FILE * i);
    });
    tid.forEach((one, i) => {
      const known = this.#tids.get(one) ?? new Float64Array(OF_TID);
      this.#tids.set(one, known);
      addTo(known, tids, OF_TID * i);
    });
    addTo(this.#all, tids, OF_TID * tid.length);
    return tids[OF_TID * tid.length]!;
  }

  counts({ dspid, dstypeid }: StreamMember): RecordCounts {
    const files = [...this.#files].sort(([a], [b]) => a - b);
    const column = (k: number) => Float64Array.from(files, ([, { counts }]) => counts[k]!);
    const byFile: FileCounts = {
      file: Int32Array.from(files, ([number]) => number),
      tid: BigInt64Array.from(files, ([, { tid }]) => tid),
      events: column(0),
      events_uniq: column(1),
      events_dup: column(2),
      dupInTid: column(3),
      dupInAll: column(4),
    };
    const tids = [...this.#tids].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      dspid,
      dstypeid,
      ...counted(this.#all),
      files: files.length,
      files_dup: byFile.dupInAll.filter((events) => events > 0).length,
      tids: tids.map(([tid, counts]): TidCounts => {
        const own = files.filter(([, one]) => one.tid === tid);
        return {
          tid,
          ...counted(counts),
          files: own.length,
          files_dup: own.filter(([, one]) => one.counts[3]! > 0).length,
        };
      }),
      byFile,
    };
  }
}

function counted([events, events_uniq, events_dup]: Float64Array) {
  return { events: events!, events_uniq: events_uniq!, events_dup: events_dup! };
}

function addTo(sums: Float64Array, more: Uint32Array, from: number): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += more[from + i]!;
}
