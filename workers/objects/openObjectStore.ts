import { LumiscopeError } from '../../core/errors.ts';
import { AWS_STORE, defaultEndpoint, defaultRegion, type Environment, environmentKeys } from '../io/environmentKeys.ts';
import { locate } from '../io/locate.ts';
import { currentAccess, noteRegion, setAccess } from '../io/send.ts';
import { folderObjects } from './folderObjects.ts';
import type { ObjectStore } from './objectStore.ts';
import { type S3Place, s3Objects } from './s3Objects.ts';

/**
 * The store at an address: a folder of this machine, `s3://bucket/prefix`, at `AWS_ENDPOINT_URL` or else at AWS, or `https://host/bucket/prefix`. Keys of the environment are this thread's from then on, for
 * the host of the store, if it is one that they may go to.
 * @throws LumiscopeError `source` for an address of another kind
 */
export function openObjectStore(address: string, environment: Environment = process.env): ObjectStore {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(address)) return folderObjects(address);
  const endpoint = defaultEndpoint(environment);
  if (endpoint !== undefined && !URL.canParse(endpoint))
    throw new LumiscopeError('source', `AWS_ENDPOINT_URL is no address: ${endpoint}`, {
      hint: 'write https://host or https://host:port',
    });
  const region = defaultRegion(environment);
  const place = /^s3:/i.test(address)
    ? bucketOf(address, { ...(endpoint && { endpoint }), ...(region && { region }) })
    : webBucket(address);
  const { host } = new URL(place.bucket);
  const rules = currentAccess();
  const keys = environmentKeys([host], environment);
  if (keys.length > 0) setAccess({ ...rules, keys: [...rules.keys.filter((one) => one.host !== host), ...keys] });
  if (region) noteRegion(place.bucket, region);
  return s3Objects(place);
}

function bucketOf(address: string, s3: { endpoint?: string; region?: string }): S3Place {
  const [, name = '', path = ''] = /^s3:\/\/([^/]*)(.*)$/is.exec(address)!;
  const located = locate(`s3://${name}/*`, s3);
  if (!('listing' in located)) throw wrong(address);
  return { bucket: located.listing.bucket, prefix: prefixOf(path) };
}

/** In the name of a host at AWS the bucket comes first; elsewhere it is the first name of the path. */
function webBucket(address: string): S3Place {
  if (!/^https?:/i.test(address)) throw wrong(address);
  const located = locate(address);
  if (!('url' in located)) throw wrong(address);
  const { origin, host, pathname } = new URL(located.url);
  if (AWS_STORE.test(host) && !/^s3[.-]/.test(host))
    return { bucket: `${origin}/`, prefix: prefixOf(decoded(pathname)) };
  const [, name, path = ''] = /^\/+([^/]+)(.*)$/s.exec(pathname) ?? [];
  if (!name) throw wrong(address);
  return { bucket: `${origin}/${name}/`, prefix: prefixOf(decoded(path)) };
}

const decoded = (path: string) => path.split('/').map(decodeURIComponent).join('/');

function prefixOf(path: string): string {
  const names = path.split('/').filter(Boolean).join('/');
  return names && `${names}/`;
}

function wrong(address: string): LumiscopeError {
  return new LumiscopeError('source', `${address} is no store of objects`, {
    hint: 'name a folder, s3://bucket/prefix, or https://host/bucket/prefix',
  });
}
