import { toPlain } from '../../../../core/errors.ts';
import type { NamedHistogram } from '../../../../core/hist/datasets.ts';
import type { ByteSource } from '../../../io/byteSource.ts';
import { asFormatError, formatError } from '../../errors.ts';
import { openRootFile, pathOf } from '../openRootFile.ts';
import type { RootFile, RootKey } from '../rootFile.ts';
import { histogramKeys } from './histogramKeys.ts';
import { rootHistogram } from './rootHistogram.ts';

/** Histograms of a file, and those that could not be read. */
export interface StoredHistograms {
  /** By their names, with the folders that they lie in. */
  histograms: NamedHistogram[];
  leftOut: { name: string; reason: string }[];
}

/** More are not read at once. */
const MOST_HISTOGRAMS = 500;
/** Unpacked bytes of one that is read. */
const MOST_BYTES = 200e6;

/** All histograms of a ROOT file. @throws LumiscopeError as `readHistograms` */
export async function openHistograms(source: ByteSource, signal?: AbortSignal): Promise<StoredHistograms> {
  return readHistograms(await openRootFile(source, signal), signal);
}

/**
 * All histograms of a file.
 * @throws LumiscopeError `format` where there is none, or none that can be read; `source`, `cancelled`
 */
export async function readHistograms(file: RootFile, signal?: AbortSignal): Promise<StoredHistograms> {
  const keys = histogramKeys(file);
  const { url } = file.source;
  if (keys.length === 0) throw formatError(url, 'there is no histogram in it', 'it may hold a tree: open it as data');
  const histograms: NamedHistogram[] = [];
  const leftOut: StoredHistograms['leftOut'] = [];
  for (const key of keys) {
    const name = pathOf(key);
    if (histograms.length >= MOST_HISTOGRAMS || key.objectBytes > MOST_BYTES) {
      const reason = key.objectBytes > MOST_BYTES ? 'it is too large' : `only ${MOST_HISTOGRAMS} are read`;
      leftOut.push({ name, reason });
      continue;
    }
    try {
      const object = await file.readObject(key, signal);
      histograms.push({ name, histogram: read(key, object, url) });
    } catch (error) {
      const { tag, message } = toPlain(error);
      if (tag === 'source' || tag === 'cancelled') throw error;
      leftOut.push({ name, reason: message });
    }
  }
  if (histograms.length === 0) throw formatError(url, leftOut[0]!.reason, 'write it again with ROOT or uproot');
  return { histograms: withDistinctTitles(histograms), leftOut };
}

/** Programs fill many histograms of one title: those are told apart by their names. */
function withDistinctTitles(all: readonly NamedHistogram[]): NamedHistogram[] {
  const seen = new Map<unknown, number>();
  for (const { histogram } of all) seen.set(histogram.metadata.title, (seen.get(histogram.metadata.title) ?? 0) + 1);
  return all.map(({ name, histogram }) => {
    const { title } = histogram.metadata;
    if (title === undefined || seen.get(title) === 1) return { name, histogram };
    return { name, histogram: { ...histogram, metadata: { ...histogram.metadata, title: `${title} (${name})` } } };
  });
}

function read(key: RootKey, object: Record<string, unknown>, url: string) {
  try {
    return rootHistogram(key.className, object);
  } catch (cause) {
    throw asFormatError(cause, `${url}, ${pathOf(key)}`);
  }
}
