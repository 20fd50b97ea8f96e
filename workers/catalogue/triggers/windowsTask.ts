import type { Part } from '../../../core/catalogue/manifest.ts';
import { keptIndex } from '../read/keptIndex.ts';
import type { TaskContext } from '../taskContext.ts';
import { windowStarts } from './recordWindows.ts';

/** Where the windows of parts begin whose events lie among one another. */
export async function run(
  context: TaskContext,
  { folder, parts }: { folder: string; parts: readonly Part[] },
  signal: AbortSignal,
): Promise<BigUint64Array> {
  return windowStarts(await Promise.all(parts.map((part) => keptIndex(context, folder, part, signal))));
}
