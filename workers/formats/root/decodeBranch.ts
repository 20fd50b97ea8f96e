/**
 * Baskets of a branch to a column: numbers in bulk, never an object an entry.
 *
 * ```ts
 * const [first, last] = basketsOf(branch, from, to);
 * // … fetch baskets first … last − 1 …
 * const column = await decodeBranch(branch, from, to, (basket) => fetched[basket - first], file);
 * ```
 */
import type { ColumnData } from '../../../core/schema/column.ts';
import { asFormatError, Corrupt } from '../errors.ts';
import { type Kernels, loadKernels } from '../kernels/kernels.ts';
import { type Basket, checkStarts, readBasket } from './basket.ts';
import type { Branch } from './branch.ts';
import { hold, takeHeld } from './heldBaskets.ts';
import { NestedDecoder } from './nestedDecoder.ts';
import { NumberDecoder } from './numberDecoder.ts';
import { storedBytes } from './numbers.ts';
import { TextDecoder } from './textDecoder.ts';

/** Takes baskets in the order of entries, some of the entries of each, and makes a column of them. */
export interface BasketDecoder {
  /** Entries `[begin, end)` of a basket. @throws Corrupt */
  take(basket: Basket, begin: number, end: number): void;
  finish(kernels: Kernels): ColumnData;
}

/** Which baskets hold entries `[from, to)`: those of `[first, last)`; none where all are in the tree's object. */
export function basketsOf({ baskets }: Branch, from: number, to: number): [first: number, last: number] {
  const { entries, offsets } = baskets;
  const first = lowest(offsets.length, (basket) => entries[basket + 1]! > from);
  return [
    first,
    Math.max(
      first,
      lowest(offsets.length, (basket) => entries[basket]! >= to),
    ),
  ];
}

/** The first of `count` numbers of which something is true, as it is of all after it. */
function lowest(count: number, isTrue: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isTrue(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Entries `[from, to)` of a branch.
 * @param bytesOf the bytes of a basket in the file, its key included: of the branch, or of its counter
 * @param file its name, for errors
 * @throws LumiscopeError `format` naming file, column and basket
 */
export async function decodeBranch(
  branch: Branch,
  from: number,
  to: number,
  bytesOf: (basket: number, of: Branch) => Uint8Array,
  file: string,
): Promise<ColumnData> {
  const { baskets, embedded, interpretation, counter } = branch;
  const decoder = decoderOf(branch, to - from);
  let done = from;
  const take = (basket: Basket, firstEntry: number): void => {
    const end = Math.min(to, firstEntry + basket.entries);
    if (firstEntry > done) throw new Corrupt(`entries ${done} to ${firstEntry - 1} are in no basket`);
    if (end <= done) return;
    decoder.take(basket, done - firstEntry, end - firstEntry);
    done = end;
  };
  const withStarts = async (basket: Basket, firstEntry: number): Promise<Basket> => {
    if (basket.starts || interpretation.kind !== 'numbers' || interpretation.perEntry !== undefined) return basket;
    if (basket.entries === 1) return { ...basket, starts: Uint32Array.of(0, basket.values.length) };
    if (!counter) return basket;
    const counts = await decodeBranch(counter, firstEntry, firstEntry + basket.entries, bytesOf, file);
    return {
      ...basket,
      starts: startsOf(counts, storedBytes(interpretation.stored) * interpretation.innerLength, basket),
    };
  };
  let place = '';
  try {
    const kernels = await loadKernels();
    const [first, last] = basketsOf(branch, from, to);
    for (let i = first; i < last; i++) {
      place = `basket ${i}: `;
      const basket = takeHeld(baskets, i) ?? readBasket(bytesOf(i, branch), kernels);
      const entries = Math.min(baskets.entries[i + 1]!, embedded?.firstEntry ?? Infinity) - baskets.entries[i]!;
      if (basket.entries !== entries) throw new Corrupt(`it has ${basket.entries} entries instead of ${entries}`);
      take(await withStarts(basket, baskets.entries[i]!), baskets.entries[i]!);
      if (baskets.entries[i + 1]! > to) hold(baskets, i, basket);
    }
    if (embedded && done < to) {
      place = 'the basket in the tree: ';
      checkStarts(embedded);
      take(await withStarts(embedded, embedded.firstEntry), embedded.firstEntry);
    }
    place = '';
    if (done < to) throw new Corrupt(`entries ${done} to ${to - 1} are in no basket`);
    return decoder.finish(kernels);
  } catch (cause) {
    const said = cause instanceof Corrupt ? new Corrupt(place + cause.message, { cause }) : cause;
    throw asFormatError(said, file, branch.info.name);
  }
}

/** Places of entries whose numbers of items are known. */
function startsOf({ values: counts }: ColumnData, itemBytes: number, { values }: Basket): Uint32Array {
  const starts = new Uint32Array(counts.length + 1);
  let at = 0;
  for (let i = 0; i < counts.length; i++) {
    at += Math.max(Number(counts[i]), 0) * itemBytes;
    if (at > values.length) break;
    starts[i + 1] = at;
  }
  if (at !== values.length) throw new Corrupt(`its counter says ${at} bytes, it has ${values.length}`);
  return starts;
}

function decoderOf({ info, interpretation, interleaved }: Branch, entries: number): BasketDecoder {
  switch (interpretation.kind) {
    case 'numbers':
      return new NumberDecoder(interpretation, interleaved, info.depth, entries);
    case 'nested':
      return new NestedDecoder(interpretation, entries);
    case 'text':
      return new TextDecoder(interpretation, entries);
  }
}
