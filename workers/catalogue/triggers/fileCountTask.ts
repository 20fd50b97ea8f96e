import type { TriggerCounts, TriggerQuestion } from '../../../core/catalogue/triggerCounts.ts';
import type { FileAddress } from '../../io/byteSource.ts';
import { withCounting } from '../kernels/counting.ts';
import type { Handed, TaskContext } from '../taskContext.ts';
import { ChainPairs } from './chainPairs.ts';
import { flagLists } from './flagLists.ts';
import { handedCounts } from './handedCounts.ts';
import { blockColumn, openTriggerFile } from './triggerFile.ts';
import { TriggerTally } from './triggerTally.ts';

export interface FileCountInput {
  address: FileAddress;
  size: number;
  /** Names of columns: bits of the question are places in this list. */
  chains: readonly string[];
  question: TriggerQuestion;
  /** Chunks of the file. */
  from: number;
  to: number;
}

/** Counts the trigger columns of some chunks of an event file. */
export async function run(
  context: TaskContext,
  { address, size, chains, question, from, to }: FileCountInput,
  signal: AbortSignal,
): Promise<Handed<TriggerCounts>> {
  const file = await openTriggerFile(context, address, size, signal);
  const has = new Set(file.summary.columns.map(({ name }) => name));
  const own = chains.filter((name) => has.has(name));
  const block = question.blocks && blockColumn(file);
  const counts = await withCounting(async (counting) => {
    const tally = new TriggerTally(question, question.pairs ? new ChainPairs(counting, question.chosen) : undefined);
    for (let chunk = from; chunk < to; chunk++) {
      const { begin, end } = file.summary.chunks[chunk]!;
      const columns = await file.readChunk(chunk, [...own, ...(block ? [block] : [])], signal);
      const byName = new Map(own.map((name, i) => [name, columns[i]]));
      const list = flagLists(
        chains.map((name) => byName.get(name)),
        end - begin,
      );
      const isWithin = tally.within(block ? columns.at(-1) : undefined, end - begin);
      tally.add([list], end - begin, { isWithin, where: file.summary.file.address.kind });
    }
    return tally.finish();
  });
  return handedCounts(counts);
}
