import { AwsV4Signer } from 'aws4fetch';
import type { AccessRules, S3Keys } from './access.ts';
import { sourceError } from './errors.ts';

/** Seconds for which a signed address holds: a request leaves at once, but clocks differ. */
const SIGNED_SECONDS = 900;

/** Keys derived from secrets, by day and region: deriving one takes four hashes. They go with the keys that they are of. */
const derived = new WeakMap<S3Keys, Map<string, ArrayBuffer>>();

/** Regions that servers said are theirs, by host. */
const learnt = new Map<string, string>();

/** The keys that are for a host: its own, or those of a host that it is below (`bucket.s3.example.org`). */
export function keysFor({ keys }: AccessRules, { host }: URL): S3Keys | undefined {
  return keys.find((one) => one.host === host) ?? keys.find((one) => host.endsWith(`.${one.host}`));
}

/** The token that is for a host: its own alone, since who sees a token can use it. */
export function tokenFor({ tokens }: AccessRules, { host }: URL): string | undefined {
  return tokens.find((one) => one.host === host)?.token;
}

/** Whether nobody on the way can read a request. */
export function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Whether an address carries its own signature. */
export function isPresigned({ searchParams }: URL): boolean {
  return searchParams.has('X-Amz-Signature');
}

/**
 * Asks with the keys or the token of the address's host, if there are some. Keys sign the address itself (SigV4's query form), which
 * needs no preflight; a token goes into `Authorization`, which `fetch` takes away when it is redirected to another host.
 * @throws LumiscopeError `source` where a token would travel in clear
 */
export async function sendWithAccess(
  address: string,
  init: RequestInit,
  rules: AccessRules,
  regions: ReadonlyMap<string, string>,
): Promise<Response> {
  const url = new URL(address);
  const token = tokenFor(rules, url);
  if (token !== undefined) {
    if (!isPrivate(url)) {
      const hint = 'use its https: address, or take the token away';
      throw sourceError(address, 'a token is not sent over http:, where others could read it', hint);
    }
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${token}`);
    return fetch(address, { ...init, headers });
  }
  const keys = keysFor(rules, url);
  if (!keys || isPresigned(url)) return fetch(address, init);
  const given = keys.region ?? regions.get(url.host);
  const region = learnt.get(url.host) ?? given ?? regionOf(url.host) ?? 'us-east-1';
  const response = await fetch(await presigned(url, init.method, keys, region), init);
  // S3 answers 400 (301 of old) to a signature for another region than the bucket's, and says which it is.
  if (response.status !== 400 && response.status !== 301) return response;
  const right = await bucketRegion(url, response, keys, region, init);
  if (!right || right === region) return response;
  learnt.set(url.host, right);
  return fetch(await presigned(url, init.method, keys, right), init);
}

async function presigned(url: URL, method = 'GET', keys: S3Keys, region: string): Promise<string> {
  if (!globalThis.crypto?.subtle) {
    const hint = 'open this page by its https: address: browsers sign nothing on others';
    throw sourceError(url.href, 'requests can not be signed with keys on this page', hint);
  }
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const cache = derived.get(keys) ?? new Map<string, ArrayBuffer>();
  derived.set(keys, cache);
  const signed = new URL(url);
  signed.searchParams.set('X-Amz-Expires', String(SIGNED_SECONDS));
  const signer = new AwsV4Signer({
    url: signed.href,
    method,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
    service: 's3',
    region,
    signQuery: true,
    cache,
  });
  return (await signer.sign()).url.href;
}

/** `s3.eu-west-1.amazonaws.com`, `bucket.s3.eu-west-1.amazonaws.com` → `eu-west-1` */
function regionOf(host: string): string | undefined {
  return /(?:^|\.)s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com/.exec(host)?.[1];
}

/** From the header that says so, which other origins seldom see, else from the error's text; HEAD has none. */
async function bucketRegion(
  url: URL,
  response: Response,
  keys: S3Keys,
  region: string,
  init: RequestInit,
): Promise<string | undefined> {
  const said = response.headers.get('x-amz-bucket-region');
  if (said) return said;
  const answer =
    init.method === 'HEAD'
      ? await fetch(await presigned(url, 'GET', keys, region), {
          ...init,
          method: 'GET',
          headers: { Range: 'bytes=0-0' },
        })
      : response.clone();
  if (answer.status < 300) return undefined;
  const text = (await answer.text()).slice(0, 10_000);
  // Some say it in the message alone: the region "us-east-1" is wrong; expecting "eu-west-3".
  return (/<Region>([\w-]+)<\/Region>/.exec(text) ??
    /expecting (?:&#34;|&quot;|&apos;|&#39;|['"])([\w-]+)/.exec(text))?.[1];
}
