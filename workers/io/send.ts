/** Where requests leave this thread: what the person gave for a host goes along, and to no other host. */
import type { AccessRules } from './access.ts';

let rules: AccessRules = { keys: [], tokens: [] };

/** Regions that documents state, by host. */
const regions = new Map<string, string>();

/** Replaces the keys and tokens of this thread. */
export function setAccess(given: AccessRules): void {
  rules = given;
}

/** Keys and tokens of this thread. */
export function currentAccess(): AccessRules {
  return rules;
}

/** Requests to the host of an address are signed for this region, where the keys name none. */
export function noteRegion(url: string, region: string): void {
  regions.set(new URL(url).host, region);
}

/** The region that was noted for the host of an address. */
export function knownRegion(url: string): string | undefined {
  return regions.get(new URL(url).host);
}

/** The range proxy that the host of an address is asked through, if it is. */
export function proxyFor(url: string): string | undefined {
  return rules.proxied?.includes(new URL(url).host) ? rules.proxy : undefined;
}

/**
 * As `fetch`, with the keys or the token of the address's host. For a host that is asked through the proxy these stay here, and what was
 * given for the proxy goes along.
 */
export async function send(address: string, init: RequestInit): Promise<Response> {
  const proxy = proxyFor(address);
  const url =
    proxy === undefined ? address : `${proxy}${proxy.includes('?') ? '&' : '?'}url=${encodeURIComponent(address)}`;
  if (rules.keys.length === 0 && rules.tokens.length === 0) return fetch(url, init);
  const { sendWithAccess } = await import('./sendWithAccess.ts');
  return sendWithAccess(url, init, rules, regions);
}
