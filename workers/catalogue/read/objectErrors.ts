import type { CatalogueObject } from '../../../core/catalogue/manifest.ts';
import { LumiscopeError } from '../../../core/errors.ts';
import type { ByteSource } from '../../io/byteSource.ts';
import { sourceError } from '../../io/errors.ts';

/** An object whose bytes are not what the catalogue says. */
export function damaged(url: string, what: string, hint = 'copy the object again, or write it anew'): LumiscopeError {
  return new LumiscopeError('format', `${url}: ${what}`, { hint, place: { file: url } });
}

const AGAIN = 'open the catalogue again; if that does not help, copy its folder again';

/** Throws what went wrong with an object: one that is gone was replaced with a later version of the catalogue. */
export function orObjectError(cause: unknown): never {
  if (!(cause instanceof LumiscopeError) || !cause.place.gone) throw cause;
  const message = `${cause.message}: the catalogue has changed, or was not copied whole`;
  throw new LumiscopeError('source', message, { hint: AGAIN, place: cause.place, cause });
}

/**
 * A source of an object, whose errors say what to do with a catalogue.
 * @throws LumiscopeError `source` where its size is another one than the manifest says
 */
export function objectSource(source: ByteSource, { bytes }: CatalogueObject): ByteSource {
  const { url, size, etag, cache, gap } = source;
  if (size !== bytes) throw sourceError(url, `it has ${size} bytes, not the ${bytes} of the catalogue`, AGAIN);
  return {
    url,
    size,
    etag,
    ...(cache && { cache }),
    ...(gap && { gap }),
    read: (offset, length, signal) => source.read(offset, length, signal).catch(orObjectError),
  };
}
