/** Links to the Monitor: `#monitor`, of the relay that the app is set up with, or `#monitor=RELAY_URL`. */

const MARK = '#monitor';

/** Whether the hash of the page's address shows a relay. */
export function isMonitorHash(hash: string): boolean {
  return hash === MARK || hash.startsWith(`${MARK}=`);
}

/** The address of a relay as the link names it; undefined where it names none. */
export function relayInHash(hash: string): string | undefined {
  const text = isMonitorHash(hash) ? hash.slice(MARK.length + 1) : '';
  try {
    return decodeURIComponent(text) || undefined;
  } catch {
    return text;
  }
}

/** @param relay its address; without one, the relay that the app is set up with */
export function monitorHashOf(relay?: string): string {
  return relay === undefined ? MARK : `${MARK}=${encodeURIComponent(relay).replace(/%(?:2F|3A)/g, decodeURIComponent)}`;
}
