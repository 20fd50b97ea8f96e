/**
 * Which requests a server takes that any website may call. A browser says in `Host` which name it asked for, in `Origin` and `Sec-Fetch-Site` which page asked: a page whose name was made to
 * point to this machine (DNS rebinding) is told by `Host`, one that sends what needs no permission (forms, images, `no-cors`) by the others. Programs send neither `Origin` nor `Sec-Fetch-Site`.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { HttpError } from './httpError.ts';

export interface OriginRules {
  /** `127.0.0.1:4380`, `relay.example.org`: in lower case, without the port of the scheme. */
  hosts: ReadonlySet<string>;
  /** Of pages that are not the server's own: `https://lumiscope.example.org`. */
  origins: ReadonlySet<string>;
}

/** Of a request: what `Host` said, once. */
export interface Asked {
  method: string;
  /** Whether a link may lead there: the app itself. */
  navigable: boolean;
  headers: IncomingHttpHeaders;
  rawHeaders: readonly string[];
}

/** @throws HttpError 421 for a wrong `Host`, 403 for pages that may not ask */
export function checkOrigin({ hosts, origins }: OriginRules, { method, navigable, headers, rawHeaders }: Asked): void {
  const named = rawHeaders.filter((name, k) => k % 2 === 0 && name.toLowerCase() === 'host').length;
  const host = headers.host?.toLowerCase() ?? '';
  if (named !== 1 || !hosts.has(host))
    throw new HttpError(421, `this server does not answer for the host "${host.slice(0, 200)}"`, {
      hint: `ask for ${[...hosts].join(' or ')}; who runs the relay names others by publicUrl`,
      where: 'Host',
    });
  const { origin } = headers;
  if (origin !== undefined) {
    if (isOwn(origin, host, hosts) || origins.has(origin)) return;
    throw new HttpError(403, `pages of ${origin.slice(0, 200)} may not call this relay`, {
      hint: 'who runs the relay can allow them by --origin',
      where: 'Origin',
    });
  }
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  const follows = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (navigable && follows && (method === 'GET' || method === 'HEAD')) return;
  throw new HttpError(403, 'another page may not call this relay', {
    hint: 'who runs the relay can allow its origin by --origin',
    where: 'Sec-Fetch-Site',
  });
}

/** Whether a page is the server's own: it was served under the name that is asked now. */
function isOwn(origin: string, host: string, hosts: ReadonlySet<string>): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: of } = new URL(origin);
  return (protocol === 'http:' || protocol === 'https:') && of === host && hosts.has(of);
}
