import { cancelled } from '../../io/errors.ts';
import { nextTurn } from '../../schedule/slices.ts';
import { withCounting } from '../kernels/counting.ts';
import type { Handed, TaskContext } from '../taskContext.ts';
import type { RangeTask } from './plan.ts';
import { rangeSources } from './rangeSources.ts';
import { type Run, windows } from './windows.ts';

/** Which events of two streams. */
export type SharedKind = 'both' | 'only1' | 'only2';

export interface SharedTaskInput {
  folder: string;
  /** Of two streams. */
  range: RangeTask;
  kind: SharedKind;
  /** Events that are listed, at most: the first ones. */
  most: number;
}

const RECORDS_OF_WINDOW = 2 ** 18;

/** Lists events of two streams within a range. */
export function run(
  context: TaskContext,
  { folder, range, kind, most }: SharedTaskInput,
  signal: AbortSignal,
): Promise<Handed<BigUint64Array<ArrayBuffer>>> {
  return withCounting(async (counting) => {
    const found: BigUint64Array[] = [];
    let left = most;
    for await (const { runs } of windows(rangeSources(context, folder, range, signal), RECORDS_OF_WINDOW)) {
      const lists = [0, 1].map((stream) => keysOf(runs, stream));
      if (kind === 'only2') lists.reverse();
      const [a, b] = lists as [BigUint64Array, BigUint64Array];
      counting.clear();
      const [atA, atB, out] = [a, b, a].map(({ byteLength }) => counting.take(byteLength)) as [number, number, number];
      counting.put(atA, a);
      counting.put(atB, b);
      const { selectEvents } = counting.run;
      const count = selectEvents(atA, atA + a.byteLength, atB, atB + b.byteLength, kind === 'both', out);
      const events = new BigUint64Array(counting.bytes(out, 8 * Math.min(count, left)).slice().buffer);
      found.push(events);
      left -= events.length;
      if (left === 0) break;
      await nextTurn();
      if (signal.aborted) throw cancelled();
    }
    const all = new BigUint64Array(most - left);
    let at = 0;
    for (const events of found) {
      all.set(events, at);
      at += events.length;
    }
    return { handed: all, buffers: [all.buffer] };
  });
}

/** Of all runs of a stream, ascending. */
function keysOf(runs: readonly Run[], stream: number): BigUint64Array {
  const own = runs.filter((run) => run.stream === stream).map(({ keys }) => keys);
  if (own.length === 1) return own[0]!;
  const all = new BigUint64Array(own.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const keys of own) {
    all.set(keys, at);
    at += keys.length;
  }
  return all.sort();
}
