/**
 * The range proxy that this app was set up with: `proxy` in the `config.json` beside it. Whoever serves the app writes that file; nothing
 * is asked of the proxy before a person agrees.
 * @returns undefined where there is none
 */
export async function configuredProxy(base: string): Promise<string | undefined> {
  try {
    const answer = await fetch(new URL('config.json', base));
    const { proxy } = (await answer.json()) as { proxy?: unknown };
    if (!answer.ok || typeof proxy !== 'string') return undefined;
    const url = new URL(proxy, base);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}
