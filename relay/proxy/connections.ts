/** One request to one address that was checked, with limits of time; no redirect is followed here. */
import type { LookupAddress } from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { OriginRule, RangeProxyOptions } from './options.ts';
import { hostOf } from './originPattern.ts';
import { Refusal } from './refusal.ts';

/** Of an origin's answer. */
const HEADER_BYTES = 32_768;
/** A body that nobody wants is read to its end where it is so short, which keeps the connection. */
const SHORT_BODY = 16_384;
const SHORT_WAIT_MS = 2000;

export interface UpstreamRequest {
  url: URL;
  rule: OriginRule;
  /** All of them checked: the connection goes to one of these. */
  addresses: readonly LookupAddress[];
  method: 'GET' | 'HEAD';
  headers: Readonly<Record<string, string>>;
  signal: AbortSignal;
}

/** Connections that are kept for the next request: by rule, since what an address may be differs between rules. */
export class Connections {
  readonly #limits: RangeProxyOptions['limits'];
  readonly #ca: string | undefined;
  readonly #agents = new Map<OriginRule, { http: http.Agent; https: https.Agent }>();

  /** @param ca certificates of authorities in place of those that Node knows */
  constructor(limits: RangeProxyOptions['limits'], ca?: string) {
    this.#limits = limits;
    this.#ca = ca;
  }

  /**
   * Settles with the answer's head.
   * @throws Refusal 502 where there is no connection or no answer that can be read, 504 where it takes too long
   */
  async send(request: UpstreamRequest): Promise<IncomingMessage> {
    // A connection that was kept may just have been closed by the other side.
    return this.#once(request).catch((failure: Failure) => {
      if (!failure.reused || request.signal.aborted) throw failure.refusal;
      return this.#once(request).catch(({ refusal }: Failure) => {
        throw refusal;
      });
    });
  }

  close(): void {
    for (const agents of this.#agents.values()) for (const agent of Object.values(agents)) agent.destroy();
    this.#agents.clear();
  }

  #once({ url, rule, addresses, method, headers, signal }: UpstreamRequest): Promise<IncomingMessage> {
    const isTls = url.protocol === 'https:';
    const agents = this.#agentsOf(rule);
    const { connectSeconds, idleSeconds } = this.#limits;
    return new Promise((resolve, reject) => {
      const request = (isTls ? https : http).request({
        protocol: url.protocol,
        hostname: hostOf(url),
        port: url.port || (isTls ? 443 : 80),
        path: `${url.pathname}${url.search}`,
        method,
        headers,
        signal,
        agent: isTls ? agents.https : agents.http,
        lookup: only(addresses),
        maxHeaderSize: HEADER_BYTES,
        insecureHTTPParser: false,
        ...(isTls && { rejectUnauthorized: true, ...(this.#ca !== undefined && { ca: this.#ca }) }),
      });
      let late: string | undefined;
      let timer: NodeJS.Timeout | undefined;
      const allow = (seconds: number, what: string) => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          late = `${what} within ${seconds} s`;
          request.destroy(new Error(late));
        }, seconds * 1000);
      };
      allow(connectSeconds, 'gave no connection');
      request.once('socket', (socket) => {
        const connected = () => allow(idleSeconds, 'gave no answer');
        if (request.reusedSocket) connected();
        else socket.once(isTls ? 'secureConnect' : 'connect', connected);
      });
      request.once('response', (response) => {
        clearTimeout(timer);
        // Who reads the body hears of it there; a body that nobody reads may break off.
        response.on('error', () => undefined);
        resolve(response);
      });
      const fail = (error?: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        const said = late ?? `can't be reached or read (${error?.code ?? 'no answer'})`;
        const refusal = new Refusal(late ? 504 : 502, `${url.origin} ${said}`, 'try later');
        reject({ refusal, reused: request.reusedSocket && !late } satisfies Failure);
      };
      request.on('error', fail);
      // Without an error where the origin changes to another protocol.
      request.on('close', fail);
      request.end();
    });
  }

  #agentsOf(rule: OriginRule): { http: http.Agent; https: https.Agent } {
    const known = this.#agents.get(rule);
    if (known) return known;
    const settings = { keepAlive: true, maxFreeSockets: 16, timeout: this.#limits.idleSeconds * 1000 };
    const agents = { http: new http.Agent(settings), https: new https.Agent(settings) };
    this.#agents.set(rule, agents);
    return agents;
  }
}

interface Failure {
  refusal: Refusal;
  reused: boolean;
}

/** In place of asking for a name's addresses once more. */
function only(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, { all }, done) => {
    if (all) done(null, [...addresses]);
    else done(null, addresses[0]!.address, addresses[0]!.family);
  };
}

/** An answer whose body is not wanted, to a request of this method. */
export function drop(response: IncomingMessage, method: 'GET' | 'HEAD'): void {
  const hasBody = method === 'GET' && response.statusCode !== 304;
  const length = hasBody ? Number(response.headers['content-length'] ?? Number.NaN) : 0;
  if (!(length <= SHORT_BODY)) {
    response.destroy();
    return;
  }
  const late = setTimeout(() => response.destroy(), SHORT_WAIT_MS);
  response.once('close', () => clearTimeout(late));
  response.resume();
}
