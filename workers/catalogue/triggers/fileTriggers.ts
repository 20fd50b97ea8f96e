import { type MenuChain, TriggerMenu } from '../../../core/catalogue/menu.ts';
import {
  addTriggerCounts,
  noTriggerCounts,
  type TriggerCounts,
  type TriggerQuestion,
} from '../../../core/catalogue/triggerCounts.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import type { FileAddress } from '../../io/byteSource.ts';
import type { CatalogueThreads } from '../threads.ts';
import type { FileCountInput } from './fileCountTask.ts';

/** Chunks of a task: enough that opening the file again costs little. */
const CHUNKS_OF_TASK = 8;

export interface FileTriggers {
  counts: TriggerCounts;
  /** The columns, as chains of the high-level trigger whose bits are their places. */
  menu: TriggerMenu;
  /** Columns that a file lacks: there they count as not fired. */
  lacking: { file: string; columns: string[] }[];
}

/**
 * Counts boolean columns of event files, NanoAOD's `HLT_*` for instance, as chains: every row of a file is an event.
 * @param pattern of column names
 * @throws LumiscopeError `format` where no column fits, `source`, `cancelled`
 */
export async function countFileTriggers(
  threads: CatalogueThreads,
  addresses: readonly FileAddress[],
  pattern: string,
  { blocks, pairs }: Pick<TriggerQuestion, 'blocks' | 'pairs'>,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (events: number, of: number) => void } = {},
): Promise<FileTriggers> {
  const files = await Promise.all(
    addresses.map((address) => threads.run('fileTriggerColumns', { address, pattern }, signal)),
  );
  const chains = [...new Set(files.flatMap((file) => file.chains))];
  if (chains.length === 0) {
    const where = files.map(({ name }) => name).join(', ');
    throw new LumiscopeError('format', `${where} has no columns of booleans that fit ${pattern}`, {
      hint: 'trigger columns are called HLT_… in NanoAOD: name others with wildcards',
      place: { file: where },
    });
  }
  const question: TriggerQuestion = { level: 2, isColumns: true, list: 'ph', pairs, ...(blocks && { blocks }) };
  const inputs = files.flatMap(({ size, chunks, isRead }, i): FileCountInput[] => {
    const step = isRead ? chunks : CHUNKS_OF_TASK;
    return Array.from({ length: Math.ceil(chunks / step) }, (_, k) => ({
      address: addresses[i]!,
      size,
      chains,
      question,
      from: k * step,
      to: Math.min(chunks, (k + 1) * step),
    }));
  });
  const total = files.reduce((sum, { events }) => sum + events, 0);
  let counts = noTriggerCounts(question);
  await threads.all('fileTriggerCounts', inputs, {
    signal,
    onResult: (part) => {
      counts = addTriggerCounts(counts, part);
      onProgress?.(counts.records, total);
    },
  });
  const rows = chains.map((chain, bit): MenuChain => ({ level: 2, bit, chain, seed: '' }));
  return {
    counts,
    menu: new TriggerMenu(0, rows),
    lacking: files.flatMap(({ name, chains: own }) => {
      const columns = chains.filter((chain) => !own.includes(chain));
      return columns.length > 0 ? [{ file: name, columns }] : [];
    }),
  };
}
