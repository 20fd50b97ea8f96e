import type { TaskContext } from '../taskContext.ts';
import { type MoreColumns, partKeys } from './partKeys.ts';
import type { RangeTask } from './plan.ts';
import type { KeyBlock, KeySource } from './windows.ts';

/** Event numbers of everything that has some in a range. */
export function rangeSources(
  context: TaskContext,
  folder: string,
  range: RangeTask,
  signal: AbortSignal,
  columns: MoreColumns = [],
): KeySource[] {
  const { first, last, parts, sets } = range;
  return [
    ...parts.map(({ stream, part }) => {
      const blocks = partKeys(context, folder, part, { first, last }, columns, signal);
      return { stream, next: async () => (await blocks.next()).value ?? undefined };
    }),
    ...sets.map(({ stream, events }) => {
      let left: KeyBlock | undefined = { keys: events };
      return {
        stream,
        next: async () => {
          const all = left;
          left = undefined;
          return all;
        },
      };
    }),
  ];
}
