import type { Part } from '../../../core/catalogue/manifest.ts';
import { LISTS_OF_LEVEL } from '../../../core/catalogue/menu.ts';
import type { TriggerCounts, TriggerQuestion } from '../../../core/catalogue/triggerCounts.ts';
import type { ColumnData } from '../../../core/schema/column.ts';
import { slice } from '../../convert/rows.ts';
import type { ByteSource } from '../../io/byteSource.ts';
import { withCounting } from '../kernels/counting.ts';
import { keptIndex } from '../read/keptIndex.ts';
import { type RecordIndex, readGroups } from '../read/recordReader.ts';
import type { Handed, TaskContext } from '../taskContext.ts';
import { ChainPairs } from './chainPairs.ts';
import { handedCounts } from './handedCounts.ts';
import { FirstRecords, groupsWithin, rowsWithin, windowStarts } from './recordWindows.ts';
import { TriggerTally } from './triggerTally.ts';

export interface RecordCountInput {
  folder: string;
  runNumber: number;
  /** Parts whose events may be the same. */
  parts: readonly Part[];
  /** Event numbers: from the first up to, not including, the second; to the end without it. */
  from: bigint;
  to?: bigint | undefined;
  question: TriggerQuestion;
}

interface OpenPart {
  part: Part;
  source: ByteSource;
  index: RecordIndex;
}

/** Counts the chains of some records. */
export async function run(
  context: TaskContext,
  { folder, runNumber, parts, from, to, question }: RecordCountInput,
  signal: AbortSignal,
): Promise<Handed<TriggerCounts>> {
  const opened = await Promise.all(
    parts.map(
      async (part): Promise<OpenPart> => ({
        part,
        source: await context.object(folder, part.records),
        index: await keptIndex(context, folder, part, signal),
      }),
    ),
  );
  const inside = [...windowStarts(opened.map(({ index }) => index))].filter(
    (start) => start > from && (to === undefined || start < to),
  );
  const counts = await withCounting(async (counting) => {
    const tally = new TriggerTally(question, question.pairs ? new ChainPairs(counting, question.chosen) : undefined);
    const starts = [from, ...inside];
    for (const [k, start] of starts.entries()) {
      const firsts = new FirstRecords(opened.length);
      for (const one of opened)
        await countWindow(tally, firsts, one, question, runNumber, [start, starts[k + 1] ?? to], signal);
    }
    return tally.finish();
  });
  return handedCounts(counts);
}

const TIMES = ['eventno', 'lb', 'time'];

/**
 * Counts the records of one part in a window. Where luminosity blocks are asked for, row groups without them are not read, and of the others lists only where they are
 * needed.
 */
async function countWindow(
  tally: TriggerTally,
  firsts: FirstRecords,
  { part, source, index }: OpenPart,
  { level, blocks }: TriggerQuestion,
  runNumber: number,
  [from, to]: [bigint, bigint | undefined],
  signal: AbortSignal,
): Promise<void> {
  const names: readonly string[] = LISTS_OF_LEVEL[level];
  const groups: number[] = [];
  for (const group of groupsWithin(index, from, to)) {
    // The block behind the last one tells when that one ended.
    if (!blocks || (index.firstBlock[group]! <= blocks[1] + 1 && index.lastBlock[group]! >= blocks[0]))
      groups.push(group);
    // Counted in one of the windows that it is in.
    else if (index.first[group]! >= from) tally.leaveOut(index.rows[group + 1]! - index.rows[group]!);
  }
  const read = (of: readonly number[], columns: readonly string[]) =>
    readGroups(source, index, of, { columns, signal });
  const heads = await read(groups, blocks ? TIMES : [...TIMES, ...names]);
  const withins = heads.map(({ rows, columns }) => tally.within(columns.get('lb'), rows));
  const asked = groups.filter((_, k) => withins[k]?.includes(1) ?? true);
  const lists = blocks ? await read(asked, names) : heads;
  const listsOf = new Map(asked.map((group, k) => [group, lists[k]!.columns]));
  groups.forEach((group, k) => {
    const { columns } = heads[k]!;
    const [begin, end] = rowsWithin(columns.get('eventno')!.values as BigUint64Array, from, to);
    const cut = (column: ColumnData | undefined) => column && slice(column, begin, end);
    tally.addTimes(runNumber, cut(columns.get('lb')), cut(columns.get('time')));
    const isWithin = withins[k]?.subarray(begin, end);
    const isFirst = firsts.of((columns.get('eventno')!.values as BigUint64Array).subarray(begin, end), isWithin);
    const own = listsOf.get(group);
    if (own)
      tally.add(
        names.map((name) => cut(own.get(name))),
        end - begin,
        { isFirst, isWithin, where: part.records.path },
      );
    else tally.leaveOut(end - begin);
  });
}
