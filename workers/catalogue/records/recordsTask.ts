import { LumiscopeError } from '../../../core/errors.ts';
import { cancelled } from '../../io/errors.ts';
import { nextTurn } from '../../schedule/slices.ts';
import { withCounting } from '../kernels/counting.ts';
import type { RangeTask } from '../overlap/plan.ts';
import { rangeSources } from '../overlap/rangeSources.ts';
import { windows } from '../overlap/windows.ts';
import type { Handed, TaskContext } from '../taskContext.ts';
import { type PartialRecords, RecordCounter, WrongRecord } from './recordCounter.ts';

export interface RecordsTaskInput {
  folder: string;
  /** Of one stream. */
  range: RangeTask;
}

const RECORDS_OF_WINDOW = 2 ** 18;

/** Counts the records of one stream within a range of event numbers by file and tid. */
export function run(
  context: TaskContext,
  { folder, range }: RecordsTaskInput,
  signal: AbortSignal,
): Promise<Handed<PartialRecords>> {
  return withCounting(async (counting) => {
    const counter = new RecordCounter(counting);
    const sources = rangeSources(context, folder, range, signal, ['file', 'tid']);
    for await (const { runs } of windows(sources, RECORDS_OF_WINDOW)) {
      try {
        counter.take(runs);
      } catch (cause) {
        throw cause instanceof WrongRecord ? named(cause, folder, range) : cause;
      }
      await nextTurn();
      if (signal.aborted) throw cancelled();
    }
    const counts = counter.finish();
    return { handed: counts, buffers: Object.values(counts).map(({ buffer }) => buffer) };
  });
}

function named(cause: WrongRecord, folder: string, { parts }: RangeTask): LumiscopeError {
  const { event, message } = cause;
  const holders = parts.filter(({ part }) => BigInt(part.first) <= event && BigInt(part.last) >= event);
  const paths = holders.map(({ part }) => folder + part.keys.path);
  const hint = 'import the dataset anew';
  return new LumiscopeError('format', `${paths.join(' or ')}: ${message}`, { hint, place: { file: paths[0]! }, cause });
}
