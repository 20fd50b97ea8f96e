/**
 * What whoever serves this app set it up with: the `config.json` beside it. `proxy` is a range proxy, `relay` the address of a relay, both relative to the page or
 * absolute. Nothing on another host is asked of them before a person agrees.
 */
export interface AppConfig {
  proxy?: string;
  /** Ends with a slash. */
  relay?: string;
}

/** @returns absolute addresses; nothing where there is no such file, or it can't be read */
export async function appConfig(base: string): Promise<AppConfig> {
  try {
    const answer = await fetch(new URL('config.json', base));
    const { proxy, relay } = (await answer.json()) as Record<string, unknown>;
    if (!answer.ok) return {};
    const relayUrl = webAddress(relay, base);
    const proxyUrl = webAddress(proxy, base);
    return { ...(proxyUrl && { proxy: proxyUrl }), ...(relayUrl && { relay: relayUrl.replace(/\/*$/, '/') }) };
  } catch {
    return {};
  }
}

function webAddress(value: unknown, base: string): string | undefined {
  if (typeof value !== 'string') return undefined;
  const url = new URL(value, base);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}
