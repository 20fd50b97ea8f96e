import { addInto } from '../../core/hist/contents.ts';
import type { PartialResult } from '../engine/engine.ts';

/** An empty result of the shape of `like`. */
function zeros(like: PartialResult): PartialResult {
  return {
    events: 0,
    cutflow: new Float64Array(like.cutflow.length),
    missingWeight: 0,
    histograms: like.histograms.map(({ values, variances }) => ({
      values: new Float64Array(values.length),
      ...(variances && { variances: new Float64Array(variances.length) }),
      entries: 0,
      missing: 0,
    })),
  };
}

/** Adds `more` to `sum`, in place. */
function addPartial(sum: PartialResult, more: PartialResult): void {
  sum.events += more.events;
  sum.missingWeight += more.missingWeight;
  more.cutflow.forEach((number, index) => {
    sum.cutflow[index]! += number;
  });
  for (const [index, histogram] of sum.histograms.entries()) addInto(histogram, more.histograms[index]!);
}

function copyOf(result: PartialResult): PartialResult {
  const copy = zeros(result);
  addPartial(copy, result);
  return copy;
}

/**
 * Adds partial results strictly in the order of their index, whatever the order in which they come, so that
 * floating-point sums are the same bits for any number of workers.
 */
export class OrderedMerge {
  readonly #waiting = new Map<number, PartialResult>();
  readonly #sum: PartialResult;
  #next = 0;

  /** @param like any result of the right shape: the sum of no chunk has it, too */
  constructor(like: PartialResult) {
    this.#sum = zeros(like);
  }

  /** How many results are in the sum: the next index that it waits for. */
  get merged(): number {
    return this.#next;
  }

  add(index: number, result: PartialResult): void {
    this.#waiting.set(index, result);
    for (let next = this.#waiting.get(this.#next); next; next = this.#waiting.get(this.#next)) {
      addPartial(this.#sum, next);
      this.#waiting.delete(this.#next++);
    }
  }

  /** The sum of all results up to the first that is not there. */
  sum(): PartialResult {
    return this.#sum;
  }

  /** For display: everything that is there, in a copy. */
  snapshot(): PartialResult {
    const all = copyOf(this.#sum);
    for (const index of [...this.#waiting.keys()].sort((a, b) => a - b)) addPartial(all, this.#waiting.get(index)!);
    return all;
  }
}
