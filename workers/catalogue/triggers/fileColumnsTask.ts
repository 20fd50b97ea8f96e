import { namePattern } from '../../../core/catalogue/menu.ts';
import type { FileAddress } from '../../io/byteSource.ts';
import type { TaskContext } from '../taskContext.ts';
import { openTriggerFile } from './triggerFile.ts';

/** What is known of a file with trigger columns. */
export interface TriggerFileColumns {
  name: string;
  size: number;
  events: number;
  chunks: number;
  /** Flat columns of booleans that fit the pattern, in the file's order. */
  chains: string[];
  /** Set where the file's columns come with one another, so that it is read in one go. */
  isRead: boolean;
}

/** Looks for trigger columns in an event file. */
export async function run(
  context: TaskContext,
  { address, pattern }: { address: FileAddress; pattern: string },
  signal: AbortSignal,
): Promise<TriggerFileColumns> {
  const { summary, index } = await openTriggerFile(context, address, undefined, signal);
  const fits = namePattern(pattern);
  const { events, chunks, columns, file } = summary;
  return {
    name: address.kind === 'url' ? address.url : address.kind === 'path' ? address.path : address.name,
    size: file.size,
    events,
    chunks: chunks.length,
    chains: columns
      .filter(({ name, type, depth }) => type === 'bool' && depth === 0 && fits(name))
      .map(({ name }) => name),
    isRead: index !== undefined,
  };
}
