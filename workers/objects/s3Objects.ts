import { cancelled, sourceError } from '../io/errors.ts';
import { readPage } from '../io/listing.ts';
import { checkedPath, checkedPrefix, isOwn, LEFT_OVER_MS, OWN } from './objectPath.ts';
import type { ObjectInfo, ObjectStore } from './objectStore.ts';
import { etagOf, refused, type S3Answer, type S3Init, s3Request } from './s3Request.ts';

/** A place in a bucket. */
export interface S3Place {
  /** Address of the bucket, with a slash at its end. */
  bucket: string;
  /** What keys begin with: empty, or with a slash at its end. */
  prefix: string;
}

const TYPES: Record<string, string> = { json: 'application/json', parquet: 'application/vnd.apache.parquet' };
const OTHER_STORE = 'use another store, or a local folder that is copied there';

/** Buckets that were seen to heed conditions. */
const heeding = new Map<string, Promise<void>>();

/**
 * Objects of a bucket: versions are their ETags, conditions are `If-None-Match: *` and `If-Match`. Keys are those of this thread (`setAccess`). Checksums (`Content-MD5`) go along with what
 * is written; those of `x-amz-checksum-*` would have to be signed, which is done for addresses alone.
 *
 * Before the first write under a condition a bucket is put to the test: one that overwrites whatever was said is not written to. A condition that fails after a try without an answer may fail because
 * of that try: what is there then tells, by its bytes.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html
 */
