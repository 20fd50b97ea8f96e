import { mapArrays } from '../../core/hist/arrays.ts';
import { addInto } from '../../core/hist/contents.ts';
import type { PartialResult } from '../engine/engine.ts';

/**
 * Adds `more` to `sum`, in place. Of a program that was cut short it has fewer rows and no histograms: no event passed more, and
 * none that did has no weight.
 */
function addPartial(sum: PartialResult, more: PartialResult): void {
  sum.events += more.events;
  if (more.cutflow.length === sum.cutflow.length) sum.missingWeight += more.missingWeight;
  more.cutflow.forEach((number, index) => {
    sum.cutflow[index]! += number;
  });
  for (const [index, histogram] of more.histograms.entries()) addInto(sum.histograms[index]!, histogram);
}

function copyOf(result: PartialResult): PartialResult {
  return {
    ...result,
    cutflow: result.cutflow.slice(),
    histograms: result.histograms.map((histogram) => ({
      ...histogram,
      ...mapArrays(histogram, (array) => array.slice()),
    })),
  };
}

/**
 * Adds partial results strictly in the order of their index, whatever the order in which they come, so that
 * floating-point sums are the same bits for any number of workers.
 */
export class OrderedMerge {
  readonly #waiting = new Map<number, PartialResult>();
  readonly #sum: PartialResult;
  #next = 0;

  /** @param empty the result of no event, which all others are added to */
  constructor(empty: PartialResult) {
    this.#sum = empty;
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
