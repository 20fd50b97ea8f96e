/** A request to an origin, along its redirects: each hop is checked as the first one was. */
import type { IncomingMessage } from 'node:http';
import { rangeText } from '../byteRange.ts';
import { checkedAddresses, isLoopback, type Resolve } from './addresses.ts';
import type { Asked } from './answerHead.ts';
import { type Connections, drop } from './connections.ts';
import type { OriginRule, RangeProxyOptions } from './options.ts';
import type { Credential } from './originTokens.ts';
import { Refusal } from './refusal.ts';
import { redirectTarget } from './target.ts';

const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export interface Upstream {
  options: RangeProxyOptions;
  connections: Connections;
  resolve: Resolve;
}

/**
 * Asks an origin, and where that redirects to. A token goes to its own origin alone, never in clear but within this machine, and no more
 * once a redirect has led away.
 * @throws Refusal 403, 502, 504, and 400 where a token would go in clear
 */
export async function askUpstream(
  { options, connections, resolve }: Upstream,
  target: URL,
  first: OriginRule,
  asked: Asked,
  credential: Credential | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  let [url, rule, mayHaveToken] = [target, first, true];
  for (let hops = 0; ; hops++) {
    const addresses = await within(
      checkedAddresses(url, rule.addresses, resolve),
      options.limits.connectSeconds,
      () => new Refusal(504, `the addresses of ${url.host} could not be found in time`, 'try later'),
    );
    mayHaveToken &&= credential?.origin === url.origin;
    if (mayHaveToken && url.protocol === 'http:' && !addresses.every(isLoopback))
      throw new Refusal(400, 'a token is not sent over http:, where others could read it', 'use the https: address');
    const headers = {
      Accept: '*/*',
      'Accept-Encoding': 'identity',
      'User-Agent': 'lumiscope-relay',
      ...(asked.range && { Range: rangeText(asked.range) }),
      ...asked.conditions,
      ...(mayHaveToken && credential && { Authorization: `Bearer ${credential.token}` }),
    };
    const response = await connections.send({ url, rule, addresses, method: asked.method, headers, signal });
    if (!REDIRECTS.has(response.statusCode!)) return response;
    drop(response, asked.method);
    if (hops === MOST_REDIRECTS)
      throw new Refusal(502, `${target.origin} redirects more than ${MOST_REDIRECTS} times`, 'ask its administrator');
    ({ url, rule } = redirectTarget(response.headers.location, url, first, options));
  }
}

async function within<T>(work: Promise<T>, seconds: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), seconds * 1000);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}
