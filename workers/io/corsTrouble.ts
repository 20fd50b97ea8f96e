import type { LumiscopeError } from '../../core/errors.ts';
import { sourceError } from './errors.ts';
import { currentAccess, knownRegion } from './send.ts';
import { keysFor, tokenFor } from './sendWithAccess.ts';

/** Milliseconds for a probe. */
const PATIENCE = 5000;

/**
 * Finds out whether a server of another origin can be reached at all: if so, it was this page that it did not let read its answer, and
 * the error says which header is missing. Asks a server only that the person agreed to, and was asked before.
 * @returns undefined where it is not reached
 */
export async function corsTrouble(
  { url, place }: { url: string; place?: [number, number] },
  signal?: AbortSignal,
): Promise<LumiscopeError | undefined> {
  const { host } = new URL(url);
  const page = globalThis.location?.origin ?? 'this page';
  if (!(await answers(url, { method: 'HEAD', mode: 'no-cors' }, signal))) return undefined;
  const about = { ...(place && { range: place }), cors: host };
  if (await answers(url, { mode: 'cors' }, signal)) {
    const withToken = currentAccess().tokens.some((token) => token.host === host);
    const header = withToken ? 'Authorization, Range' : 'Range';
    return sourceError(
      url,
      `its server lets this page read files, but not parts of them${withToken ? ' with a token' : ''} (CORS): its answer to OPTIONS lacks Access-Control-Allow-Headers: ${header}`,
      `its administrator adds to the answer to OPTIONS: Access-Control-Allow-Origin: ${page} (or *), Access-Control-Allow-Methods: GET, HEAD, Access-Control-Allow-Headers: ${header}`,
      about,
    );
  }
  const keys = keysFor(currentAccess(), new URL(url));
  // What is missing may be something that the person can give.
  const wants = tokenFor(currentAccess(), new URL(url)) === undefined && !(keys?.region ?? knownRegion(url));
  const guess = keys
    ? ". If the store's region is not us-east-1, give it with the keys, or as s3: { region } in the document"
    : '. Some servers refuse files that are not public without that header: then give keys or a token';
  return sourceError(
    url,
    'its server answers, but does not let this page read the answer (CORS): Access-Control-Allow-Origin is missing',
    `its administrator adds to every answer, also to errors: Access-Control-Allow-Origin: ${page} (or *), Access-Control-Expose-Headers: Content-Range, ETag${wants ? guess : ''}`,
    wants ? { ...about, access: host } : about,
  );
}

/** Whether there is an answer, whatever it says; its body is not read. */
async function answers(url: string, init: RequestInit, signal?: AbortSignal): Promise<boolean> {
  const end = new AbortController();
  const limit = AbortSignal.any([end.signal, AbortSignal.timeout(PATIENCE), ...(signal ? [signal] : [])]);
  try {
    await fetch(url, { ...init, signal: limit, cache: 'no-store' });
    return true;
  } catch {
    return false;
  } finally {
    end.abort();
  }
}
