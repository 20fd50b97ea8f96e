import type { OverlapCounts } from '../../../core/catalogue/overlap.ts';
import { storedOverlaps } from '../../../core/catalogue/storedOverlaps.ts';
import type { Stream } from '../../../core/catalogue/stream.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';

/**
 * The overlaps of data types of one dataset as `catalogue check --write` stored them: pairs, without k-fold counts.
 * @returns undefined where they were not stored, or the streams are others
 * @throws LumiscopeError `source`, `format`, `cancelled`
 */
export async function storedCounts(
  catalogue: OpenCatalogue,
  streams: readonly Stream[],
  signal?: AbortSignal,
): Promise<Pick<OverlapCounts, 'names' | 'both'> | undefined> {
  const data = streams.filter((stream) => 'members' in stream);
  if (!catalogue.manifest.overlaps || data.length < streams.length) return undefined;
  return storedOverlaps(await catalogue.overlaps(signal), data);
}
