/** An origin, or all origins below a domain: `https://eospublic.cern.ch`, `https://*.cern.ch`, `https://*.cern.ch:*`. */
export interface OriginPattern {
  /** As it is shown. */
  text: string;
  protocol: string;
  /** Without brackets around IPv6; what names have to end with after a dot, where `below`. */
  host: string;
  below: boolean;
  /** As `URL.port`: empty for the scheme's own. */
  port: string;
  anyPort: boolean;
}

const WRITTEN = /^(https?):\/\/(\*\.)?([^\s/?#@:*\\%]+|\[[\da-f:.]+\])(?::(\d{1,5}|\*))?\/?$/i;

/**
 * Reads a pattern. A star stands for one label or more, in front of a domain of two labels at least (`https://*.ch` is none), or
 * for any port. Other stars, paths, users and the dot at the end of names are refused.
 * @returns what is wrong, for people, where something is
 */
export function readPattern(text: string): OriginPattern | string {
  const match = WRITTEN.exec(text);
  if (!match) return 'is no origin: write https://host, https://host:port or https://*.domain';
  const [, scheme, star, name, port] = match;
  const anyPort = port === '*';
  const written = `${scheme}://${name}${port && !anyPort ? `:${port}` : ''}`;
  if (!URL.canParse(written)) return 'is no origin: its host or port can not be read';
  const url = new URL(written);
  const below = star !== undefined;
  if (url.hostname.endsWith('.')) return 'ends with a dot: leave it out';
  if (below && (isLiteral(url.hostname) || !url.hostname.includes('.')))
    return 'is too wide: a star stands in front of a domain with a dot, as in https://*.example.org';
  return {
    text: `${url.protocol}//${star ?? ''}${url.host}${anyPort ? ':*' : ''}`,
    protocol: url.protocol,
    host: hostOf(url),
    below,
    port: url.port,
    anyPort,
  };
}

/** Whether an address is of the origin, or of one of them. */
export function matchesPattern({ protocol, host, below, port, anyPort }: OriginPattern, url: URL): boolean {
  if (url.protocol !== protocol || (!anyPort && url.port !== port)) return false;
  const name = hostOf(url);
  return below ? name.endsWith(`.${host}`) && name.length > host.length + 1 : name === host;
}

/** The host of an address as names are resolved: IPv6 without its brackets. */
export function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

/** Whether the parser of URLs took a host for an IP address. */
export function isLiteral(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d+(\.\d+){3}$/.test(hostname);
}
