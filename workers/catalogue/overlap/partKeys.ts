import type { Part } from '../../../core/catalogue/manifest.ts';
import { type KeyRange, openKeys } from '../read/keyReader.ts';
import type { TaskContext } from '../taskContext.ts';
import type { KeyBlock } from './windows.ts';

/** Columns beside event numbers. */
export type MoreColumns = readonly ('file' | 'tid')[];

/** Event numbers of a part within a range, ascending, block by block. @throws LumiscopeError as `openKeys`, `KeyReader.stream` */
export async function* partKeys(
  context: TaskContext,
  folder: string,
  part: Part,
  range: KeyRange,
  columns: MoreColumns,
  signal: AbortSignal,
): AsyncGenerator<KeyBlock> {
  const reader = await openKeys(await context.object(folder, part.keys), part, signal);
  for await (const { eventno, file, tid } of reader.stream(columns, range, signal))
    yield {
      keys: eventno,
      ...(columns.includes('file') && { file }),
      ...(columns.includes('tid') && { tid }),
    };
}
