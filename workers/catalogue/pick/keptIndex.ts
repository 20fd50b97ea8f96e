import type { Part } from '../../../core/catalogue/manifest.ts';
import { type RecordIndex, readIndex } from '../read/recordReader.ts';
import type { TaskContext } from '../taskContext.ts';

/** Indices that a thread keeps, some 100 kB each: who picks one event often picks the next one near by. */
const MOST_KEPT = 64;
const KEY = 'pick.index ';

/** The index of a part, from what the thread keeps or by one request. @throws LumiscopeError as `readIndex` */
export async function keptIndex(
  context: TaskContext,
  folder: string,
  part: Part,
  signal: AbortSignal,
): Promise<RecordIndex> {
  const key = `${KEY}${folder}${part.index.path} ${part.index.sha256}`;
  const held = context.kept.get(key) as RecordIndex | undefined;
  if (held) return held;
  const index = await readIndex(await context.object(folder, part.index), part, signal);
  const keys = [...context.kept.keys()].filter((one) => one.startsWith(KEY));
  if (keys.length >= MOST_KEPT) context.kept.delete(keys[0]!);
  context.kept.set(key, index);
  return index;
}
