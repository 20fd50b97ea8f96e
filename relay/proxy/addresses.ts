/**
 * Which addresses may be connected to. Names are resolved once for each request, all of their addresses are checked, and the connection
 * goes to these: what the name resolves to a moment later is of no matter (DNS rebinding).
 */
import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { hostOf, isLiteral } from './originPattern.ts';
import { Refusal } from './refusal.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** A range of addresses: the first one, and the bits that count. */
export type AddressRange = [Address, number];

/** Where clouds tell machines their secrets: never, whatever is listed. Azure's is among public addresses. */
const METADATA = new Set(
  [
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
    'fd00:42::42',
  ].map((one) => ipaddr.parse(one).toString()),
);
/** All that is given out as public so far (RFC 4291 section 4). */
const GLOBAL: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];
/** IPv4 through a gateway (RFC 6052); its sibling for private use, 64:ff9b:1::/48, is refused. */
const NAT64: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('64:ff9b::'), 96];

/** Names to addresses, as `dns.lookup` with `all`. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

export const systemResolve: Resolve = (host) => lookup(host, { all: true, verbatim: true });

/** An address or a range in CIDR notation. @returns undefined where it is neither */
export function readRange(text: string): AddressRange | undefined {
  const [first = '', bits] = text.split('/');
  const isPlain = first.includes(':') ? ipaddr.IPv6.isValid(first) : ipaddr.IPv4.isValidFourPartDecimal(first);
  if (!isPlain) return undefined;
  const address = ipaddr.parse(first);
  const most = address.kind() === 'ipv4' ? 32 : 128;
  if (bits === undefined) return [address, most];
  return /^\d{1,3}$/.test(bits) && Number(bits) <= most ? [address, Number(bits)] : undefined;
}

/** Why an address is not connected to, for people; undefined where it is public, or `listed`. */
export function whyNot(text: string, listed: readonly AddressRange[]): string | undefined {
  const given = ipaddr.parse(text);
  const address = given instanceof ipaddr.IPv6 && given.isIPv4MappedAddress() ? given.toIPv4Address() : given;
  if (METADATA.has(address.toString())) return 'where clouds keep secrets of machines';
  if (listed.some(([first, bits]) => first.kind() === address.kind() && address.match(first, bits))) return undefined;
  if (address instanceof ipaddr.IPv4) return address.range() === 'unicast' ? undefined : address.range();
  if (address.match(NAT64)) return whyNot(new ipaddr.IPv4(address.toByteArray().slice(12)).toString(), []);
  if (address.range() !== 'unicast') return address.range();
  return address.match(GLOBAL) ? undefined : 'reserved';
}

/** Whether nobody but this machine hears what is sent there. */
export function isLoopback({ address }: LookupAddress): boolean {
  return ipaddr.process(address).range() === 'loopback';
}

/**
 * The addresses of a URL's host, all of them checked.
 * @throws Refusal 403 where one is neither public nor listed; 502 where there is none
 */
export async function checkedAddresses(
  url: URL,
  listed: readonly AddressRange[],
  resolve: Resolve,
): Promise<LookupAddress[]> {
  const host = hostOf(url);
  const found = isLiteral(url.hostname)
    ? [{ address: host, family: host.includes(':') ? 6 : 4 }]
    : await resolve(host).catch((error) => {
        throw new Refusal(502, `${url.host} has no address (${error.code ?? 'no answer'})`, 'check its name');
      });
  if (found.length === 0) throw new Refusal(502, `${url.host} has no address`, 'check its name');
  for (const { address } of found) {
    const why = whyNot(address, listed);
    if (why === undefined) continue;
    throw new Refusal(
      403,
      `${url.host} is no public server: its address is of a kind that is not asked (${why})`,
      "if it is meant, the relay's administrator lists its address under `addresses` of its origin",
    );
  }
  return found;
}
