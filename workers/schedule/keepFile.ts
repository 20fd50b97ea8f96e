import { LumiscopeError } from '../../core/errors.ts';
import type { OpenEventFile } from '../formats/eventFile.ts';
import type { ByteSource, PinnedFile, ReadCounter } from '../io/byteSource.ts';
import type { CacheDoor } from '../io/cache/door.ts';
import { cachedReads, endOf } from '../io/cache/openCached.ts';
import { readRanges } from '../io/coalesce.ts';
import type { OpenOptions } from '../io/openOptions.ts';
import { recordReads, replayReads } from './knownRanges.ts';
import type { KeepTask } from './workerApi.ts';

interface KeepParts {
  open(pinned: PinnedFile, options: OpenOptions): Promise<{ source: ByteSource }>;
  openEventFile: OpenEventFile;
  cache: CacheDoor | undefined;
}

/** Chunks that are read at a time. */
const AT_ONCE = 3;

/**
 * Pins a file, and fetches what is missing of these columns in the cache: by reading them as a run would, whatever the format. Reading
 * them once more tells whether all is there.
 * @param counter counts what was fetched
 * @throws LumiscopeError `source` and `format` as a run; `limit` where it can't be kept
 */
export async function keepFile(
  { pinned, index, chunks }: KeepTask,
  parts: KeepParts,
  counter: ReadCounter,
  signal: AbortSignal,
): Promise<void> {
  const { cache } = parts;
  const { address } = pinned;
  const url = address.kind === 'url' ? (pinned.replica?.url ?? address.url) : undefined;
  if (!cache || url === undefined) return;
  const fail = (name: string, message: string, hint: string) =>
    new LumiscopeError('limit', `${name}: ${message}`, { hint, place: { file: name } });

  const readAll = async (count: ReadCounter): Promise<ByteSource> => {
    const { source } = await parts.open(pinned, { counter: count, signal, pinned, cache });
    if (!source.cache) {
      const hint = 'its server has to send an ETag or Last-Modified, and to expose ETag to other pages';
      throw fail(source.url, 'can not be kept, since its server tells no version of it', hint);
    }
    await readRanges(source, [endOf(source)], signal);
    const { recorded, metadata } = recordReads(cachedReads(source), Number.POSITIVE_INFINITY);
    await parts.openEventFile(recorded, pinned, signal, index);
    const file = await parts.openEventFile(replayReads(source, metadata), pinned, signal, index);
    let next = 0;
    const lane = async () => {
      for (let one = chunks[next++]; one; one = chunks[next++]) await file.readChunk(one.chunk, one.columns, signal);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    const paged = new Set(file.summary.pageBounds);
    const bounded = [...new Set(chunks.flatMap(({ columns }) => columns))].filter((name) => paged.has(name));
    await file.readBounds?.(bounded, signal);
    await cache.flush();
    return source;
  };

  // First of all, so that nothing of it goes to make room for the rest.
  const { trouble } = await cache.serve({ kind: 'pinUrl', url, pinned: true });
  const missed: ReadCounter = { bytes: 0, requests: 0 };
  const source = await readAll(counter);
  await readAll(missed);
  counter.bytes += missed.bytes;
  counter.requests += missed.requests;
  if (missed.requests === 0) return;
  const hint = 'allow more storage, or remove other files from it';
  throw fail(source.url, `not all of it could be kept${trouble ? `: ${trouble}` : ''}`, hint);
}
