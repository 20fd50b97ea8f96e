import type { OverlapCounts } from '../../../core/catalogue/overlap.ts';
import { storedOverlaps } from '../../../core/catalogue/storedOverlaps.ts';
import type { Stream } from '../../../core/catalogue/stream.ts';
import type { OverlapRow } from '../../../core/catalogue/tables.ts';
import type { OpenCatalogue } from '../openCatalogue.ts';

/**
 * The overlaps of data types of one dataset as `catalogue check --write` stored them: pairs, without k-fold counts.
 * @returns undefined where they were not stored, or the streams are others
 * @throws LumiscopeError `source`, `format`, `cancelled`
 */
export async function storedCounts(
  { folder, manifest, threads }: OpenCatalogue,
  streams: readonly Stream[],
  signal?: AbortSignal,
): Promise<Pick<OverlapCounts, 'names' | 'both'> | undefined> {
  const { overlaps: object } = manifest;
  const data = streams.filter((stream) => 'members' in stream);
  const dspid = data[0]?.members[0]?.dspid;
  if (!object || dspid === undefined || data.length < streams.length) return undefined;
  const rows = await threads.run('table', { folder, object, table: 'overlaps', equals: { dspid } }, signal);
  return storedOverlaps(rows as unknown as OverlapRow[], data);
}
