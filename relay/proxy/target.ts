import type { OriginRule, RangeProxyOptions } from './options.ts';
import { matchesPattern } from './originPattern.ts';
import { Refusal } from './refusal.ts';

/** Characters of an address; signed ones have some 2,000. */
const LONGEST = 8000;

/**
 * The address that a request names, by the parser of URLs: from here on only its form counts.
 * @throws Refusal 400 where it is none that is asked, 414 where it is too long
 */
export function readTarget(text: unknown): URL {
  if (typeof text !== 'string' || text === '')
    throw new Refusal(400, 'no address, or more than one', 'ask for /range?url= and the encoded address of one file');
  if (text.length > LONGEST) throw new Refusal(414, `the address is longer than ${LONGEST} characters`, 'shorten it');
  if (!URL.canParse(text))
    throw new Refusal(400, 'the address can not be read', 'write it whole, from https: on, and encode it once');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new Refusal(400, `addresses of ${url.protocol} are not asked`, 'use its https: address');
  if (url.username !== '' || url.password !== '') {
    const hint = 'take them out; a token goes into the header X-Origin-Authorization';
    throw new Refusal(400, 'user and password in an address are not sent', hint);
  }
  url.hash = '';
  return url;
}

/** @throws Refusal 403 where the address is of no listed origin */
export function ruleFor(url: URL, { origins }: RangeProxyOptions): OriginRule {
  const found = origins.find(({ origin }) => matchesPattern(origin, url));
  if (found) return found;
  const hint = "the relay's administrator adds it to `origins` of the range proxy, if it is to be read through here";
  throw new Refusal(403, `this relay does not ask ${url.origin}`, hint);
}

/**
 * Where a redirect goes, and the rule for it: of a listed origin, or what the `first` rule lets its servers redirect to.
 * @throws Refusal 403 where it may not be followed, 502 where it can't
 */
export function redirectTarget(
  location: string | undefined,
  from: URL,
  first: OriginRule,
  options: RangeProxyOptions,
): { url: URL; rule: OriginRule } {
  const about = `${from.origin} redirects`;
  if (location === undefined || location.length > LONGEST || !URL.canParse(location, from.href))
    throw new Refusal(502, `${about} to no address`, 'ask its administrator');
  const url = new URL(location, from);
  url.hash = '';
  const odd = (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '' || url.password !== '';
  if (odd) throw new Refusal(502, `${about} to an address that is not asked`, 'ask its administrator');
  if (from.protocol === 'https:' && url.protocol === 'http:')
    throw new Refusal(403, `${about} from https: to http:, where others could read along`, 'ask its administrator');
  const listed = options.origins.find(({ origin }) => matchesPattern(origin, url));
  const rule = listed ?? (first.redirects.some((one) => matchesPattern(one, url)) ? first : undefined);
  if (rule) return { url, rule };
  const hint = "the relay's administrator lists it under `redirects` of the origin, if it is meant";
  throw new Refusal(403, `${about} to ${url.origin}, which this relay does not ask`, hint);
}
