import type { OverlapCounts } from '../../../core/catalogue/overlap.ts';
import type { Stream } from '../../../core/catalogue/stream.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import { cancelled } from '../../io/errors.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';
import { type CountedBy, engineOf, type OverlapEngine } from './engine.ts';
import { MOST_STREAMS, type PartialCounts } from './overlapCounter.ts';
import { planRanges, rangeRecords, recordsOf } from './plan.ts';
import { type ScanProgress, watchScan } from './progress.ts';

/** Where a count is, and what is known so far. */
export interface OverlapProgress extends ScanProgress {
  counts: OverlapCounts;
}

export interface OverlapOptions {
  /** What counts pairs. Default: `auto`. */
  engine?: OverlapEngine | undefined;
  signal?: AbortSignal | undefined;
  /** Told after each range of event numbers. */
  onProgress?: ((progress: OverlapProgress) => void) | undefined;
}

/**
 * Counts how many events each pair of streams shares, and how many events are in exactly k of them. Reads each record once, and holds a window of them. Any
 * number of threads, and any engine, counts the same.
 * @throws LumiscopeError `document` for streams that the catalogue does not have; `source`, `format` naming an object that is missing or damaged; `cancelled`
 */
export async function countOverlaps(
  catalogue: OpenCatalogue,
  streams: readonly Stream[],
  { engine = 'auto', signal, onProgress }: OverlapOptions = {},
): Promise<OverlapCounts & { by: CountedBy }> {
  const { folder, manifest, threads } = catalogue;
  if (streams.length > MOST_STREAMS)
    throw new LumiscopeError('limit', `${streams.length} streams are more than ${MOST_STREAMS}`, {
      hint: 'choose fewer',
    });
  const total = recordsOf(manifest, streams);
  const ranges = planRanges(manifest, streams, rangeRecords(total, streams.length, threads.size));
  const asked = engineOf(engine, streams.length, total);
  const sums = new Sums(streams);
  let by: CountedBy = { engine: 'wasm' };
  const watch = watchScan(threads, total);
  await threads.all(
    'overlap',
    ranges.map((range) => ({ folder, streams: streams.length, range, engine: asked })),
    {
      signal,
      onResult: (counts) => {
        sums.add(counts);
        // Where some ranges were counted otherwise, that is what is told.
        if (by.note === undefined) by = counts.by;
        onProgress?.({ ...watch(sums.read), counts: sums.counts() });
      },
    },
  );
  if (signal?.aborted) throw cancelled();
  return { ...sums.counts(), by };
}

class Sums {
  readonly #names: string[];
  readonly #records: Float64Array;
  readonly #both: Float64Array;
  readonly #inExactly: Float64Array;

  constructor(streams: readonly Stream[]) {
    const size = streams.length;
    this.#names = streams.map(({ name }) => name);
    this.#records = new Float64Array(size);
    this.#both = new Float64Array(size * size);
    this.#inExactly = new Float64Array(size + 1);
  }

  get read(): number {
    return this.#records.reduce((sum, own) => sum + own, 0);
  }

  add({ records, both, inExactly }: PartialCounts): void {
    addTo(this.#records, records);
    addTo(this.#both, both);
    addTo(this.#inExactly, inExactly);
  }

  /** So far: a copy. */
  counts(): OverlapCounts {
    const size = this.#names.length;
    const both = this.#both.slice();
    let distinct = 0;
    for (let i = 0; i < size; i++) {
      distinct += both[i * size + i]!;
      for (let j = i + 1; j < size; j++) both[j * size + i] = both[i * size + j]!;
    }
    const inExactly = this.#inExactly.slice();
    inExactly[0] = 0;
    return { names: this.#names, records: this.#records.slice(), both, inExactly, duplicates: this.read - distinct };
  }
}

/** Whole numbers: the order of additions does not matter. */
function addTo(sums: Float64Array, more: Float64Array): void {
  for (let i = 0; i < sums.length; i++) sums[i]! += more[i]!;
}
