import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import type { DatasetBook } from './datasetBook.ts';
import { removeStaged } from './tidy.ts';

/**
 * Deletes staged objects that no message names: their jobs died before they sent one. Objects are listed before messages are, so that an object whose message comes meanwhile stays.
 * @param before ms since 1970-01-01 UTC, by the store's clock: younger ones stay
 */
export async function sweepUnclaimed(
  objects: ObjectStore,
  book: DatasetBook,
  before: number,
  signal: AbortSignal,
): Promise<{ objects: number; bytes: number }> {
  const old = new Set<string>();
  for await (const { path, modified } of objects.list('staged/', signal)) {
    const [, sha256] = /([0-9a-f]{64})\.parquet$/.exec(path) ?? [];
    if (sha256 && modified < before) old.add(sha256);
  }
  if (old.size === 0) return { objects: 0, bytes: 0 };
  await book.refresh(undefined, signal);
  for (const dataset of book.names()) {
    const settled = book.settled(dataset);
    const view = await book.look(dataset, true, signal);
    for (const { message } of view?.messages.values() ?? []) old.delete(message.object.sha256);
    for (const { sha256 } of view?.latest?.objects ?? []) old.delete(sha256);
    if (settled && view?.files.state === settled.state) book.settle(dataset, settled);
    if (old.size === 0) break;
  }
  return removeStaged(objects, [...old], signal);
}
