/** What a supervisor does with a dataset beside validating it: messages are packed, what is finished is folded, what has had its time is deleted. */
import { packPath, settledPath, stagedPath } from '../../core/ingest/layout.ts';
import { sha256 } from '../../workers/catalogue/sha256.ts';
import type { ObjectStore } from '../../workers/objects/objectStore.ts';
import { jsonBytes } from '../json.ts';
import type { View } from './datasetBook.ts';
import { inParallel } from './inParallel.ts';
import type { Settled } from './stored.ts';

const AT_ONCE = 16;
/** Messages of one pack: some MB. */
const PACKED = 2000;

/** The messages of a dataset that lie there one by one. */
export function looseOf({ files, messages }: View): { path: string; name: string }[] {
  return files.messages
    .map(({ path }) => ({ path, name: path.slice(path.lastIndexOf('/') + 1, -'.json'.length) }))
    .filter(({ name }) => messages.has(name));
}

/** Puts messages that lie there one by one into packs. At every moment each of them is in a pack or by itself. */
export async function packMessages(objects: ObjectStore, view: View, signal: AbortSignal): Promise<void> {
  const loose = looseOf(view);
  for (let from = 0; from < loose.length; from += PACKED) {
    const some = loose.slice(from, from + PACKED);
    const bytes = jsonBytes({ messages: some.map(({ name }) => view.messages.get(name)!) });
    await objects.write(packPath(view.dataset, await sha256(bytes)), bytes, 'absent', signal);
    await inParallel(AT_ONCE, some, ({ path }) => objects.remove(path, signal));
  }
}

/** Notes that nothing is left to do at a dataset, so that the rest is not read again. */
export async function writeSettled(
  objects: ObjectStore,
  { dataset, files, supervision, publishedSeen }: View,
  again: number | undefined,
  signal: AbortSignal,
): Promise<Settled> {
  const settled: Settled = {
    state: files.state,
    progress: supervision.progress,
    publishedSeen: publishedSeen!,
    ...(again !== undefined && { again }),
  };
  await objects.write(settledPath(dataset), jsonBytes(settled), undefined, signal);
  return settled;
}

/** Deletes staged objects. @returns how many, and their bytes */
export async function removeStaged(
  objects: ObjectStore,
  names: readonly string[],
  signal: AbortSignal,
): Promise<{ objects: number; bytes: number }> {
  const removed = { objects: 0, bytes: 0 };
  await inParallel(AT_ONCE, names, async (name) => {
    const path = stagedPath(name);
    const found = await objects.stat(path, signal);
    if (!found) return;
    await objects.remove(path, signal);
    removed.objects++;
    removed.bytes += found.bytes;
  });
  return removed;
}

/** Deletes the messages of a dataset whose objects are gone. */
export async function removeMessages(objects: ObjectStore, view: View, signal: AbortSignal): Promise<void> {
  const paths = [...looseOf(view), ...view.files.packs].map(({ path }) => path);
  await inParallel(AT_ONCE, paths, (path) => objects.remove(path, signal));
}
