/** From names of files, as documents and the command line write them, to addresses that a session opens. */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  addressesIn,
  type DatasetFile,
  type LocalEntry,
  type Replicas,
  type S3Store,
} from '../core/analysis/document.ts';
import { LumiscopeError } from '../core/errors.ts';
import type { FileAddress } from '../workers/io/byteSource.ts';
import { isPattern } from '../workers/io/glob.ts';
import { type Located, locate, objectUrl } from '../workers/io/locate.ts';
import type { DataSession } from '../workers/session.ts';
import { accessFromEnvironment, defaultEndpoint } from './access.ts';
import { matchingPaths } from './localFiles.ts';

/** A file as it is written, and what it is read against. */
export interface NamedFile {
  file: DatasetFile;
  /** What a relative path starts from. */
  folder: string;
  s3?: S3Store;
  /** Named by the person, not by a document that may come from anybody. */
  trusted?: boolean;
}

/**
 * The addresses of files, patterns replaced by what matches, with the keys and the token of the environment given to the session.
 *
 * @param tokenHosts hosts that the person lets have the token
 * @throws LumiscopeError `source`, `limit`
 */
export async function addressesOf(
  lists: readonly (readonly NamedFile[])[],
  session: Pick<DataSession, 'setAccess' | 'list'>,
  tokenHosts: readonly string[] = [],
): Promise<FileAddress[][]> {
  const located = new Map<NamedFile, Located[]>();
  const s3Hosts: string[] = [];
  const trustedHosts = [...tokenHosts];
  for (const named of lists.flat()) {
    const { file, s3, trusted } = named;
    for (const address of addressesIn(file)) {
      if (!/^(?!file:)\w+:\/\//i.test(address)) continue;
      const place = locate(address, { endpoint: defaultEndpoint(), ...s3 });
      const { host } = new URL('listing' in place ? place.listing.bucket : place.url);
      if (/^s3:/i.test(address)) s3Hosts.push(host);
      else if (trusted && !/^https?:/i.test(address)) trustedHosts.push(host);
      located.set(named, [...(located.get(named) ?? []), place]);
    }
  }
  session.setAccess(await accessFromEnvironment({ s3Hosts, tokenHosts: trustedHosts }));
  const each = (named: NamedFile) => filesOf(named, located.get(named), session);
  return Promise.all(lists.map(async (list) => (await Promise.all(list.map(each))).flat()));
}

async function filesOf(
  { file, folder }: NamedFile,
  places: Located[] = [],
  session: Pick<DataSession, 'setAccess' | 'list'>,
): Promise<FileAddress[]> {
  if (typeof file === 'object' && 'replicas' in file) return [replicasOf(file, places)];
  const [place] = places;
  if (place && 'listing' in place) {
    const { listing } = place;
    const keys = await session.list(listing);
    if (keys.length === 0)
      throw new LumiscopeError('source', `s3://${listing.name}/${listing.pattern}: no file matches`, {
        hint: 'check the pattern: * is any run of characters but /, ** any run at all',
        place: { file: String(file) },
      });
    const about = listing.region === undefined ? {} : { region: listing.region };
    return keys.map((key) => ({ kind: 'url', url: objectUrl(listing, key), ...about }));
  }
  if (place) return [{ kind: 'url', ...place }];
  if (typeof file !== 'string') return [await localFile(file, folder)];
  if (file.startsWith('file://')) return [{ kind: 'path', path: fileURLToPath(file) }];
  if (!isPattern(file)) return [{ kind: 'path', path: resolve(folder, file) }];
  return (await matchingPaths(file, folder)).map((path) => ({ kind: 'path', path }));
}

/** @throws LumiscopeError `document` where one of them is no address of one file */
function replicasOf({ replicas }: Replicas, places: readonly Located[]): FileAddress {
  const urls = places.flatMap((place) => ('listing' in place ? [] : [place]));
  const [first, ...others] = urls;
  if (!first || urls.length < replicas.length)
    throw new LumiscopeError('document', `${replicas.join(', ')}: a replica is the address of one file`, {
      hint: 'write https:, s3:, davs: or root: addresses without patterns',
    });
  return { kind: 'url', ...first, replicas: others.map(({ url }) => url) };
}

async function localFile(file: LocalEntry, folder: string): Promise<FileAddress> {
  const path = join(folder, file.local);
  const found = await stat(path).catch(() => undefined);
  if (!found || found.size === file.size) return { kind: 'path', path };
  throw new LumiscopeError('source', `${path} has ${found.size} bytes, but the document is about one of ${file.size}`, {
    hint: 'put the right file beside the document, or name another with --file',
    place: { file: path },
  });
}