export function s3Objects({ bucket, prefix }: S3Place): ObjectStore {
  const urlOf = (key: string) => bucket + key.split('/').map(encodeURIComponent).join('/');
  const at = (path: string) => urlOf(prefix + checkedPath(path));
  const address = urlOf(prefix);

  /** @returns undefined for 404, but not where the bucket itself is missing */
  const found = async (url: string, init: S3Init, signal?: AbortSignal): Promise<S3Answer | undefined> => {
    const answer = await s3Request(url, init, { signal });
    if (answer.ok) return answer;
    if (answer.status === 404 && answer.code !== 'NoSuchBucket') return undefined;
    throw refused(url, answer);
  };

  const whole = async (url: string, signal?: AbortSignal) => {
    const answer = await found(url, { method: 'GET' }, signal);
    return answer && { bytes: answer.bytes, version: versionOf(url, answer.headers) };
  };

  const put = async (
    url: string,
    bytes: Uint8Array,
    headers: { 'If-Match'?: string; 'If-None-Match'?: string },
    signal?: AbortSignal,
  ): Promise<S3Answer> => {
    const type = TYPES[/\.(\w+)$/.exec(url)?.[1] ?? ''] ?? 'application/octet-stream';
    const init: S3Init = {
      method: 'PUT',
      body: bytes as Uint8Array<ArrayBuffer>,
      headers: { 'Content-Type': type, 'Content-MD5': await md5(bytes), ...headers },
    };
    return s3Request(url, init, { signal, again: AT_WORK });
  };

  const remove = async (url: string, signal?: AbortSignal) => {
    await found(url, { method: 'DELETE' }, signal);
  };

  /** @throws LumiscopeError `source` for a store that takes what has an impossible condition: writers would overwrite each other without a word */
  const tryConditions = async () => {
    const trial = urlOf(`${prefix}${OWN}${crypto.randomUUID()}`);
    const one = Uint8Array.of(1);
    const asNew = { 'If-None-Match': '*' };
    try {
      const match = await put(trial, one, { 'If-Match': '"0123456789abcdef0123456789abcdef"' });
      if (match.code === 'NoSuchBucket') throw refused(trial, match);
      const first = await put(trial, one, asNew);
      if (!first.ok && first.status !== 412) throw refused(trial, first);
      const again = await put(trial, one, asNew);
      if (!match.ok && again.status === 412) return;
      throw sourceError(address, 'the store does not heed the conditions of writes', OTHER_STORE);
    } finally {
      await remove(trial).catch(() => undefined);
    }
  };
  const checkConditions = () => {
    const trial = heeding.get(bucket) ?? tryConditions();
    heeding.set(bucket, trial);
    trial.catch(() => heeding.delete(bucket));
    return trial;
  };

  return {
    address,

    read: async (path, signal) => whole(at(path), signal),

    async readRange(path, offset, length, signal) {
      const url = at(path);
      if (length <= 0) return (await found(url, { method: 'HEAD' }, signal)) && new Uint8Array(0);
      const range = `bytes=${offset}-${offset + length - 1}`;
      const answer = await s3Request(url, { method: 'GET', headers: { Range: range } }, { signal });
      if (answer.status === 416) return new Uint8Array(0);
      if (answer.status === 404 && answer.code !== 'NoSuchBucket') return undefined;
      if (!answer.ok) throw refused(url, answer);
      if (answer.status === 200) return answer.bytes.slice(offset, offset + length);
      const [, first, last, total] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.headers.get('Content-Range') ?? '') ?? [];
      const end = Math.min(offset + length, Number(total));
      if (Number(first) !== offset || Number(last) !== end - 1 || answer.bytes.length !== end - offset)
        throw sourceError(url, 'the store answered another range than the one that was asked for', OTHER_STORE);
      return answer.bytes;
    },

    async stat(path, signal) {
      const url = at(path);
      const answer = await found(url, { method: 'HEAD' }, signal);
      return answer && infoOf(url, answer.headers);
    },

    async write(path, bytes, condition, signal) {
      const url = at(path);
      if (signal?.aborted) throw cancelled();
      if (!condition) {
        const answer = await put(url, bytes, {}, signal);
        if (!answer.ok) throw refused(url, answer);
        return versionOf(url, answer.headers);
      }
      await checkConditions();
      const isNew = condition === 'absent';
      const headers = isNew ? { 'If-None-Match': '*' } : { 'If-Match': `"${condition.version}"` };
      const answer = await put(url, bytes, headers, signal);
      if (answer.ok) return versionOf(url, answer.headers);
      // 404: the version that was to be replaced has been removed.
      const isOther = answer.status === 412 || answer.status === AT_WORK || (answer.status === 404 && !isNew);
      if (!isOther || answer.code === 'NoSuchBucket') throw refused(url, answer);
      if (!answer.isUnsure) return undefined;
      const there = await whole(url, signal);
      return there && Buffer.compare(there.bytes, bytes) === 0 ? there.version : undefined;
    },

    async *list(start, signal) {
      const begin = prefix + checkedPrefix(start);
      for (let token: string | undefined, last: string | undefined; ; last = token) {
        const url = new URL(bucket);
        const query = {
          'list-type': '2',
          'encoding-type': 'url',
          prefix: begin,
          ...(token && { 'continuation-token': token }),
        };
        for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
        const answer = await s3Request(url.href, { method: 'GET' }, { signal });
        if (!answer.ok) throw refused(bucket, answer);
        const { objects, next } = readPage(bucket, new TextDecoder().decode(answer.bytes));
        for (const { key, size, etag, modified } of objects) {
          const path = key.slice(prefix.length);
          if (isOwn(path)) {
            if (Date.now() - modified > LEFT_OVER_MS) await remove(urlOf(key), signal);
          } else if (!key.endsWith('/')) yield { path, bytes: size, version: etagOf(etag) ?? '', modified };
        }
        if (next === undefined) return;
        if (next === last) throw sourceError(bucket, 'its listing has no end', OTHER_STORE);
        token = next;
      }
    },

    remove: async (path, signal) => remove(at(path), signal),

    below: (folder) => s3Objects({ bucket, prefix: `${prefix}${checkedPath(folder)}/` }),
  };
}

/** Another conditional write of the same object is under way. */
const AT_WORK = 409;

function versionOf(url: string, headers: Headers): string {
  const version = etagOf(headers.get('ETag'));
  if (version) return version;
  throw sourceError(url, 'the store tells no ETag', 'use one that does: without it writers would overwrite each other');
}

function infoOf(url: string, headers: Headers): ObjectInfo {
  return {
    bytes: Number(headers.get('Content-Length')),
    version: versionOf(url, headers),
    modified: Date.parse(headers.get('Last-Modified') ?? ''),
  };
}

async function md5(bytes: Uint8Array): Promise<string> {
  const { createHash } = await import('node:crypto');
  return createHash('md5').update(bytes).digest('base64');
}
