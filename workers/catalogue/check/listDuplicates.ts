import { type Duplicates, joinDuplicates } from '../../../core/catalogue/duplicates.ts';
import type { StreamMember } from '../../../core/catalogue/stream.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';
import { planRanges, rangeRecords, recordsOf } from '../overlap/plan.ts';
import { type ScanProgress, watchScan } from '../overlap/progress.ts';
import type { DuplicateScope } from './duplicatesTask.ts';

export interface DuplicateOptions {
  scope?: DuplicateScope;
  /** Events that are listed, at most. */
  most?: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ScanProgress) => void) | undefined;
}

/** More are of no use to a person, and take memory. */
export const MOST_DUPLICATES = 1_000_000;

/**
 * Lists the event numbers that occur more than once in a container, or within one of its datasets or files: how often, and in which files. The same for any number
 * of threads.
 * @throws LumiscopeError as `countRecords`
 */
export async function listDuplicates(
  { folder, manifest, threads }: OpenCatalogue,
  member: StreamMember,
  { scope = {}, most = MOST_DUPLICATES, signal, onProgress }: DuplicateOptions = {},
): Promise<Duplicates> {
  const streams = [{ name: `${member.dspid}/${member.dstypeid}`, members: [member] }];
  const total = recordsOf(manifest, streams);
  const watch = watchScan(threads, total);
  const lists: Duplicates[] = [];
  let read = 0;
  await threads.all(
    'duplicates',
    planRanges(manifest, streams, rangeRecords(total, 1, threads.size)).map((range) => ({
      folder,
      range,
      scope,
      most,
    })),
    {
      signal,
      onResult: ({ duplicates, records }) => {
        lists.push(duplicates);
        read += records;
        onProgress?.(watch(read));
      },
    },
  );
  return first(joinDuplicates(lists), most);
}

function first({ eventno, offsets, files }: Duplicates, most: number): Duplicates {
  if (eventno.length <= most) return { eventno, offsets, files };
  return {
    eventno: eventno.slice(0, most),
    offsets: offsets.slice(0, most + 1),
    files: files.slice(0, offsets[most]),
  };
}
