/** From an address as people write it to one that a browser can ask: `s3://`, `root://`, `davs://`. */
import type { S3Store } from '../../core/analysis/document.ts';
import { LumiscopeError } from '../../core/errors.ts';
import { DOORS } from './doors.ts';
import { isPattern, prefixOf } from './glob.ts';
import { publicUrl } from './publicUrl.ts';

/** Files of a bucket whose keys match a pattern. */
export interface Listing {
  /** Address of the bucket, with a slash at its end. */
  bucket: string;
  /** As in `s3://NAME/…`. */
  name: string;
  pattern: string;
  /** All keys that match start with it. */
  prefix: string;
  region?: string;
}

/** One file, or a listing that tells which. */
export type Located = { url: string; region?: string } | { listing: Listing };

/** More files than these are refused. */
export const MOST_FILES = 10_000;

/**
 * Where an address leads; `http:` and `https:` ones lead where they say.
 *
 * @param s3 of the data set: where its `s3://` addresses lie. Default: AWS
 * @throws LumiscopeError `source` where there is no way that is known, with what to do
 */
export function locate(address: string, s3: S3Store = {}): Located {
  const [, scheme = '', rest = ''] = /^(\w+):\/\/(.*)$/s.exec(address) ?? [];
  // `fetch` takes none, and says no more than that the server can't be reached.
  if (/^[^/?#]*@/.test(rest))
    throw cantReach(address, 'holds a user or a password, which are not sent', 'take it out, and give keys or a token');
  switch (scheme.toLowerCase()) {
    case 'http':
    case 'https':
      return { url: address };
    case 's3':
      return locateS3(address, rest, s3);
    case 'davs':
      return { url: webAddress(address, `https://${rest}`) };
    case 'dav':
      return { url: webAddress(address, `http://${rest}`) };
    case 'root':
    case 'roots':
    case 'xroot':
    case 'xroots':
      return { url: locateRoot(address, rest) };
  }
  throw cantReach(
    address,
    'this kind of address is not known',
    'use https:, s3:, davs: or root:, or a file of this machine',
  );
}

/** As `locate`, of what has to be one file. @throws LumiscopeError `source` */
export function locateFile(address: string, s3?: S3Store): Exclude<Located, { listing: Listing }> {
  const located = locate(address, s3);
  if ('listing' in located) throw cantReach(address, 'names many files', 'name one');
  return located;
}

/** The address of one object of a bucket. */
export function objectUrl({ bucket }: Listing, key: string): string {
  return bucket + encodeKey(key);
}

function locateS3(address: string, rest: string, { endpoint, region, style }: S3Store): Located {
  const [, name, key] = /^([^/]+)\/(.+)$/s.exec(rest) ?? [];
  if (name === undefined || key === undefined)
    throw cantReach(address, 'is not an address in a store', 'write s3://bucket/key, or s3://bucket/folder/*.root');
  const { protocol, host, pathname } = new URL(endpoint ?? `https://s3${region ? `.${region}` : ''}.amazonaws.com`);
  // A dot in a bucket's name breaks the certificate of the host form; stores of one's own seldom have a name for each bucket.
  const inPath = style ? style === 'path' : endpoint !== undefined || name.includes('.');
  const folder = pathname.replace(/\/$/, '');
  const bucket = inPath
    ? `${protocol}//${host}${folder}/${encodeKey(name)}/`
    : `${protocol}//${name}.${host}${folder}/`;
  const about = region === undefined ? {} : { region };
  return isPattern(key)
    ? { listing: { bucket, name, pattern: key, prefix: prefixOf(key), ...about } }
    : { url: bucket + encodeKey(key), ...about };
}

/** Keys are not addresses: each of their characters stands for itself. */
function encodeKey(key: string): string {
  return key.split('/').map(encodeURIComponent).join('/');
}

/** Here the path is an address's: what is encoded stays so. */
function webAddress(address: string, url: string): string {
  if (isPattern(url)) throw noListing(address);
  try {
    return new URL(url).href;
  } catch (cause) {
    throw cantReach(address, 'is not an address', 'write davs://host:port/path', cause);
  }
}

function locateRoot(address: string, rest: string): string {
  const [, host = '', port, path = ''] = /^([^/:]+)(?::(\d+))?\/+(.*)$/s.exec(rest) ?? [];
  if (isPattern(path)) throw noListing(address);
  const door = DOORS[host];
  if (door !== undefined) return webAddress(address, `${door}/${path}`);
  const guess = `https://${host}:${port ?? 1094}/${path}`;
  const hint =
    `ask the site for its HTTP (WebDAV) door; many servers answer at ${publicUrl(guess)} too, perhaps for a token. ` +
    `Or copy the file (xrdcp), and open it here`;
  throw cantReach(
    address,
    `files are not read by the XRootD protocol, and no HTTP door of ${host || 'this site'} is known`,
    hint,
  );
}

function noListing(address: string): LumiscopeError {
  return cantReach(address, 'only s3:// addresses may have a * in them', 'name the files one by one');
}

function cantReach(address: string, message: string, hint: string, cause?: unknown): LumiscopeError {
  const file = publicUrl(address);
  return new LumiscopeError('source', `${file}: ${message}`, { hint, place: { file }, cause });
}
