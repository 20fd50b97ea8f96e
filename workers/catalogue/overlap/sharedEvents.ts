import type { EventSet, RunEvents, Stream } from '../../../core/catalogue/stream.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import { cancelled } from '../../io/errors.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';
import { planRanges } from './plan.ts';
import type { SharedKind } from './sharedTask.ts';

export interface SharedOptions {
  /** Default: those in both. */
  kind?: SharedKind;
  /** How many to list. */
  limit: number;
  signal?: AbortSignal | undefined;
}

/** Small ones: the first events of a list are in the first. */
const RECORDS_OF_RANGE = 2 ** 20;

/**
 * Lists events of two streams, by run and event number. Reads no further than it has to.
 * @throws LumiscopeError as `countOverlaps`
 */
export async function sharedEvents(
  { folder, manifest, threads }: OpenCatalogue,
  stream1: Stream,
  stream2: Stream,
  { kind = 'both', limit, signal }: SharedOptions,
): Promise<EventSet> {
  const ranges = planRanges(manifest, [stream1, stream2], RECORDS_OF_RANGE);
  const enough = new AbortController();
  const runs: RunEvents[] = [];
  let left = limit;
  const take = (runNumber: number, events: BigUint64Array) => {
    const taken = events.slice(0, left);
    left -= taken.length;
    const last = runs.at(-1);
    if (taken.length > 0 && last?.runNumber === runNumber) last.events = joined(last.events, taken);
    else if (taken.length > 0) runs.push({ runNumber, events: taken });
    if (left === 0) enough.abort();
  };
  if (limit <= 0) return { runs };
  try {
    await threads.all(
      'shared',
      ranges.map((range) => ({ folder, range, kind, most: limit })),
      {
        signal: signal ? AbortSignal.any([signal, enough.signal]) : enough.signal,
        onResult: (events, index) => take(ranges[index]!.runNumber, events),
      },
    );
  } catch (error) {
    const isEnough = enough.signal.aborted && error instanceof LumiscopeError && error.tag === 'cancelled';
    if (!isEnough) throw error;
  }
  if (signal?.aborted) throw cancelled();
  return { runs };
}

function joined(a: BigUint64Array, b: BigUint64Array): BigUint64Array {
  const both = new BigUint64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
