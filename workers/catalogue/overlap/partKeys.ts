import type { Part } from '../../../core/catalogue/manifest.ts';
import { openParquet } from '../../formats/parquet/openParquet.ts';
import type { TaskContext } from '../taskContext.ts';
import { placeOf } from './placeOf.ts';
import type { KeyBlock } from './windows.ts';

/** Event numbers of a part between two, both included, ascending, block by block. */
export async function* partKeys(
  context: TaskContext,
  folder: string,
  part: Part,
  { first, last, columns }: { first: bigint; last: bigint; columns: readonly ('file' | 'tid')[] },
  signal: AbortSignal,
): AsyncGenerator<KeyBlock> {
  const source = await context.object(folder, part.keys);
  const pinned = { address: { kind: 'path' as const, path: source.url }, size: part.keys.bytes, etag: undefined };
  const file = await openParquet(source, pinned, signal);
  const bounds = file.summary.chunkBounds?.get('eventno');
  for (let chunk = 0; chunk < file.summary.chunks.length; chunk++) {
    if (bounds && (bounds[2 * chunk]! > Number(last) || bounds[2 * chunk + 1]! < Number(first))) continue;
    const read = await file.readChunk(chunk, ['eventno', ...columns], signal);
    const keys = read[0]!.values as BigUint64Array;
    const from = placeOf(keys, first);
    const to = placeOf(keys, last, true);
    if (to <= from) continue;
    const block: KeyBlock = { keys: keys.subarray(from, to) };
    columns.forEach((name, i) => {
      Object.assign(block, { [name]: read[i + 1]!.values.subarray(from, to) });
    });
    yield block;
  }
}
