import type { Part } from '../../../core/catalogue/manifest.ts';
import { openParquet } from '../../formats/parquet/openParquet.ts';
import type { TaskContext } from '../taskContext.ts';
import { placeOf } from './placeOf.ts';

/** Event numbers of a part between two, both included, ascending, block by block. */
export async function* partKeys(
  context: TaskContext,
  folder: string,
  part: Part,
  [first, last]: [bigint, bigint],
  signal: AbortSignal,
): AsyncGenerator<BigUint64Array> {
  const source = await context.object(folder, part.keys);
  const pinned = { address: { kind: 'path' as const, path: source.url }, size: part.keys.bytes, etag: undefined };
  const file = await openParquet(source, pinned, signal);
  const bounds = file.summary.chunkBounds?.get('eventno');
  for (let chunk = 0; chunk < file.summary.chunks.length; chunk++) {
    if (bounds && (bounds[2 * chunk]! > Number(last) || bounds[2 * chunk + 1]! < Number(first))) continue;
    const [column] = await file.readChunk(chunk, ['eventno'], signal);
    const keys = column!.values as BigUint64Array;
    const from = placeOf(keys, first);
    const to = placeOf(keys, last, true);
    if (to > from) yield keys.subarray(from, to);
  }
}
