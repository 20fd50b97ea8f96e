import type { Part } from '../../../core/catalogue/manifest.ts';
import type { TaskContext } from '../taskContext.ts';
import { type RecordIndex, readIndex } from './recordReader.ts';

/** Indexes that a thread keeps: some hundred bytes for each row group. */
const MOST_KEPT = 256;

/** The index of a part: read once by each thread. */
export async function keptIndex(
  context: TaskContext,
  folder: string,
  part: Part,
  signal: AbortSignal,
): Promise<RecordIndex> {
  const key = `index ${part.index.sha256}`;
  const known = context.kept.get(key) as RecordIndex | undefined;
  if (known) return known;
  const index = await readIndex(await context.object(folder, part.index), part, signal);
  const own = [...context.kept.keys()].filter((name) => name.startsWith('index '));
  if (own.length >= MOST_KEPT) context.kept.delete(own[0]!);
  context.kept.set(key, index);
  return index;
}
