/** Where the baskets of a branch lie. */
import { Corrupt } from '../errors.ts';
import type { Baskets, EmbeddedBasket } from './branch.ts';
import { type BasketObject, type BranchObject, toNumber } from './treeObject.ts';

export interface BasketTable {
  baskets: Baskets;
  embedded?: EmbeddedBasket;
}

/** @param events of the tree. @throws Corrupt where the baskets are not in order, not within the file, or hold fewer events */
export function readBasketTable(branch: BranchObject, events: number, fileBytes: number): BasketTable {
  const { fBasketEntry, fBasketSeek, fBasketBytes, fWriteBasket } = branch;
  let count = 0;
  while (count < fWriteBasket && count < fBasketSeek.length && Number(fBasketSeek[count]) !== 0) count++;
  const embedded = readEmbedded(branch.fBaskets.arr.filter((basket) => basket !== null));
  const own = toNumber(branch.fEntries, 'its number of entries');
  const stored = embedded ? own - embedded.entries : own;
  const entries = new Float64Array(count + 1);
  const offsets = new Float64Array(count);
  const bytes = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    entries[i] = toNumber(fBasketEntry[i]!, 'the first entry of a basket');
    offsets[i] = toNumber(fBasketSeek[i]!, 'the place of a basket');
    bytes[i] = toNumber(fBasketBytes[i]!, 'the length of a basket');
    if (bytes[i] === 0 || offsets[i]! + bytes[i]! > fileBytes) throw new Corrupt('a basket lies outside the file');
  }
  entries[count] = stored;
  if (entries[0] !== 0 || entries.some((entry, i) => i > 0 && entry < entries[i - 1]!))
    throw new Corrupt('its baskets are not in the order of entries');
  if (own < events) throw new Corrupt(`it has ${own} of ${events} entries`);
  if (embedded) embedded.firstEntry = stored;
  return { baskets: { entries, offsets, bytes }, ...(embedded && { embedded }) };
}

/** Baskets that were still in memory when the tree was written, as one. */
function readEmbedded(baskets: BasketObject[]): EmbeddedBasket | undefined {
  const parts = baskets.filter(({ fNevBuf }) => fNevBuf > 0).map(readOne);
  if (parts.length < 2) return parts[0];
  const values = new Uint8Array(parts.reduce((sum, part) => sum + part.values.length, 0));
  const entries = parts.reduce((sum, part) => sum + part.entries, 0);
  const starts = parts.every((part) => part.starts) ? new Uint32Array(entries + 1) : undefined;
  if (!starts && parts.some((part) => part.starts)) throw new Corrupt('its baskets in memory differ');
  let [at, entry] = [0, 0];
  for (const part of parts) {
    values.set(part.values, at);
    part.starts?.forEach((start, i) => {
      starts![entry + i] = at + start;
    });
    at += part.values.length;
    entry += part.entries;
  }
  return { firstEntry: 0, entries, values, starts };
}

function readOne({ fKeylen, fNevBuf, fLast, fEntryOffset, fBufferRef }: BasketObject): EmbeddedBasket {
  const length = fLast - fKeylen;
  const view = fBufferRef?.arr;
  if (length < 0 || (length > 0 && (!view || view.byteLength < length)))
    throw new Corrupt('a basket in memory is cut short');
  const values = view && length > 0 ? new Uint8Array(view.buffer, view.byteOffset, length) : new Uint8Array(0);
  if (!fEntryOffset?.length) return { firstEntry: 0, entries: fNevBuf, values, starts: undefined };
  if (fEntryOffset.length < fNevBuf) throw new Corrupt('a basket in memory has too few entries');
  const starts = new Uint32Array(fNevBuf + 1);
  for (let i = 0; i < fNevBuf; i++) {
    const start = fEntryOffset[i]! - fKeylen;
    if (start < (starts[i - 1] ?? 0) || start > length)
      throw new Corrupt('a basket in memory has entries out of order');
    starts[i] = start;
  }
  starts[fNevBuf] = length;
  return { firstEntry: 0, entries: fNevBuf, values, starts };
}
