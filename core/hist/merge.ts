import { LumiscopeError, toPlain } from '../errors.ts';
import { add } from './arithmetic.ts';
import type { NamedHistogram } from './datasets.ts';

/** The histograms of one run, and what people call it: the name of its file. */
export interface NamedResult {
  name: string;
  histograms: readonly NamedHistogram[];
}

/**
 * The sum of results of one analysis that were made on different parts of its data: histograms of the same name are added. All results
 * must have the same ones.
 *
 * @throws LumiscopeError 'format' that names the results, the histogram and the axis that differ
 */
export function mergeResults(results: readonly NamedResult[]): NamedHistogram[] {
  const [first, ...others] = results;
  const sums = new Map(first.histograms.map(({ name, histogram }) => [name, histogram]));
  for (const other of others) {
    const more = new Map(other.histograms.map(({ name, histogram }) => [name, histogram]));
    for (const name of more.keys()) if (!sums.has(name)) lacks(first.name, other.name, name);
    for (const [name, histogram] of sums) {
      const part = more.get(name);
      if (!part) lacks(other.name, first.name, name);
      try {
        sums.set(name, add(histogram, part));
      } catch (error) {
        const { tag, message, hint } = toPlain(error);
        throw new LumiscopeError(tag, `${name || 'the histogram'} in ${first.name} and ${other.name}: ${message}`, {
          hint,
        });
      }
    }
  }
  return [...sums].map(([name, histogram]) => ({ name, histogram }));
}

function lacks(one: string, other: string, name: string): never {
  throw new LumiscopeError('format', `${one} has no histogram ${name}, which is in ${other}`, {
    hint: 'results are added where they come from one analysis: run the same document on both parts of the data',
  });
}
