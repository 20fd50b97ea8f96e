/**
 * An HTTP server on 127.0.0.1 that holds objects as an S3 store does, and opens them to who signs (AWS Signature Version 4, in query or header,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html) or, below `/token/`, to who has a token. It computes
 * signatures by itself, with Node's crypto. Real servers are started by `realServers.ts`, where they are installed.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StoreOptions {
  /** By path, decoded: `/bucket/key`. Buckets that start with `public` are open to all. What is put there comes into it. */
  objects: Map<string, Uint8Array>;
  accessKeyId: string;
  secretAccessKey: string;
  /** Keys are taken only with it. */
  sessionToken?: string;
  region?: string;
  /** Opens `/token/…`. */
  token?: string;
  /** Objects named in one answer to a listing; default: 1000. */
  pageSize?: number;
  /** Every `/away/…` leads to `/public/…` here: `http://127.0.0.1:port`. */
  redirectTo?: string;
}

export interface StoreRequest {
  method: string;
  /** Path and query. */
  url: string;
  authorization: string | undefined;
}

export interface S3Server {
  /** `http://127.0.0.1:port`. */
  endpoint: string;
  /** `127.0.0.1:port`. */
  host: string;
  requests: StoreRequest[];
  close(): Promise<void>;
}

/** Serves objects until it is closed. */
export async function startS3Server(options: StoreOptions): Promise<S3Server> {
  const requests: StoreRequest[] = [];
  const server = createServer((request, response) => {
    requests.push({ method: request.method!, url: request.url!, authorization: request.headers.authorization });
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', 'Content-Range, ETag');
    if (request.method === 'OPTIONS') {
      response.setHeader('Access-Control-Allow-Headers', 'Authorization, Range');
      response.writeHead(204).end();
    } else answer(options, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint: `http://${host}`,
    host,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const WRONG_REGION = 'AuthorizationQueryParametersError';

function answer(options: StoreOptions, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url!, `http://${request.headers.host}`);
  const path = decodeURIComponent(url.pathname);
  if (options.redirectTo && path.startsWith('/away/')) {
    response.writeHead(302, { Location: options.redirectTo + url.pathname.replace('/away/', '/public/') }).end();
    return;
  }
  if (path.startsWith('/token/')) {
    if (request.headers.authorization !== `Bearer ${options.token}`) return fail(response, 401, 'Unauthorized');
  } else if (!path.startsWith('/public')) {
    const code = refusal(options, request, url);
    if (code) {
      const region = `<Message>the region is wrong; expecting &#34;${options.region}&#34;</Message>`;
      return code === WRONG_REGION ? fail(response, 400, code, region) : fail(response, 403, code);
    }
  }
  if (url.searchParams.get('list-type') === '2') return list(options, path, url.searchParams, response);
  const bytes = options.objects.get(path);
  if (request.method === 'PUT') return put(options, path, request, response);
  if (request.method === 'DELETE') {
    options.objects.delete(path);
    response.writeHead(204).end();
    return;
  }
  if (!bytes) return fail(response, 404, 'NoSuchKey');
  response.setHeader('ETag', etagOf(bytes));
  response.setHeader('Last-Modified', modifiedOf(bytes).toUTCString());
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? 'bytes=0-') ?? [];
  const begin = first ? Number(first) : Math.max(0, bytes.length - Number(last));
  if (first && begin >= bytes.length && bytes.length > 0) return fail(response, 416, 'InvalidRange');
  const end = first && last ? Math.min(bytes.length, Number(last) + 1) : bytes.length;
  response.setHeader('Content-Range', `bytes ${begin}-${end - 1}/${bytes.length}`);
  response.writeHead(206, { 'Content-Length': end - begin });
  response.end(request.method === 'HEAD' ? undefined : bytes.subarray(begin, end));
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

/** When bytes were first seen; whole seconds, as HTTP tells them. */
function modifiedOf(bytes: Uint8Array): Date {
  const seen = modified.get(bytes) ?? new Date(Math.floor(Date.now() / 1000) * 1000);
  modified.set(bytes, seen);
  return seen;
}
const modified = new WeakMap<Uint8Array, Date>();

/** PutObject, with its conditions: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
function put({ objects }: StoreOptions, path: string, request: IncomingMessage, response: ServerResponse): void {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const there = objects.get(path);
    const { 'if-match': match, 'if-none-match': noneMatch } = request.headers;
    if (match !== undefined && !there) return fail(response, 404, 'NoSuchKey');
    if ((match !== undefined && match !== etagOf(there!)) || (noneMatch === '*' && there))
      return fail(response, 412, 'PreconditionFailed');
    const bytes = Buffer.concat(parts);
    const sum = request.headers['content-md5'];
    if (sum && sum !== createHash('md5').update(bytes).digest('base64')) return fail(response, 400, 'BadDigest');
    objects.set(path, bytes);
    response.writeHead(200, { ETag: etagOf(bytes) }).end();
  });
}

function fail(response: ServerResponse, status: number, code: string, more = ''): void {
  response.writeHead(status, { 'Content-Type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code>${more}</Error>`);
}

/** What is wrong with the signature of a request, as S3's code for it. */
function refusal(options: StoreOptions, request: IncomingMessage, url: URL): string | undefined {
  const header = /Credential=([^,]+), *SignedHeaders=([^,]+), *Signature=(\w+)/.exec(
    request.headers.authorization ?? '',
  );
  const query = url.searchParams;
  const credential = header?.[1] ?? query.get('X-Amz-Credential');
  if (!credential) return 'AccessDenied';
  const [id, day, region, service] = credential.split('/');
  if (id !== options.accessKeyId) return 'InvalidAccessKeyId';
  if (region !== (options.region ?? 'us-east-1')) return WRONG_REGION;
  const token = header ? request.headers['x-amz-security-token'] : query.get('X-Amz-Security-Token');
  if ((token ?? undefined) !== options.sessionToken) return token ? 'ExpiredToken' : 'InvalidToken';
  const date = header ? String(request.headers['x-amz-date']) : query.get('X-Amz-Date')!;
  const time = Date.parse(date.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'));
  if (!header && time + 1000 * Number(query.get('X-Amz-Expires')) < Date.now()) return 'AccessDenied';
  if (Math.abs(Date.now() - time) > 900_000 && header) return 'RequestTimeTooSkewed';
  const names = (header?.[2] ?? query.get('X-Amz-SignedHeaders')!).split(';');
  const canonical = [
    request.method,
    decodeURIComponent(url.pathname).split('/').map(encode).join('/'),
    [...query]
      .filter(([name]) => name !== 'X-Amz-Signature')
      .map(([name, value]) => `${encode(name)}=${encode(value)}`)
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${String(request.headers[name]).trim()}`),
    '',
    names.join(';'),
    String(request.headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD'),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const key = [day!, region!, service!, 'aws4_request'].reduce<string | Buffer>(
    (above, part) => createHmac('sha256', above).update(part).digest(),
    `AWS4${options.secretAccessKey}`,
  );
  const right = createHmac('sha256', key).update(text).digest();
  const given = Buffer.from(header?.[3] ?? query.get('X-Amz-Signature')!, 'hex');
  return given.length === right.length && timingSafeEqual(given, right) ? undefined : 'SignatureDoesNotMatch';
}

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** ListObjectsV2, with names URL-encoded where that is asked for. */
function list(
  { objects, pageSize = 1000 }: StoreOptions,
  path: string,
  query: URLSearchParams,
  response: ServerResponse,
) {
  const bucket = `/${path.split('/')[1]}/`;
  const keys = [...objects.keys()]
    .filter((name) => name.startsWith(bucket + (query.get('prefix') ?? '')))
    .map((name) => name.slice(bucket.length))
    .sort();
  const from = Number(query.get('continuation-token') ?? 0);
  const page = keys.slice(from, from + pageSize);
  const more = from + pageSize < keys.length;
  const spelt = (key: string) =>
    query.get('encoding-type') === 'url'
      ? encodeURIComponent(key).replaceAll('%20', '+')
      : key.replaceAll('&', '&amp;');
  response.writeHead(200, { 'Content-Type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">` +
      `<IsTruncated>${more}</IsTruncated>${more ? `<NextContinuationToken>${from + pageSize}</NextContinuationToken>` : ''}` +
      (query.get('encoding-type') === 'url' ? '<EncodingType>url</EncodingType>' : '') +
      page
        .map((key) => {
          const bytes = objects.get(bucket + key)!;
          const about = `<LastModified>${modifiedOf(bytes).toISOString()}</LastModified><ETag>&quot;${etagOf(bytes).slice(1, -1)}&quot;</ETag>`;
          return `<Contents><Key>${spelt(key)}</Key>${about}<Size>${bytes.length}</Size></Contents>`;
        })
        .join('') +
      '</ListBucketResult>',
  );
}
