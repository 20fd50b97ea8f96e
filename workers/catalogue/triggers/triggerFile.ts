import { identityColumn } from '../../../core/schema/eventIdentity.ts';
import type { EventFile } from '../../formats/eventFile.ts';
import { openEventFile } from '../../formats/open.ts';
import type { FileAddress } from '../../io/byteSource.ts';
import type { TaskContext } from '../taskContext.ts';

/** An event file as its trigger columns are read. @param size where it is known from an opening before */
export async function openTriggerFile(
  context: TaskContext,
  address: FileAddress,
  size: number | undefined,
  signal: AbortSignal,
): Promise<EventFile> {
  const source = await context.open(address, size);
  return openEventFile(source, { address, size: source.size, etag: source.etag }, signal);
}

/** The column with luminosity blocks, if there is one. */
export function blockColumn({ summary }: EventFile): string | undefined {
  return identityColumn({ columns: new Map(summary.columns.map((column) => [column.name, column])) }, 'block');
}
