import { LumiscopeError } from '../../../core/errors.ts';
import type { ByteRange, ByteSource, RangeCache } from '../byteSource.ts';
import { identify, openHttp, TAIL_BYTES } from '../http.ts';
import type { OpenOptions } from '../openOptions.ts';
import type { KnownVersion } from './rangeStore.ts';

/** A source, and the time of its server's last word on it where the server can't be asked now. */
export interface CachedSource {
  source: ByteSource;
  /** In milliseconds since 1970. */
  asOf?: number;
}

/**
 * Opens a URL by what is held of it: one request asks whether that is the present version still, none where the server can't be
 * reached. An address that is new, or has changed, is opened as without a cache.
 * @throws LumiscopeError as `openHttp`
 */
export async function openCached(url: string, options: OpenOptions): Promise<CachedSource> {
  const { cache: door, counter, signal, pinned, tries } = options;
  const withCache = (source: ByteSource, seen?: number): ByteSource => {
    const { etag, size } = source;
    if (!door || etag === undefined) return source;
    return Object.assign(source, { cache: door.ranges(url, { size, etag }, counter, seen) });
  };
  if (!door || pinned) return { source: withCache(await openHttp(url, counter, signal, pinned, undefined, tries)) };

  const known = await door.known(url);
  const held = known && (await heldEnd(door.ranges(url, known, counter), known));
  if (held) {
    const again = async () => openHttp(url, counter, signal, { address: { kind: 'url', url }, ...known }, held, tries);
    try {
      const present = await identify(url, counter, signal, tries);
      if (present && present.etag === known.etag && present.size === known.size)
        return { source: withCache(await again(), Date.now()) };
    } catch (error) {
      if (isUnreachable(error)) return { source: withCache(await again(), known.seen), asOf: known.seen };
      // Some servers answer no question without a body, such as those of presigned links.
      if (!(error instanceof LumiscopeError) || error.tag !== 'source') throw error;
    }
  }
  const source = withCache(await openHttp(url, counter, signal, undefined, undefined, tries), Date.now());
  const end = endOf(source);
  source.cache?.put([end], [await source.read(...end, signal)]);
  return { source };
}

/** The end of a file, which comes with opening it: without it, asking for the version alone would spare nothing. */
async function heldEnd(cache: RangeCache, known: KnownVersion): Promise<Uint8Array | undefined> {
  const [bytes] = await cache.get([endOf(known)]);
  return bytes;
}

/** The range that comes with opening a file. */
export function endOf({ size }: { size: number }): ByteRange {
  const length = Math.min(size, TAIL_BYTES);
  return [size - length, length];
}

/** No answer came at all: `fetch` says so with a `TypeError`. */
function isUnreachable(error: unknown): boolean {
  return error instanceof LumiscopeError && error.tag === 'source' && error.cause instanceof TypeError;
}

/**
 * A source whose single reads look into its cache, too, for what reads while a file is opened.
 */
export function cachedReads(source: ByteSource): ByteSource {
  const { url, size, etag, cache } = source;
  if (!cache) return source;
  return {
    url,
    size,
    etag,
    async read(offset, length, signal) {
      const [held] = await cache.get([[offset, length]]);
      if (held) return held;
      const bytes = await source.read(offset, length, signal);
      cache.put([[offset, length]], [bytes]);
      return bytes;
    },
  };
}
