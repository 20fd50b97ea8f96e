/** As `attempt`, of the histograms in a damaged ROOT file. */
import { listArrays } from '../../core/hist/arrays.ts';
import { binCount } from '../../core/hist/contents.ts';
import { openHistograms, type StoredHistograms } from '../../workers/formats/root/histograms/readHistograms.ts';
import { blobSource } from '../../workers/io/blob.ts';
import { type Verdict, whyNotOurs } from './attempt.ts';

/** Reads all histograms of a mutant. @param original what the file has undamaged, as `contentsOf` tells */
export async function attemptHistograms(
  name: string,
  bytes: Uint8Array,
  original: string,
  takeAllocated: () => number,
): Promise<Verdict> {
  takeAllocated();
  let stored: StoredHistograms;
  try {
    stored = await open(name, bytes);
  } catch (error) {
    const what = whyNotOurs(error, name);
    const allocated = takeAllocated();
    return what ? { end: 'violation', what, allocated } : { end: 'error', allocated };
  }
  const allocated = takeAllocated();
  for (const { name: histogram, histogram: found } of stored.histograms) {
    const bins = binCount(found.axes);
    if (listArrays(found).some(({ length }) => length !== bins))
      return { end: 'violation', what: `${histogram} has arrays of other lengths than its ${bins} bins`, allocated };
  }
  if (stored.leftOut.length > 0) return { end: 'error', allocated };
  return { end: JSON.stringify(stored) === original ? 'right' : 'changed', allocated };
}

export async function contentsOf(name: string, bytes: Uint8Array): Promise<string> {
  return JSON.stringify(await open(name, bytes));
}

function open(name: string, bytes: Uint8Array): Promise<StoredHistograms> {
  return openHistograms(blobSource(name, new Blob([bytes as Uint8Array<ArrayBuffer>]), { bytes: 0, requests: 0 }));
}
