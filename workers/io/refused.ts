import type { LumiscopeError } from '../../core/errors.ts';
import { sourceError } from './errors.ts';
import { currentAccess, proxyFor } from './send.ts';
import { isPresigned, keysFor, tokenFor } from './sendWithAccess.ts';
import { tokenExpiry } from './tokenExpiry.ts';

/** What the codes of S3's errors say of the keys. */
const S3_SAYS: Record<string, [said: string, hint: string]> = {
  InvalidAccessKeyId: ['the server does not know the access key', 'check it, and that it is for this server'],
  SignatureDoesNotMatch: ['the secret key does not fit the access key', 'give both again'],
  ExpiredToken: ['the session token has expired', 'get new keys, and give them again'],
  InvalidToken: ['the session token is not valid', 'get new keys, and give them again'],
  RequestTimeTooSkewed: ["this machine's clock differs from the server's", 'set the clock'],
  AccessDenied: ['the keys do not open this file', 'ask its owner for access, or give other keys'],
};

/**
 * Why a server refuses a file (401, 403): nothing was given for its host, or what was given is refused or has expired.
 * The answer's body is read, as far as the server tells this page.
 */
export async function refusedError(
  { url, place }: { url: string; place?: [number, number] },
  response: Response,
): Promise<LumiscopeError> {
  const address = new URL(url);
  const { host } = address;
  const body = await response.text().catch(() => '');
  const code = /<Code>(\w+)<\/Code>/.exec(body.slice(0, 10_000))?.[1];
  const said = `the server answered ${response.status}${code ? ` ${code}` : ''}`;
  const about = { ...(place && { range: place }), access: host };
  if (isPresigned(address)) {
    const end = expiry(address.searchParams);
    const message =
      end && end < Date.now()
        ? `the signed link expired on ${when(end)} (${said})`
        : `the signed link is refused (${said})`;
    return sourceError(url, message, 'ask for a new link', place ? { range: place } : {});
  }
  const proxy = proxyFor(url);
  if (proxy !== undefined) return refusedByProxy(url, new URL(proxy).host, response.status, said, body, about);
  const rules = currentAccess();
  const token = tokenFor(rules, address);
  if (token !== undefined) {
    const end = tokenExpiry(token);
    const message =
      end !== undefined && end < Date.now()
        ? `the token for ${host} expired on ${when(end)} (${said})`
        : `the token for ${host} is refused (${said})`;
    return sourceError(url, message, 'get a new token that may read this file, and give it', about);
  }
  if (keysFor(rules, address)) {
    const [why, hint] = S3_SAYS[code ?? ''] ?? ['the keys are refused', 'check them, and that they may read this file'];
    return sourceError(url, `no access with the keys for ${host} (${said}): ${why}`, hint, about);
  }
  const hint =
    'a file that is not public needs keys, a token or a signed link; many servers also answer so where there is no such file';
  return sourceError(url, `no access (${said}), and no keys or token were given for ${host}`, hint, about);
}

/** What a relay says for itself, in its words; else it is the server behind it that refused. */
function refusedByProxy(
  url: string,
  proxy: string,
  status: number,
  said: string,
  body: string,
  about: { range?: [number, number]; access: string },
): LumiscopeError {
  const { what, hint, where } = relayError(body);
  if (what !== undefined && where === undefined) {
    const message = `refused by the proxy ${proxy} (${status}): ${what}`;
    const { access: _, ...place } = about;
    return sourceError(
      url,
      message,
      hint ?? 'ask its administrator',
      status === 401 ? { ...about, access: proxy } : place,
    );
  }
  const message = `no access through the proxy ${proxy} (${said}), which gets no keys and tokens`;
  const advice = 'load the page again, which asks the server itself, and give keys or a token then';
  return sourceError(url, message, advice, about);
}

/** `{ error: { what, hint, where } }` of an answer. */
function relayError(body: string): { what?: string; hint?: string; where?: string } {
  try {
    const { error } = JSON.parse(body) as { error?: Record<string, unknown> };
    const text = (key: string) => (typeof error?.[key] === 'string' ? { [key]: error[key].slice(0, 500) } : {});
    return { ...text('what'), ...text('hint'), ...text('where') };
  } catch {
    return {};
  }
}

/** Milliseconds since 1970. */
function expiry(query: URLSearchParams): number | undefined {
  const date = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '');
  if (!date) return undefined;
  const [, year, month, day, hour, minute, second] = date.map(Number) as [number, ...number[]];
  return Date.UTC(year!, month! - 1, day, hour, minute, second) + 1000 * Number(query.get('X-Amz-Expires'));
}

function when(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ').concat(' UTC');
}
