import type { EventFile } from '../formats/eventFile.ts';
import type { ByteRange, ByteSource } from '../io/byteSource.ts';
import { requestsOf } from '../io/coalesce.ts';
import type { ChunkCost, CostTask } from './workerApi.ts';

/** What reading chunks of an open file takes, one after the other; ranges that two of them share count once. */
export async function chunkCosts(
  file: EventFile,
  source: ByteSource | undefined,
  chunks: CostTask['chunks'],
): Promise<(ChunkCost | undefined)[]> {
  const gap = source?.gap?.() ?? 0;
  const seen = new Set<string>();
  const costs: (ChunkCost | undefined)[] = [];
  for (const { chunk, columns } of chunks) {
    const ranges = file.ranges?.(chunk, columns)?.filter((range) => range[1] > 0 && !seen.has(`${range}`));
    if (!ranges) {
      costs.push(undefined);
      continue;
    }
    for (const range of ranges) seen.add(`${range}`);
    const held = (await source?.cache?.holds(ranges)) ?? [];
    const requests = requestsOf(
      ranges.filter((_, k) => !held[k]),
      gap,
    );
    costs.push({
      requests: requests.length,
      bytes: lengthOf(requests),
      cachedBytes: lengthOf(ranges.filter((_, k) => held[k])),
    });
  }
  return costs;
}

function lengthOf(ranges: readonly ByteRange[]): number {
  return ranges.reduce((sum, [, length]) => sum + length, 0);
}
