import { type PlainError, toPlain } from '../../core/errors.ts';
import { objectUrl } from '../../workers/io/locate.ts';
import type { FileState } from './state.ts';
import type { Workshop } from './types.ts';

/** Puts the files that match in place of patterns whose hosts may be asked. The list holds until a person tries again. */
export async function expandPatterns(
  shop: Workshop,
  files: readonly (readonly FileState[])[],
  signal: AbortSignal,
): Promise<FileState[][]> {
  const each = (file: FileState) => (file.listing && file.status === 'opening' ? expand(shop, file, signal) : [file]);
  return Promise.all(files.map(async (set) => (await Promise.all(set.map(each))).flat()));
}

async function expand({ listings, session }: Workshop, file: FileState, signal: AbortSignal): Promise<FileState[]> {
  const { listing, address, name, ...rest } = file;
  if (!listing || address?.kind !== 'url') return [file];
  const fail = (error: PlainError): FileState[] => [{ ...file, status: 'failed', error }];
  try {
    const keys = listings.get(file.key) ?? (await session.list(listing, signal));
    if (keys.length === 0)
      return fail({
        tag: 'source',
        message: `${name}: no file matches`,
        hint: 'check the pattern: * is any run of characters but /, ** any run at all',
        place: { file: name },
      });
    listings.set(file.key, keys);
    return keys.map((key) => {
      const url = objectUrl(listing, key);
      return { ...rest, key: url, name: `s3://${listing.name}/${key}`, pattern: name, address: { ...address, url } };
    });
  } catch (error) {
    return fail(toPlain(error));
  }
}
