/**
 * Which objects of a bucket match a pattern: S3's ListObjectsV2
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html), read without a DOM, which workers don't have.
 */
import { LumiscopeError } from '../../core/errors.ts';
import type { ReadCounter } from './byteSource.ts';
import { cancelled, sourceError } from './errors.ts';
import { matcher } from './glob.ts';
import { attempts } from './http.ts';
import { type Listing, MOST_FILES } from './locate.ts';
import { ask, type ByteRequest } from './request.ts';
import { TransientFailure } from './retry.ts';
import { noteRegion } from './send.ts';

/** Objects that are looked at: more would take minutes to list. */
const MOST_OBJECTS = 200_000;
/** Pages without an object, which some stores send where much was removed. */
const MOST_EMPTY = 100;

/**
 * Keys that match, in the order of their characters' codes; without empty objects, which stand for folders.
 * @throws LumiscopeError `source` where the bucket can't be listed, `limit` for more than 10,000 files
 */
export async function listKeys(listing: Listing, counter: ReadCounter, signal?: AbortSignal): Promise<string[]> {
  const { bucket, name, pattern, prefix, region } = listing;
  if (region) noteRegion(bucket, region);
  const matches = matcher(pattern);
  const keys: string[] = [];
  let seen = 0;
  let empty = 0;
  let token: string | undefined;
  do {
    if (signal?.aborted) throw cancelled();
    const url = new URL(bucket);
    const query = { 'list-type': '2', 'encoding-type': 'url', prefix, ...(token && { 'continuation-token': token }) };
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const page = await text(url.href, counter, signal)
      .then((xml) => readPage(bucket, xml))
      .catch((error) => {
        throw ofListing(error, `s3://${name}/${pattern}`);
      });
    for (const { key, size } of page.objects) if (size > 0 && matches(key)) keys.push(key);
    if (page.next !== undefined && page.objects.length === 0 && ++empty > MOST_EMPTY)
      throw sourceError(bucket, 'its listing has no end', "check the address, and the data set's s3: endpoint");
    seen += page.objects.length;
    if (keys.length > MOST_FILES) throw tooMany(`s3://${name}/${pattern}`, `more than ${MOST_FILES} files match`);
    if (seen > MOST_OBJECTS) throw tooMany(`s3://${name}/${prefix}`, `has more than ${MOST_OBJECTS} objects`);
    token = page.next;
  } while (token !== undefined);
  return keys.sort();
}

/** An error of a request, told of what was asked for and not of the request's long address. */
function ofListing(error: unknown, name: string): unknown {
  if (!(error instanceof LumiscopeError) || error.place.file === undefined) return error;
  const { tag, message, hint, place, cause } = error;
  const said = `${name}: its files can't be listed: ${message.replace(`${place.file}: `, '')}`;
  return new LumiscopeError(tag, said, { hint, place: { ...place, file: name }, cause });
}

function tooMany(file: string, what: string): LumiscopeError {
  return new LumiscopeError('limit', `${file}: ${what}`, {
    hint: 'write a longer beginning before the *, and one data set for each part',
    place: { file },
  });
}

function text(url: string, counter: ReadCounter, signal?: AbortSignal): Promise<string> {
  const request: ByteRequest = { url, method: 'GET', signal };
  return attempts(url, signal, async () => {
    const { response, abort } = await ask(request, counter);
    try {
      const said = await response.text();
      counter.bytes += said.length;
      return said;
    } catch (cause) {
      if (signal?.aborted) throw cancelled();
      const hint = 'the connection or the server broke off: try again';
      throw new TransientFailure(sourceError(url, 'the listing was cut short', hint, { cause }));
    } finally {
      abort();
    }
  });
}

/** An object as a listing tells of it. */
export interface ListedObject {
  key: string;
  size: number;
  /** With its quotes, as the header. */
  etag: string | undefined;
  /** ms since 1970-01-01 UTC; NaN where it is not told. */
  modified: number;
}

/** One answer. Keys come URL-encoded, since XML can't hold every character; a server that ignores the wish sends them plain. */
export function readPage(bucket: string, xml: string): { objects: ListedObject[]; next: string | undefined } {
  if (!/<ListBucketResult[\s>]/.test(xml))
    throw sourceError(
      bucket,
      'the answer is no listing of a bucket',
      "check the address, and the data set's s3: endpoint",
    );
  const encoded = element(xml, 'EncodingType') === 'url';
  const objects = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, inner]) => {
    const key = element(inner!, 'Key') ?? '';
    return {
      key: encoded ? decodeURIComponent(key.replaceAll('+', ' ')) : key,
      size: Number(element(inner!, 'Size') ?? 0),
      etag: element(inner!, 'ETag'),
      modified: Date.parse(element(inner!, 'LastModified') ?? ''),
    };
  });
  const next = element(xml, 'IsTruncated') === 'true' ? element(xml, 'NextContinuationToken') : undefined;
  return { objects, next };
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The text of the first element of that name. */
function element(xml: string, name: string): string | undefined {
  const inner = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return inner?.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, entity) => {
    if (entity) return ENTITIES[entity] ?? whole;
    return String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal));
  });
}
