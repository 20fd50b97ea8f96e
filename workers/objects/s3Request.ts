import type { LumiscopeError } from '../../core/errors.ts';
import { cancelled, sourceError } from '../io/errors.ts';
import { alike } from '../io/hosts.ts';
import { TransientFailure, withRetries } from '../io/retry.ts';
import { send } from '../io/send.ts';

/** A request. */
export interface S3Init {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  body?: Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

/** An answer that came as a whole. */
export interface S3Answer {
  ok: boolean;
  status: number;
  statusText: string;
  headers: Headers;
  bytes: Uint8Array;
  /** S3's word for what is wrong: `NoSuchKey`. */
  code: string | undefined;
  /** Whether a try before this one may have been done, though its answer did not come. */
  isUnsure: boolean;
}

/** Without a whole answer after so long a try is given up [ms]; longer for many bytes. */
const PATIENCE_MS = 60_000;
/** The least throughput that is waited for [bytes per ms]. */
const LEAST_PACE = 500;

const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Asks a store, again where it is in trouble: with pauses that grow, some of them by chance, and those that it asks for (`withRetries`).
 * @param options `again`: a status after which it is tried again too, and that is answered when the tries are used up
 * @throws LumiscopeError `source` where no answer comes; `cancelled`
 */
export async function s3Request(
  url: string,
  init: S3Init,
  { signal, again }: { signal?: AbortSignal | undefined; again?: number } = {},
): Promise<S3Answer> {
  let isUnsure = false;
  let last: S3Answer | undefined;
  const attempt = async () => {
    last = undefined;
    const answer = await once(url, init, signal).catch((error) => {
      isUnsure = true;
      throw error;
    });
    last = { ...answer, isUnsure };
    if (PASSING.has(answer.status)) {
      isUnsure = true;
      throw new TransientFailure(refused(url, answer), { wish: wishOf(answer.headers) });
    }
    if (answer.status === again) throw new TransientFailure(refused(url, answer));
    return last;
  };
  try {
    return await withRetries(attempt, signal);
  } catch (error) {
    if (last && last.status === again && !signal?.aborted) return last;
    throw error;
  }
}

async function once(url: string, init: S3Init, signal?: AbortSignal) {
  const late = AbortSignal.timeout(PATIENCE_MS + Math.ceil((init.body?.length ?? 0) / LEAST_PACE));
  const cancel = alike(signal);
  try {
    const response = await send(url, {
      ...init,
      cache: 'no-store',
      signal: cancel ? AbortSignal.any([cancel, late]) : late,
    });
    const { ok, status, statusText, headers } = response;
    const bytes = new Uint8Array(await response.arrayBuffer());
    const length = headers.get('Content-Length');
    if (init.method === 'GET' && length !== null && !headers.has('Content-Encoding') && Number(length) !== bytes.length)
      throw new Error(`${bytes.length} of ${length} bytes came`);
    const said = ok ? '' : new TextDecoder().decode(bytes.subarray(0, 10_000));
    return { ok, status, statusText, headers, bytes, code: /<Code>(\w+)<\/Code>/.exec(said)?.[1], isUnsure: false };
  } catch (cause) {
    if (signal?.aborted) throw cancelled();
    if ((cause as { tag?: string }).tag) throw cause;
    const hint = 'check the address, and that its server runs';
    const what = late.aborted ? 'no answer came in time' : "can't be reached, or broke off";
    throw new TransientFailure(sourceError(url, what, hint, { cause }), { stalled: late.aborted });
  }
}

/** Milliseconds that the store wants to be left alone (RFC 9110 section 10.2.3). */
function wishOf(headers: Headers): number {
  const said = headers.get('Retry-After');
  return said && /^\d+$/.test(said) ? 1000 * Number(said) : 0;
}

/** Codes of stores without space: of Ceph, MinIO, and others. */
const FULL = /^(QuotaExceeded|XMinioStorageFull|InsufficientStorage)$/;

/** What a store's refusal means, and what to do. */
export function refused(
  url: string,
  { status, statusText, code }: Pick<S3Answer, 'status' | 'statusText' | 'code'>,
): LumiscopeError {
  const words = code ?? statusText;
  const said = `the store answered ${status}${words ? ` ${words}` : ''}`;
  if (status === 507 || (code && FULL.test(code)))
    return sourceError(url, said, 'it is full: free some space there', {
      cause: Object.assign(new Error(said), { code: 'ENOSPC' }),
    });
  if (status === 401 || status === 403)
    return sourceError(
      url,
      said,
      'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to keys that may read and write there, and AWS_ENDPOINT_URL to the store where it is not AWS',
      { access: new URL(url).host },
    );
  if (status === 501 || status === 405)
    return sourceError(
      url,
      said,
      'it takes no conditional writes: use another store, or a local folder that is copied there',
    );
  if (status >= 500 || status === 429) return sourceError(url, said, 'the store is in trouble: try later');
  return sourceError(url, said, 'check the address, and that its bucket is there');
}

/** An ETag without its quotes. */
export function etagOf(header: string | null | undefined): string | undefined {
  return header?.replace(/^(W\/)?"?|"$/g, '') || undefined;
}
